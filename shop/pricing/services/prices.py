"""Setting prices, one or a hundred thousand, and keeping what they were."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from shop.catalogue.models import ProductVariant
from shop.core import clock
from shop.core.errors import ErrorItem, ShopError
from shop.core.money import round_amount
from shop.pricing.models import PriceList
from shop.pricing.services.conversions import convert_prices
from shop.pricing.services.writing import PriceChange, set_in_list

if TYPE_CHECKING:
    from shop.customers.models import User

# What AmountField holds: 14 digits before the point.
LARGEST_AMOUNT = Decimal(10) ** 14
LARGEST_MIN_QUANTITY = 1_000_000


class PricesRefused(ShopError):
    """Some prices cannot be set; none was. ``errors`` says which (``changes.3.amount``) and the mend."""

    code = "prices_refused"
    status = 400
    title = "The prices cannot be set like this."


def set_prices(
    *,
    changes: Sequence[PriceChange],
    actor: User | None,
    reason: str = "",
    at: datetime | None = None,
) -> int:
    """
    Set prices, all or none, and keep what they were; returns how many really changed.

    What other lists convert from these is converted again in the same transaction.

    :raises PricesRefused: for an unknown list or variant, a negative amount, more decimal places than the
        currency has, a recommended price outside a base list, or the same price twice
    """
    moment = at or clock.now()
    with transaction.atomic():
        lists = _find_lists(changes)
        check_changes(changes, lists)
        by_list: dict[str, list[PriceChange]] = defaultdict(list)
        for change in changes:
            by_list[change.price_list_code].append(change)
        return sum(
            _set_and_convert(lists, code, of_list, actor=actor, reason=reason, at=moment, announce=True)
            for code, of_list in sorted(by_list.items())
        )


def bulk_load_prices(
    *,
    changes: Iterable[PriceChange],
    actor: User | None = None,
    reason: str = "import",
    at: datetime | None = None,
    batch_size: int = 1000,
    announce: bool = True,
) -> int:
    """
    Set any number of prices in batches, each all or none, with memory for one batch only.

    :param announce: ``False`` when the caller tells search of the products itself
    :raises PricesRefused: at the first batch with a wrong price; the earlier batches stand
    """
    moment = at or clock.now()
    changed = 0
    for batch in _batches(changes, batch_size):
        with transaction.atomic():
            lists = _find_lists(batch)
            check_changes(batch, lists)
            for code in sorted({change.price_list_code for change in batch}):
                of_list = [change for change in batch if change.price_list_code == code]
                changed += _set_and_convert(
                    lists, code, of_list, actor=actor, reason=reason, at=moment, announce=announce
                )
    return changed


def _batches(changes: Iterable[PriceChange], size: int) -> Iterator[list[PriceChange]]:
    batch: list[PriceChange] = []
    for change in changes:
        batch.append(change)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def _find_lists(changes: Sequence[PriceChange]) -> dict[str, PriceList]:
    # Locked, by primary key: two savers of one list follow each other, and cannot deadlock over two.
    # With those that are converted from them, which are written too.
    codes = {change.price_list_code for change in changes}
    lists = (
        PriceList.objects.select_for_update(of=("self",))
        .filter(Q(code__in=codes) | Q(converted_from__code__in=codes))
        .order_by("pk")
    )
    return {price_list.code: price_list for price_list in lists}


def _set_and_convert(
    lists: dict[str, PriceList],
    code: str,
    changes: Sequence[PriceChange],
    *,
    actor: User | None,
    reason: str,
    at: datetime,
    announce: bool,
) -> int:
    """Set own prices of one list, then whatever is converted from them, or was in their place."""
    price_list = lists[code]
    changed = set_in_list(price_list, changes, actor=actor, reason=reason, at=at, announce=announce)
    following = [held for held in lists.values() if held.converted_from_id == price_list.pk]
    if price_list.converted_from_id is not None:
        following.append(price_list)
    variant_ids = {change.variant_id for change in changes}
    for held in following:
        convert_prices(price_list=held, variant_ids=variant_ids, actor=actor, at=at, announce=announce)
    return changed


def check_changes(changes: Sequence[PriceChange], lists: dict[str, PriceList]) -> None:
    """
    Check prices before they are set or planned.

    :raises PricesRefused: with every problem
    """
    known = set(
        ProductVariant.objects.filter(pk__in={change.variant_id for change in changes}).values_list(
            "pk", flat=True
        )
    )
    errors: list[ErrorItem] = []
    seen: set[tuple[str, int, int]] = set()
    for index, change in enumerate(changes):
        key = (change.price_list_code, change.variant_id, change.min_quantity)
        problem = _problem_of(change, lists.get(change.price_list_code), known=known)
        if problem is None and key in seen:
            problem = ("amount", "duplicate_price", "This price is given twice. Keep one of them.")
        seen.add(key)
        if problem is not None:
            attr, code, detail = problem
            errors.append(ErrorItem(code=code, detail=detail, attr=f"changes.{index}.{attr}"))
    if errors:
        raise PricesRefused(errors=errors)


def _problem_of(
    change: PriceChange, price_list: PriceList | None, *, known: set[int]
) -> tuple[str, str, str] | None:
    if price_list is None:
        return (
            "price_list_code",
            "unknown_price_list",
            f"There is no price list {change.price_list_code!r}.",
        )
    if change.variant_id not in known:
        return ("variant_id", "unknown_variant", "There is no such variant.")
    if not 1 <= change.min_quantity <= LARGEST_MIN_QUANTITY:
        return ("min_quantity", "invalid_quantity", "Enter a quantity of 1 or more.")
    if change.compare_at is not None and price_list.kind != PriceList.Kind.BASE:
        return (
            "compare_at",
            "no_recommended_price_here",
            "A recommended retail price belongs into a base list. Leave it empty here.",
        )
    for attr in ("amount", "compare_at"):
        amount = getattr(change, attr)
        problem = None if amount is None else _problem_of_amount(amount, price_list.currency)
        if problem is not None:
            return (attr, *problem)
    return None


def _problem_of_amount(amount: Decimal, currency: str) -> tuple[str, str] | None:
    if not isinstance(amount, Decimal) or not amount.is_finite() or not 0 <= amount < LARGEST_AMOUNT:
        return ("invalid_amount", "Enter an amount of zero or more, e.g. 12.50.")
    if round_amount(amount, currency) != amount:
        return ("too_many_digits", f"{currency} has fewer decimal places. Round the price.")
    return None
