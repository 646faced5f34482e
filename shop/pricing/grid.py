"""Prices on the sheet of a product's variants."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Q

from shop.catalogue.grid import (
    NOTE,
    CellChange,
    CellErrors,
    CellKey,
    Column,
    parse_decimal,
    register_grid_columns,
)
from shop.core import clock
from shop.core.money import round_amount
from shop.core.selectors import get_shop_settings
from shop.pricing.models import Price, PriceList
from shop.pricing.selectors import PricingContext, quote_prices
from shop.pricing.services import PriceChange, PricesRefused, set_prices

if TYPE_CHECKING:
    from shop.catalogue.models import ProductPage, ProductVariant
    from shop.customers.models import User

AMOUNT = "price."
COMPARE_AT = "rrp."
Place = tuple[int, str]
"""Primary key of the variant and code of the price list."""


class PriceColumns:
    """
    Everybody's prices for one piece, in the shop's currency: base lists and sales that have not ended.

    Prices of a group or site, and those from a quantity on, are edited at their price list.
    """

    heading = "Prices"
    order = 10

    def columns(self, product: ProductPage) -> list[Column]:
        """Return price and recommended price per base list, and one column per sale."""
        columns = []
        lists = list_editable_price_lists()
        base_count = sum(held.kind == PriceList.Kind.BASE for held in lists)
        for held in lists:
            is_base = held.kind == PriceList.Kind.BASE
            heading = "Price" if is_base and base_count == 1 else held.name
            tax = "with tax" if held.includes_tax else "without tax"
            columns.append(
                Column(
                    name=f"{AMOUNT}{held.code}",
                    heading=heading,
                    help_text=f"{held.currency}, {tax}",
                    kind="decimal",
                )
            )
            if is_base:
                columns.append(
                    Column(
                        name=f"{COMPARE_AT}{held.code}",
                        heading="RRP" if base_count == 1 else f"RRP, {held.name}",
                        help_text="Struck through where higher",
                        kind="decimal",
                    )
                )
        return columns

    def can_edit(self, user: User) -> bool:
        """Whether the user may change prices."""
        return user.has_perm("pricing.change_price")

    def load(self, variants: Sequence[ProductVariant]) -> dict[int, dict[str, str]]:
        """Return the amounts as they are written in the lists' currency."""
        loaded: dict[int, dict[str, str]] = defaultdict(dict)
        prices = Price.objects.filter(
            variant__in=variants, min_quantity=1, price_list__in=list_editable_price_lists()
        ).select_related("price_list")
        for price in prices:
            held = price.price_list
            loaded[price.variant_id][f"{AMOUNT}{held.code}"] = _as_text(price.amount, held.currency)
            loaded[price.variant_id][f"{COMPARE_AT}{held.code}"] = _as_text(price.compare_at, held.currency)
        return loaded | _prices_by_parts([one for one in variants if one.is_priced_by_parts])

    def check(self, changes: Sequence[CellChange]) -> dict[CellKey, str]:
        """Return the cells that hold no amount."""
        errors: dict[CellKey, str] = {}
        _read(changes, errors)
        return errors

    def save(self, changes: Sequence[CellChange], *, actor: User, at: datetime) -> None:
        """
        Set the changed prices.

        :raises CellErrors: with every cell that cannot be saved
        """
        errors: dict[CellKey, str] = {}
        wanted = self._wanted(changes, errors)
        cells = {(change.variant_id, change.column): change.key for change in changes}
        places = list(wanted)
        for variant_id, code in places:
            amount, compare_at = wanted[variant_id, code]
            if amount is None and compare_at is not None:
                key = cells.get((variant_id, f"{COMPARE_AT}{code}")) or cells[variant_id, f"{AMOUNT}{code}"]
                errors[key] = "An RRP needs a price beside it: write the price, or empty the RRP."
        if errors:
            raise CellErrors(errors)
        try:
            set_prices(
                changes=[
                    PriceChange(
                        variant_id=variant_id, price_list_code=code, amount=amount, compare_at=compare_at
                    )
                    for (variant_id, code), (amount, compare_at) in wanted.items()
                ],
                actor=actor,
                reason="sheet",
                at=at,
            )
        except PricesRefused as refused:
            raise CellErrors(_locate(refused, places, cells)) from refused

    @staticmethod
    def _wanted(
        changes: Sequence[CellChange], errors: dict[CellKey, str]
    ) -> dict[Place, tuple[Decimal | None, Decimal | None]]:
        """Both amounts of every touched price: the typed one, and the other as it stands."""
        typed = _read(changes, errors)
        standing = {
            (price.variant_id, price.price_list.code): price
            for price in Price.objects.filter(
                variant_id__in={variant_id for variant_id, _ in typed}, min_quantity=1
            ).select_related("price_list")
        }
        wanted = {}
        for place, amounts in typed.items():
            price = standing.get(place)
            amount = amounts.get("price", price.amount if price else None)
            compare_at = amounts.get("rrp", price.compare_at if price else None)
            wanted[place] = (amount, compare_at)
        return wanted


