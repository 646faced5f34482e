"""Writing prices into one list: the rows, their history, the audit and the news of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from shop.core.audit import record_audit
from shop.core.outbox import record_event
from shop.pricing.models import Price, PriceHistory, PriceList

if TYPE_CHECKING:
    from shop.customers.models import User

# A fact names so many variants at most: its subscribers index them in its transaction.
VARIANTS_PER_EVENT = 500
# The audit entry lists so many changes; the price history has them all.
CHANGES_PER_AUDIT_ENTRY = 50


@dataclass(frozen=True, slots=True)
class PriceChange:
    """
    A price to set, or to take away where ``amount`` is ``None``. Amounts are in the list's currency.

    ``source_amount`` and ``exchange_rate`` stand with a converted price only; ``conversions`` writes those.
    """

    variant_id: int
    price_list_code: str
    amount: Decimal | None
    compare_at: Decimal | None = None
    min_quantity: int = 1
    source_amount: Decimal | None = None
    exchange_rate: Decimal | None = None


def set_in_list(
    price_list: PriceList,
    changes: Sequence[PriceChange],
    *,
    actor: User | None,
    reason: str,
    at: datetime,
    announce: bool,
) -> int:
    """
    Write checked changes into a locked list, with history, audit and news; returns how many really changed.
    """
    held = {
        (price.variant_id, price.min_quantity): price
        for price in Price.objects.filter(
            price_list=price_list, variant_id__in={change.variant_id for change in changes}
        )
    }
    real = [
        change for change in changes if _differs(change, held.get((change.variant_id, change.min_quantity)))
    ]
    _write_prices(price_list, [*real, *_list_reworded(changes, real, held)], held)
    if not real:
        return 0
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


def _list_reworded(
    changes: Sequence[PriceChange], real: Sequence[PriceChange], held: dict[tuple[int, int], Price]
) -> list[PriceChange]:
    """What costs the same as before, but comes about otherwise: converted from another amount, or own now."""
    real_keys = {(change.variant_id, change.min_quantity) for change in real}
    return [
        change
        for change in changes
        if (key := (change.variant_id, change.min_quantity)) not in real_keys
        and key in held
        and change.source_amount != held[key].source_amount
    ]


def _write_prices(
    price_list: PriceList, changes: Sequence[PriceChange], held: dict[tuple[int, int], Price]
) -> None:
    gone = [held[change.variant_id, change.min_quantity].pk for change in changes if change.amount is None]
    if not changes:
        return
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
                source_amount=change.source_amount,
                exchange_rate=change.exchange_rate,
            )
            for change in changes
            if change.amount is not None
        ],
        update_conflicts=True,
        unique_fields=["price_list", "variant", "min_quantity"],
        update_fields=["amount", "compare_at", "source_amount", "exchange_rate"],
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
