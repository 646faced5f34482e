"""Prices on the sheets of one product's variants and of many products'."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

import django_filters
from django.db.models import Q, QuerySet

from shop.catalogue.grid import (
    NOTE,
    Adjuster,
    Adjustment,
    CellChange,
    CellErrors,
    CellKey,
    Column,
    parse_decimal,
    register_grid_columns,
    tell_conflict,
)
from shop.catalogue.models import ProductVariant
from shop.core import clock
from shop.core.audit import record_audit
from shop.core.money import round_amount
from shop.core.selectors import get_shop_settings
from shop.pricing.models import Price, PriceList
from shop.pricing.rounding import ROUNDING_CHOICES, Rounding, change_price
from shop.pricing.selectors import PricingContext, quote_prices
from shop.pricing.services import PriceChange, PricesRefused, set_prices

if TYPE_CHECKING:
    from shop.catalogue.models import ProductPage
    from shop.customers.models import User

AMOUNT = "price."
COMPARE_AT = "rrp."
Place = tuple[int, str]
"""Primary key of the variant and code of the price list."""
ROUNDINGS = tuple((rounding.value, label) for rounding, label in ROUNDING_CHOICES)
RRP_SET = "variant.rrp_set"


class PriceColumns:
    """
    Prices for one piece, in every list that has not ended.

    The sheet of one product shows everybody's, in the shop's currency; that of many lets choose the list.
    Prices from a quantity on are edited at their price list.
    """

    heading = "Prices"
    order = 10
    bulk_action = "change-prices"

    def columns(self, product: ProductPage | None) -> list[Column]:
        """Return price and recommended price per base list, and one column per other list."""
        lists = list_editable_price_lists() if product else list_grid_price_lists()
        is_alone = product is None or sum(held.kind == PriceList.Kind.BASE for held in lists) == 1
        return [column for held in lists for column in _columns_of(held, is_alone=is_alone)]

    def can_edit(self, user: User) -> bool:
        """Whether the user may change prices."""
        return user.has_perm("pricing.change_price")

    def load(self, variants: Sequence[ProductVariant]) -> dict[int, dict[str, str]]:
        """Return the amounts as they are written in the lists' currency."""
        loaded: dict[int, dict[str, str]] = defaultdict(dict)
        prices = Price.objects.filter(
            _has_not_ended("price_list__"), variant__in=variants, min_quantity=1, price_list__is_active=True
        ).select_related("price_list")
        for price in prices:
            held = price.price_list
            loaded[price.variant_id][f"{AMOUNT}{held.code}"] = _as_text(price.amount, held.currency)
            loaded[price.variant_id][f"{COMPARE_AT}{held.code}"] = _as_text(price.compare_at, held.currency)
        return loaded | _prices_by_parts([one for one in variants if one.is_priced_by_parts])

    def filters(self) -> dict[str, django_filters.Filter]:
        """Return filters by what is in a list, and by what is not."""
        return {
            "price_list": PriceListFilter(label="Has a price in", has_price=True),
            "no_price_in": PriceListFilter(label="Has no price in", has_price=False),
        }

    def check(self, changes: Sequence[CellChange]) -> dict[CellKey, str]:
        """Return the cells that hold no amount."""
        errors: dict[CellKey, str] = {}
        _read(changes, errors)
        return errors

    def save(self, changes: Sequence[CellChange], *, actor: User, at: datetime) -> None:
        """
        Set the changed prices, where they still are what was seen.

        :raises CellErrors: with every cell that cannot be saved
        """
        errors: dict[CellKey, str] = {}
        standing = _lock_standing(changes)
        wanted = self._wanted(changes, standing, errors)
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
        _record_recommended(wanted, standing, actor=actor, at=at)

    @staticmethod
    def _wanted(
        changes: Sequence[CellChange], standing: Mapping[Place, Price], errors: dict[CellKey, str]
    ) -> dict[Place, tuple[Decimal | None, Decimal | None]]:
        """Both amounts of every touched price: the typed one, and the other as it stands."""
        typed = _read(changes, errors)
        for change in changes:
            kind, code = change.column.split(".", 1)
            price = standing.get((change.variant_id, code))
            now = ""
            if price is not None:
                held = price.amount if kind == "price" else price.compare_at
                now = _as_text(held, price.price_list.currency)
            if now != change.seen:
                errors[change.key] = tell_conflict(change.seen, now)
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
    lists = list_grid_price_lists()
    names = [f"{kind}{held.code}" for held in lists for kind in (AMOUNT, COMPARE_AT)]
    cells: dict[int, dict[str, str]] = {}
    for bundle in bundles:
        cells[bundle.pk] = dict.fromkeys((f"{name}{NOTE}" for name in names), "By its parts")
        if lists and lists[0].currency == currency and bundle.pk in quotes:
            cells[bundle.pk][names[0]] = _as_text(quotes[bundle.pk].amount.amount, currency)
    return cells


