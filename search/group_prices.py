"""Writing what products cost customers of a group. Part of `services` in rank, apart for its length."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from search.models import ProductGroupPrice, ProductIndex
from search.selectors.facts import Facts
from search.selectors.offers import list_figures, load_price_fields
from shop.pricing.selectors import PricingContext


def write_group_prices(entries: Sequence[ProductIndex], facts: Facts) -> None:
    """
    Rewrite the prices of those groups that have lists of their own, for these rows of the index: only where
    a group pays something else than everybody. No statement while no group has any list.
    """
    if facts.group_prices:
        ProductGroupPrice.objects.filter(pk__in=[pk for (pk,) in facts.group_prices]).delete()
    fresh: list[ProductGroupPrice] = []
    for currency, group_ids in facts.groups.items():
        of_currency = [entry for entry in entries if entry.currency == currency]
        for group_id in sorted(group_ids):
            context = PricingContext(
                currency=currency, at=facts.at, customer_group_id=group_id, site_id=facts.site_id
            )
            fresh += _list_differing(of_currency, group_id, context)
    if fresh:
        ProductGroupPrice.objects.bulk_create(fresh)


def _list_differing(
    entries: Sequence[ProductIndex], group_id: int, context: PricingContext
) -> list[ProductGroupPrice]:
    prices = load_price_fields([offer["id"] for entry in entries for offer in entry.variants], context)
    differing = []
    for entry in entries:
        own: dict[str, Any] = {
            str(offer["id"]): prices[offer["id"]]
            for offer in entry.variants
            if offer["id"] in prices
            and any(offer.get(name) != value for name, value in prices[offer["id"]].items())
        }
        if own:
            offers = [{**offer, **own.get(str(offer["id"]), {})} for offer in entry.variants]
            differing.append(
                ProductGroupPrice(
                    entry=entry,
                    group_id=group_id,
                    prices=own,
                    **list_figures(offers, context.at),
                )
            )
    return differing
