"""
Index rows as the caller may see them: with the prices of their customer group, and of this very moment.

Everybody's prices stand in the row itself. Rows whose prices have turned since they were written (a sale
began a second ago) are quoted anew for the answer; the schedule writes them soon after.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import F, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from search.models import ProductGroupPrice, ProductIndex
from search.selectors.offers import list_figures, load_price_fields
from shop.core import clock
from shop.core.selectors import get_shop_settings
from shop.pricing import audience
from shop.pricing.selectors import PricingContext

Row = dict[str, Any]
FIGURES = ("price_from", "price_to", "compare_at_from", "is_reduced", "lowest_from", "on_sale")


def price_column() -> str:
    """The column that this caller's lists are filtered and sorted by."""
    return "price_from" if audience.current().customer_group_id is None else "shown_price"


def sale_column() -> str:
    """The column that says whether this caller sees a higher price beside the product's."""
    return "on_sale" if audience.current().customer_group_id is None else "shown_on_sale"


def with_price_columns(entries: QuerySet[ProductIndex]) -> QuerySet[ProductIndex]:
    """The rows with what the two columns need, where they are not the rows' own."""
    group_id = audience.current().customer_group_id
    if group_id is None:
        return entries
    own = ProductGroupPrice.objects.filter(entry=OuterRef("pk"), group_id=group_id)
    return entries.alias(
        shown_price=Coalesce(Subquery(own.values("price_from")[:1]), F("price_from")),
        shown_on_sale=Coalesce(Subquery(own.values("on_sale")[:1]), F("on_sale")),
    )


def promote_price_columns(entries: QuerySet[ProductIndex]) -> QuerySet[ProductIndex]:
    """The same rows with the columns as answers, to be counted by or put into an order."""
    if price_column() == "price_from":
        return entries
    return entries.annotate(shown_price=F("shown_price"), shown_on_sale=F("shown_on_sale"))


def on_sale(value: bool) -> Q:
    """The condition that a higher price stands beside the caller's, or none."""
    return Q(**{sale_column(): value})


def for_caller(rows: Iterable[Row]) -> list[Row]:
    """
    The rows with the caller's prices of this moment; what has no price at this moment is left out.

    No query for everybody while nothing has turned; one for members of a group.
    """
    held = list(rows)
    now = clock.now()
    group_id = audience.current().customer_group_id
    turned = [row for row in held if row["prices_until"] is not None and row["prices_until"] <= now]
    fresh = [row for row in held if row not in turned] if turned else held
    if group_id is not None and fresh:
        _put_group_prices(fresh, group_id)
    gone = _quote_anew(turned, group_id, at=now) if turned else set()
    return [row for row in held if row["product_id"] not in gone] if gone else held


def _put_group_prices(rows: Sequence[Row], group_id: int) -> None:
    own = ProductGroupPrice.objects.filter(
        entry__product_id__in={row["product_id"] for row in rows}, group_id=group_id
    ).values("entry__product_id", "entry__currency", "prices", *FIGURES)
    by_place = {(held["entry__product_id"], held["entry__currency"]): held for held in own}
    for row in rows:
        found = by_place.get((row["product_id"], row["currency"]))
        if found is None:
            continue
        row.update({name: found[name] for name in FIGURES})
        if "variants" in row:
            row["variants"] = [
                {**offer, **found["prices"].get(str(offer["id"]), {})} for offer in row["variants"]
            ]


def _quote_anew(rows: Sequence[Row], group_id: int | None, *, at: datetime) -> set[int]:
    """Put this moment's prices into the rows; returns the products that have none."""
    shop = get_shop_settings()
    gone = set()
    for currency in {row["currency"] for row in rows}:
        of_currency = [row for row in rows if row["currency"] == currency]
        offers = _load_variants(of_currency, currency)
        prices = load_price_fields(
            [offer["id"] for held in offers.values() for offer in held],
            PricingContext(currency=currency, at=at, customer_group_id=group_id, site_id=shop.site_id),
        )
        for row in of_currency:
            priced = [
                {**offer, **prices[offer["id"]]}
                for offer in offers.get(row["product_id"], [])
                if offer["id"] in prices
            ]
            if not priced:
                gone.add(row["product_id"])
                continue
            row.update(list_figures(priced, at))
            if "variants" in row:
                row["variants"] = priced
    return gone


def _load_variants(rows: Sequence[Row], currency: str) -> dict[int, list[Any]]:
    held = {row["product_id"]: row["variants"] for row in rows if "variants" in row}
    missing = [row["product_id"] for row in rows if row["product_id"] not in held]
    if missing:
        entries = ProductIndex.objects.filter(product_id__in=missing, currency=currency)
        held |= dict(entries.values_list("product_id", "variants"))
    return held


def seconds_prices_hold(*, at_most: int) -> int:
    """How long an answer about any price may be kept: until the next one turns by itself."""
    now = clock.now()
    turn = ProductIndex.objects.filter(prices_until__isnull=False).aggregate(turn=Min("prices_until"))["turn"]
    return at_most if turn is None else max(0, min(at_most, int((turn - now).total_seconds())))