def list_editable_price_lists() -> list[PriceList]:
    """Return the lists that the sheet shows: base lists first, then sales."""
    return list(
        PriceList.objects.filter(
            _has_not_ended(),
            currency=get_shop_settings().default_currency,
            kind__in=[PriceList.Kind.BASE, PriceList.Kind.SALE],
            customer_group__isnull=True,
            site__isnull=True,
            is_active=True,
        ).order_by("kind", "-priority", "code")
    )


def list_grid_price_lists() -> list[PriceList]:
    """Return every list in use or still to come, everybody's in the shop's own currency first."""
    first = list_editable_price_lists()
    others = PriceList.objects.filter(_has_not_ended(), is_active=True).exclude(
        pk__in=[held.pk for held in first]
    )
    return [*first, *others]


def _has_not_ended(prefix: str = "") -> Q:
    return Q(**{f"{prefix}valid_until__isnull": True}) | Q(**{f"{prefix}valid_until__gt": clock.now()})


def _columns_of(held: PriceList, *, is_alone: bool) -> list[Column]:
    is_base = held.kind == PriceList.Kind.BASE
    tax = "with tax" if held.includes_tax else "without tax"
    named = is_alone and is_base
    shared: dict[str, Any] = {
        "kind": "decimal",
        "part": held.code,
        "part_label": held.name,
        "roundings": ROUNDINGS,
        "adjuster": partial(_make_adjuster, held.currency),
    }
    price = Column(
        name=f"{AMOUNT}{held.code}",
        heading="Price" if named else held.name,
        help_text=f"{held.currency}, {tax}",
        **shared,
    )
    if not is_base:
        return [price]
    recommended = Column(
        name=f"{COMPARE_AT}{held.code}",
        heading="RRP" if named else f"RRP, {held.name}",
        help_text="Struck through where higher",
        **shared,
    )
    return [price, recommended]


def _make_adjuster(currency: str, adjustment: Adjustment) -> Adjuster:
    """What changes an amount and rounds it as prices of the currency are; what is empty stays empty."""

    def adjust(text: str) -> str:
        amount = parse_decimal(text)
        if amount is None:
            return ""
        changed = change_price(
            amount,
            currency,
            percent=adjustment.percent,
            plus=adjustment.plus,
            rounding=Rounding(adjustment.rounding or Rounding.EXACT),
        )
        if changed is None:
            raise ValueError("Nothing would be left of this price.")
        return _as_text(changed, currency)

    return adjust


class PriceListFilter(django_filters.ModelChoiceFilter):
    """Variants with a price for one piece in a list, or without one."""

    def __init__(self, *args: Any, has_price: bool, **kwargs: Any) -> None:
        super().__init__(*args, queryset=PriceList.objects.all(), to_field_name="code", **kwargs)
        self.has_price = has_price

    def filter(self, queryset: QuerySet[Any], value: PriceList | None) -> QuerySet[Any]:
        """Keep them."""
        if value is None:
            return queryset
        priced = Price.objects.filter(price_list=value, min_quantity=1).order_by().values("variant_id")
        return queryset.filter(pk__in=priced) if self.has_price else queryset.exclude(pk__in=priced)


def _lock_standing(changes: Sequence[CellChange]) -> dict[Place, Price]:
    # The lists that ``set_prices`` locks, in its order: nothing changes between our look and our writing.
    codes = {change.column.split(".", 1)[1] for change in changes}
    touched = PriceList.objects.filter(Q(code__in=codes) | Q(converted_from__code__in=codes))
    list(touched.select_for_update(of=("self",)).order_by("pk"))
    prices = Price.objects.filter(
        variant_id__in={change.variant_id for change in changes}, price_list__code__in=codes, min_quantity=1
    )
    return {(price.variant_id, price.price_list.code): price for price in prices.select_related("price_list")}


def _record_recommended(
    wanted: Mapping[Place, tuple[Decimal | None, Decimal | None]],
    standing: Mapping[Place, Price],
    *,
    actor: User,
    at: datetime,
) -> None:
    """The price history knows no recommended prices: what they were stands in the audit trail."""
    variants = ProductVariant.objects.in_bulk({variant_id for variant_id, _ in wanted})
    for (variant_id, code), (_, compare_at) in wanted.items():
        price = standing.get((variant_id, code))
        before = price.compare_at if price else None
        if before != compare_at:
            changes = {"price_list": code, "rrp": [_plain(before), _plain(compare_at)]}
            record_audit(actor=actor, action=RRP_SET, target=variants[variant_id], changes=changes, at=at)


def _plain(amount: Decimal | None) -> str:
    return "" if amount is None else f"{amount.normalize():f}"


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
