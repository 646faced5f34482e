"""Setting prices, one or a hundred thousand, and keeping what they were."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction

from shop.catalogue.models import ProductVariant
from shop.core import clock
from shop.core.audit import record_audit
from shop.core.errors import ErrorItem, ShopError
from shop.core.money import round_amount
from shop.core.outbox import record_event
from shop.pricing.models import Price, PriceHistory, PriceList

if TYPE_CHECKING:
    from shop.customers.models import User

# What AmountField holds: 14 digits before the point.
LARGEST_AMOUNT = Decimal(10) ** 14
LARGEST_MIN_QUANTITY = 1_000_000
# A fact names so many variants at most: its subscribers index them in its transaction.
VARIANTS_PER_EVENT = 500
# The audit entry lists so many changes; the price history has them all.
CHANGES_PER_AUDIT_ENTRY = 50


class PricesRefused(ShopError):
    """Some prices cannot be set; none was. ``errors`` says which (``changes.3.amount``) and the mend."""

    code = "prices_refused"
    status = 400
    title = "The prices cannot be set like this."


@dataclass(frozen=True, slots=True)
class PriceChange:
    """A price to set, or to take away where ``amount`` is ``None``. Amounts are in the list's currency."""

    variant_id: int
    price_list_code: str
    amount: Decimal | None
    compare_at: Decimal | None = None
    min_quantity: int = 1


def set_prices(
    *,
    changes: Sequence[PriceChange],
    actor: User | None,
    reason: str = "",
    at: datetime | None = None,
) -> int:
    """
    Set prices, all or none, and keep what they were; returns how many really changed.

    :raises PricesRefused: for an unknown list or variant, a negative amount, more decimal places than the
        currency has, a recommended price outside a base list, or the same price twice
    """
    moment = at or clock.now()
    with transaction.atomic():
        lists = _find_lists(changes)
        _check_changes(changes, lists)
        by_list: dict[str, list[PriceChange]] = defaultdict(list)
        for change in changes:
            by_list[change.price_list_code].append(change)
        return sum(
            _set_in_list(lists[code], of_list, actor=actor, reason=reason, at=moment, announce=True)
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
            _check_changes(batch, lists)
            for code in sorted({change.price_list_code for change in batch}):
                of_list = [change for change in batch if change.price_list_code == code]
                changed += _set_in_list(
                    lists[code], of_list, actor=actor, reason=reason, at=moment, announce=announce
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
    lists = (
        PriceList.objects.select_for_update()
        .filter(code__in={change.price_list_code for change in changes})
        .order_by("pk")
    )
    return {price_list.code: price_list for price_list in lists}


def _check_changes(changes: Sequence[PriceChange], lists: dict[str, PriceList]) -> None:
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


def _set_in_list(
    price_list: PriceList,
    changes: Sequence[PriceChange],
    *,
    actor: User | None,
    reason: str,
    at: datetime,
    announce: bool,
) -> int:
    held = {
        (price.variant_id, price.min_quantity): price
        for price in Price.objects.filter(
            price_list=price_list, variant_id__in={change.variant_id for change in changes}
        )
    }
    real = [
        change for change in changes if _differs(change, held.get((change.variant_id, change.min_quantity)))
    ]
    if not real:
        return 0
    _write_prices(price_list, real, held)
    PriceHistory.objects.bulk_create(
        [
            PriceHistory(
                variant_id=change.variant_id,
                price_list_code=price_list.code,
                currency=price_list.currency,
                amount=change.amount,
                min_quantity=change.min_quantity,
                actor=actor,
                reason=reason,
                at=at,
            )
            for change in real
        ]
    )
    if announce:
        record_audit(
            actor=actor,
            action="price.set",
            target=price_list,
            changes=_for_audit(real, held, reason=reason),
            at=at,
        )
        announce_prices(price_list, sorted({change.variant_id for change in real}), at=at)
    return len(real)


def _differs(change: PriceChange, held: Price | None) -> bool:
    if held is None:
        return change.amount is not None
    return (change.amount, change.compare_at) != (held.amount, held.compare_at)


def _write_prices(
    price_list: PriceList, changes: Sequence[PriceChange], held: dict[tuple[int, int], Price]
) -> None:
    gone = [held[change.variant_id, change.min_quantity].pk for change in changes if change.amount is None]
    if gone:
        Price.objects.filter(pk__in=gone).delete()
    Price.objects.bulk_create(
        [
            Price(
                price_list=price_list,
                variant_id=change.variant_id,
                amount=change.amount,
                compare_at=change.compare_at,
                min_quantity=change.min_quantity,
            )
            for change in changes
            if change.amount is not None
        ],
        update_conflicts=True,
        unique_fields=["price_list", "variant", "min_quantity"],
        update_fields=["amount", "compare_at"],
    )


def _for_audit(
    changes: Sequence[PriceChange], held: dict[tuple[int, int], Price], *, reason: str
) -> dict[str, Any]:
    listed = []
    for change in changes[:CHANGES_PER_AUDIT_ENTRY]:
        before = held.get((change.variant_id, change.min_quantity))
        listed.append(
            {
                "variant_id": change.variant_id,
                "min_quantity": change.min_quantity,
                "amount": [str(before.amount) if before else None, _text(change.amount)],
            }
        )
    return {"count": len(changes), "prices": listed} | ({"reason": reason} if reason else {})


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)


def announce_prices(price_list: PriceList, variant_ids: Sequence[int], *, at: datetime) -> None:
    """Record that these variants' prices in the list count otherwise than before."""
    for start in range(0, len(variant_ids), VARIANTS_PER_EVENT):
        record_event(
            "price.changed",
            key=f"price_list:{price_list.code}",
            payload={
                "variant_ids": list(variant_ids[start : start + VARIANTS_PER_EVENT]),
                "price_list": price_list.code,
            },
            at=at,
        )