def _prices_by_parts(bundles: Sequence[ProductVariant]) -> dict[int, dict[str, str]]:
    """What is only read: the sum of the parts' prices, beside the first list."""
    if not bundles:
        return {}
    currency = get_shop_settings().default_currency
    context = PricingContext(currency=currency, at=clock.now())
    quotes = quote_prices(variant_ids=[bundle.pk for bundle in bundles], context=context)
    names = [f"{kind}{held.code}" for held in list_editable_price_lists() for kind in (AMOUNT, COMPARE_AT)]
    cells: dict[int, dict[str, str]] = {}
    for bundle in bundles:
        cells[bundle.pk] = dict.fromkeys((f"{name}{NOTE}" for name in names), "By its parts")
        if names and bundle.pk in quotes:
            cells[bundle.pk][names[0]] = _as_text(quotes[bundle.pk].amount.amount, currency)
    return cells


def list_editable_price_lists() -> list[PriceList]:
    """Return the lists that the sheet shows: base lists first, then sales."""
    return list(
        PriceList.objects.filter(
            Q(valid_until__isnull=True) | Q(valid_until__gt=clock.now()),
            currency=get_shop_settings().default_currency,
            kind__in=[PriceList.Kind.BASE, PriceList.Kind.SALE],
            customer_group__isnull=True,
            site__isnull=True,
            is_active=True,
        ).order_by("kind", "-priority", "code")
    )


def _read(
    changes: Sequence[CellChange], errors: dict[CellKey, str]
) -> dict[Place, dict[str, Decimal | None]]:
    typed: dict[Place, dict[str, Decimal | None]] = defaultdict(dict)
    for change in changes:
        kind, code = change.column.split(".", 1)
        try:
            typed[change.variant_id, code][kind] = parse_decimal(change.value)
        except ValueError as error:
            errors[change.key] = str(error)
    return typed


def _as_text(amount: Decimal | None, currency: str) -> str:
    return "" if amount is None else f"{round_amount(amount, currency):f}"


def _locate(
    refused: PricesRefused, places: Sequence[Place], cells: Mapping[tuple[int, str], CellKey]
) -> dict[CellKey, str]:
    located: dict[CellKey, str] = {}
    for error in refused.errors:
        _, index, attr = (error.attr or "").split(".", 2)
        variant_id, code = places[int(index)]
        column = COMPARE_AT if attr == "compare_at" else AMOUNT
        other = AMOUNT if attr == "compare_at" else COMPARE_AT
        key = cells.get((variant_id, f"{column}{code}")) or cells[variant_id, f"{other}{code}"]
        located[key] = error.detail
    return located


def register() -> None:
    """Bring the columns to the sheet; called once when the app is ready."""
    register_grid_columns(PriceColumns())
