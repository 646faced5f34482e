"""
Prices of lists that are converted from a list of another currency.

They are written out like every other price, so that a quote, the search index and the price history treat
them alike. A variant with any own price in the list keeps its own prices only.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from django.db import transaction

from shop.core import clock
from shop.pricing.models import Price, PriceList
from shop.pricing.rounding import HUNDRED, Rounding, convert_price
from shop.pricing.selectors import find_exchange_rate
from shop.pricing.services.writing import PriceChange, set_in_list

if TYPE_CHECKING:
    from shop.customers.models import User

REASON: Final = "converted"
BATCH: Final = 500
# A list of so many prices is converted at once; a longer one by the schedule, within the minute.
AT_ONCE: Final = 500
RATE_DIGITS: Final = Decimal("0.00000001")


def get_conversion_rate(price_list: PriceList, *, at: datetime) -> Decimal | None:
    """Return what one unit of the other list's currency costs here, margin included; None without a rate."""
    source = price_list.converted_from
    if source is None:
        return None
    rate = price_list.fixed_rate or find_exchange_rate(
        base=source.currency, currency=price_list.currency, at=at
    )
    if rate is None:
        return None
    return max((rate * (HUNDRED + price_list.margin_percent) / HUNDRED).quantize(RATE_DIGITS), RATE_DIGITS)


def convert_prices(
    *,
    price_list: PriceList,
    variant_ids: Collection[int],
    actor: User | None,
    at: datetime,
    announce: bool = True,
) -> int:
    """
    Bring the converted prices of some variants up to date; returns how many really changed.

    The caller has locked the list. Without a rate nothing is converted, and what was stays.
    """
    rate = get_conversion_rate(price_list, at=at)
    if rate is None:
        return 0
    held = list(Price.objects.filter(price_list=price_list, variant_id__in=variant_ids))
    own = {price.variant_id for price in held if not price.is_converted}
    source = Price.objects.filter(
        price_list_id=price_list.converted_from_id, variant_id__in=set(variant_ids) - own
    )
    wanted = {(price.variant_id, price.min_quantity): _convert(price, price_list, rate) for price in source}
    for price in held:
        place = (price.variant_id, price.min_quantity)
        if price.is_converted and place not in wanted:
            wanted[place] = PriceChange(
                variant_id=price.variant_id,
                price_list_code=price_list.code,
                amount=None,
                min_quantity=price.min_quantity,
            )
    return set_in_list(
        price_list, list(wanted.values()), actor=actor, reason=REASON, at=at, announce=announce
    )


def _convert(price: Price, price_list: PriceList, rate: Decimal) -> PriceChange:
    rounding = Rounding(price_list.rounding)
    amount, compare_at = (
        None if before is None else convert_price(before, price_list.currency, rate=rate, rounding=rounding)
        for before in (price.amount, price.compare_at)
    )
    return PriceChange(
        variant_id=price.variant_id,
        price_list_code=price_list.code,
        amount=amount,
        compare_at=compare_at,
        min_quantity=price.min_quantity,
        source_amount=price.amount,
        exchange_rate=rate,
    )


def convert_price_list(
    *, price_list: PriceList, actor: User | None = None, at: datetime | None = None
) -> int:
    """
    Convert every price of a list anew, in batches of their own transactions; returns how many changed.

    Safe to run twice, and after it was killed: what is right already stays.
    """
    moment = at or clock.now()
    rate = get_conversion_rate(price_list, at=moment)
    if rate is None:
        return 0
    changed = 0
    for variant_ids in _batches(price_list):
        with transaction.atomic():
            locked = PriceList.objects.select_for_update().get(pk=price_list.pk)
            changed += convert_prices(price_list=locked, variant_ids=variant_ids, actor=actor, at=moment)
    PriceList.objects.filter(pk=price_list.pk).update(applied_rate=rate)
    return changed


def convert_if_short(*, price_list: PriceList, actor: User | None, at: datetime) -> None:
    """Convert a list at once where that is quick; the schedule does it otherwise."""
    if price_list.converted_from is not None and price_list.converted_from.prices.count() <= AT_ONCE:
        convert_price_list(price_list=price_list, actor=actor, at=at)


def apply_exchange_rates(*, at: datetime | None = None) -> list[str]:
    """Convert every list anew whose rate has changed since it was converted; returns their codes."""
    moment = at or clock.now()
    lists = PriceList.objects.filter(converted_from__isnull=False).select_related("converted_from")
    due = []
    for price_list in lists.order_by("pk"):
        rate = get_conversion_rate(price_list, at=moment)
        if rate is not None and rate != price_list.applied_rate:
            convert_price_list(price_list=price_list, at=moment)
            due.append(price_list.code)
    return due


def apply_exchange_rates_if_short(*, actor: User | None, at: datetime | None = None) -> None:
    """Convert short lists at once after a rate was entered; the schedule does the long ones."""
    moment = at or clock.now()
    for price_list in PriceList.objects.filter(converted_from__isnull=False).order_by("pk"):
        if get_conversion_rate(price_list, at=moment) != price_list.applied_rate:
            convert_if_short(price_list=price_list, actor=actor, at=moment)


def keep_as_own_prices(*, price_list: PriceList) -> None:
    """Make what was converted the list's own prices: it stands as it is from now on."""
    Price.objects.filter(price_list=price_list, source_amount__isnull=False).update(
        source_amount=None, exchange_rate=None
    )


def _batches(price_list: PriceList) -> Iterator[list[int]]:
    last = 0
    lists = (price_list.pk, price_list.converted_from_id)
    while batch := list(
        Price.objects.filter(price_list__in=lists, variant_id__gt=last)
        .order_by("variant_id")
        .values_list("variant_id", flat=True)
        .distinct()[:BATCH]
    ):
        yield batch
        last = batch[-1]
