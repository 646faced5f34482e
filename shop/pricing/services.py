"""What changes prices and price lists. Every function is one transaction, or part of the caller's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max, Min

from shop.catalogue.models import ProductVariant
from shop.core import clock
from shop.core.audit import record_audit
from shop.core.errors import ErrorItem, ShopError
from shop.core.money import round_amount
from shop.core.outbox import record_event
from shop.core.selectors import get_shop_settings
from shop.pricing.models import Price, PriceHistory, PriceList, PriceListPeriod

if TYPE_CHECKING:
    from shop.customers.models import User

# What AmountField holds: 14 digits before the point.
LARGEST_AMOUNT = Decimal(10) ** 14
# A fact names so many variants at most: its subscribers index them in its transaction.
VARIANTS_PER_EVENT = 500
# The audit entry lists so many changes; the price history has them all.
CHANGES_PER_AUDIT_ENTRY = 50


class PricesRefused(ShopError):
    """Some prices cannot be set; none was. ``errors`` says which (``changes.3.amount``) and how to mend it."""

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
    if not 1 <= change.min_quantity <= 1_000_000:
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
        _announce(price_list, sorted({change.variant_id for change in real}), at=at)
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


def _announce(price_list: PriceList, variant_ids: Sequence[int], *, at: datetime) -> None:
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


def ensure_base_price_list(*, currency: str = "", code: str = "base", name: str = "Base prices") -> PriceList:
    """Return the base list with this code, made where it is missing, in the shop's currency and tax habit."""
    settings = get_shop_settings()
    return PriceList.objects.get_or_create(
        code=code,
        defaults={
            "name": name,
            "currency": currency or settings.default_currency,
            "kind": PriceList.Kind.BASE,
            "includes_tax": settings.prices_include_tax,
        },
    )[0]


def save_price_list(*, price_list: PriceList, actor: User | None, at: datetime | None = None) -> PriceList:
    """
    Save a price list that was filled in by an editor, and announce at once what that changes.

    :raises django.core.exceptions.ValidationError: when the list does not hold together
    """
    moment = at or clock.now()
    with transaction.atomic():
        before = PriceList.objects.select_for_update().filter(pk=price_list.pk).first()
        price_list.full_clean()
        price_list.save()
        record_audit(
            actor=actor,
            action="price_list.changed" if before else "price_list.added",
            target=price_list,
            changes=_list_changes(before, price_list),
            at=moment,
        )
        turned = _apply_validity(price_list, at=moment)
        if before is not None and not turned and _decides_otherwise(before, price_list):
            _announce(price_list, _variants_of(price_list), at=moment)
        return price_list


_DECIDING_FIELDS = (
    "kind",
    "priority",
    "includes_tax",
    "customer_group_id",
    "site_id",
    "currency",
    "is_active",
)
_AUDITED_FIELDS = (*_DECIDING_FIELDS, "code", "name", "valid_from", "valid_until")


def _decides_otherwise(before: PriceList, after: PriceList) -> bool:
    return any(getattr(before, field) != getattr(after, field) for field in _DECIDING_FIELDS)


def _list_changes(before: PriceList | None, after: PriceList) -> dict[str, Any]:
    return {
        field: [getattr(before, field, None), getattr(after, field)]
        for field in _AUDITED_FIELDS
        if getattr(before, field, None) != getattr(after, field)
    }


def delete_price_list(*, price_list: PriceList, actor: User | None, at: datetime | None = None) -> None:
    """Delete a list with its prices; the price history keeps what they were."""
    moment = at or clock.now()
    with transaction.atomic():
        price_list = PriceList.objects.select_for_update().get(pk=price_list.pk)
        prices = list(price_list.prices.all())
        set_prices(
            changes=[
                PriceChange(
                    variant_id=price.variant_id,
                    price_list_code=price_list.code,
                    amount=None,
                    min_quantity=price.min_quantity,
                )
                for price in prices
            ],
            actor=actor,
            reason="list deleted",
            at=moment,
        )
        record_audit(actor=actor, action="price_list.deleted", target=price_list, at=moment)
        price_list.delete()


def _variants_of(price_list: PriceList) -> list[int]:
    return sorted(set(price_list.prices.values_list("variant_id", flat=True)))


def apply_due_price_lists(*, at: datetime | None = None) -> list[str]:
    """
    Announce every list that has become valid or has ended since the last time; returns their codes.

    Each turn is announced once, however many processes do this: the period row decides. A list that began and
    ended unseen (nobody looked for days) gets its period, for the price history, and changes no price.
    """
    moment = at or clock.now()
    turned = []
    for pk in PriceList.objects.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            price_list = PriceList.objects.select_for_update().filter(pk=pk).first()
            if price_list is not None and _apply_validity(price_list, at=moment):
                turned.append(price_list.code)
    return turned


def _apply_validity(price_list: PriceList, *, at: datetime) -> bool:
    """Bring the periods up to date; ``True`` when the list began or ended and that was announced."""
    is_valid = price_list.is_valid_at(at)
    open_period = PriceListPeriod.objects.filter(price_list=price_list, ended_at__isnull=True).first()
    if is_valid == (open_period is not None):
        _note_missed_period(price_list, at=at)
        return False
    if open_period is None:
        began_at = _began_at(price_list, at=at)
        PriceListPeriod.objects.update_or_create(
            price_list=price_list, began_at=began_at, defaults={"ended_at": None}
        )
    else:
        ended_at = min(price_list.valid_until or at, at)
        open_period.ended_at = max(ended_at, open_period.began_at)
        open_period.save(update_fields=["ended_at"])
    _announce(price_list, _variants_of(price_list), at=at)
    return True


def _began_at(price_list: PriceList, *, at: datetime) -> datetime:
    ended_at = PriceListPeriod.objects.filter(price_list=price_list).aggregate(at=Max("ended_at"))["at"]
    if ended_at is not None and (price_list.valid_from is None or price_list.valid_from < ended_at):
        # In use again by an editor's hand: the pause stays part of the past.
        return at
    first = PriceHistory.objects.filter(price_list_code=price_list.code).aggregate(at=Min("at"))["at"]
    return min(price_list.valid_from or first or at, at)


def _note_missed_period(price_list: PriceList, *, at: datetime) -> None:
    began_at, ended_at = price_list.valid_from, price_list.valid_until
    if not price_list.is_active or began_at is None or ended_at is None or ended_at > at:
        return
    if not PriceListPeriod.objects.filter(price_list=price_list, ended_at__gt=began_at).exists():
        PriceListPeriod.objects.create(price_list=price_list, began_at=began_at, ended_at=ended_at)
