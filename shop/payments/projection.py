"""What the events of a payment add up to. Pure, and the same whatever order the events arrived in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final, Protocol

from shop.orders.transitions import PaymentStatus
from shop.payments.models import Payment, PaymentEvent

_RANK: Final = {
    PaymentEvent.Kind.ACTION_REQUIRED: 1,
    PaymentEvent.Kind.FAILED: 2,
    PaymentEvent.Kind.AUTHORISED: 3,
}
_STATUS: Final = {
    PaymentEvent.Kind.ACTION_REQUIRED: Payment.Status.ACTION_REQUIRED,
    PaymentEvent.Kind.FAILED: Payment.Status.FAILED,
    PaymentEvent.Kind.AUTHORISED: Payment.Status.AUTHORISED,
}


class Fact(Protocol):
    """What the projection needs of an event."""

    kind: str
    amount: Decimal
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class Projection:
    """What a payment is, by its events."""

    status: Payment.Status
    captured: Decimal
    refunded: Decimal


def project(facts: Iterable[Fact]) -> Projection:
    """
    Money that moved outranks everything; then a void, which is final; then the latest word.

    A refund that is told before its capture counts from the capture on, and never beyond it.
    """
    facts = list(facts)
    captured = sum((fact.amount for fact in facts if fact.kind == PaymentEvent.Kind.CAPTURED), Decimal(0))
    told = sum((fact.amount for fact in facts if fact.kind == PaymentEvent.Kind.REFUNDED), Decimal(0))
    refunded = min(told, captured)
    return Projection(_status(facts, captured, refunded), captured, refunded)


def _status(facts: list[Fact], captured: Decimal, refunded: Decimal) -> Payment.Status:
    if any(fact.kind == PaymentEvent.Kind.CAPTURED for fact in facts):
        if 0 < captured <= refunded:
            return Payment.Status.REFUNDED
        return Payment.Status.PARTIALLY_REFUNDED if refunded > 0 else Payment.Status.CAPTURED
    if any(fact.kind == PaymentEvent.Kind.VOIDED for fact in facts):
        return Payment.Status.VOIDED
    words = [fact for fact in facts if fact.kind in _RANK]
    if not words:
        return Payment.Status.PENDING
    latest = max(words, key=lambda fact: (fact.occurred_at, _RANK[PaymentEvent.Kind(fact.kind)]))
    return _STATUS[PaymentEvent.Kind(latest.kind)]


def order_payment_status(payments: Iterable[Payment], *, total: Decimal) -> PaymentStatus:
    """What an order's payments say together; it is paid when what was captured reaches its total."""
    payments = list(payments)
    captured = sum((payment.captured for payment in payments), Decimal(0))
    refunded = sum((payment.refunded for payment in payments), Decimal(0))
    statuses = {payment.status for payment in payments}
    if 0 < captured <= refunded:
        return PaymentStatus.REFUNDED
    if refunded > 0:
        return PaymentStatus.PARTIALLY_REFUNDED
    if Payment.Status.CAPTURED in statuses and captured >= total:
        return PaymentStatus.PAID
    if statuses & {Payment.Status.AUTHORISED, Payment.Status.CAPTURED}:
        return PaymentStatus.AUTHORISED
    if statuses == {Payment.Status.FAILED}:
        return PaymentStatus.FAILED
    return PaymentStatus.UNPAID
