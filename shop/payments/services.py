"""
Asking gateways for money, and writing down what they say.

``finalise_payment`` is the one transaction in which an answer takes effect; the checkout, the browser's
return, webhooks and the reconciler all end in it, and it may run any number of times.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from shop.core.errors import ShopError
from shop.core.money import Money
from shop.core.outbox import record_event
from shop.inventory.services import Demand, InsufficientStock, ReservationExpired, reserve_stock
from shop.orders.models import Order
from shop.orders.services import cancel_order, confirm_order, lock_order, set_payment_status
from shop.orders.transitions import OrderStatus, PaymentStatus
from shop.payments.gateways.base import (
    EventKind,
    Gateway,
    GatewayAnswer,
    GatewayEvent,
    InvalidWebhook,
    PaymentRequest,
)
from shop.payments.gateways.registry import get_gateway
from shop.payments.models import Payment, PaymentEvent
from shop.payments.projection import order_payment_status, project

if TYPE_CHECKING:
    from shop.customers.models import User

__all__ = [
    "InvalidSignature",
    "NothingToPay",
    "finalise_payment",
    "give_back",
    "handle_webhook",
    "mark_paid",
    "open_payment",
    "payment_request",
    "start_payment",
]

MONEY_IS_SURE = (Payment.Status.AUTHORISED, Payment.Status.CAPTURED)


class NothingToPay(ShopError):
    """The order is paid already, cancelled, or not paid by hand."""

    code = "nothing_to_pay"
    status = 409
    title = "There is nothing to pay by hand here: the order is paid, cancelled, or paid another way."


class InvalidSignature(ShopError):
    """A webhook that the gateway itself has not sent."""

    code = "invalid_signature"
    status = 400
    title = "This is not signed by the payment gateway."


def open_payment(*, order: Order, gateway: Gateway, details: Mapping[str, Any], at: datetime) -> Payment:
    """
    Begin to pay for an order; call it inside the transaction that writes the order.

    A gateway that lives in this process is asked at once. Any other is asked by ``start_payment``, outside
    of the transaction; until it has answered, the payment counts as unanswered and the reconciler watches it.
    """
    payment = Payment(
        order=order,
        gateway=gateway.code,
        currency=order.currency,
        amount=order.total,
        details=dict(details),
        created_at=at,
        updated_at=at,
    )
    answer = gateway.authorize(payment_request(payment)) if gateway.is_local else None
    if not payment.amount:
        answer = _nothing_is_due(payment, at=at)
    if answer is not None:
        _note_answer(payment, answer, at=at)
    payment.save(force_insert=True)
    if answer is not None and answer.events:
        _apply(payment, answer.events, order=order, at=at)
    return payment


def _nothing_is_due(payment: Payment, *, at: datetime) -> GatewayAnswer:
    event_id = f"{payment.public_id}:nothing-due"
    free = GatewayEvent(event_id=event_id, kind=EventKind.CAPTURED, amount=payment.money(), occurred_at=at)
    return GatewayAnswer(reference="", events=(free,))


def payment_request(payment: Payment) -> PaymentRequest:
    """What the gateway is asked for: always the order's own amount, never a client's."""
    return PaymentRequest(
        key=str(payment.public_id),
        order_number=payment.order.number,
        amount=payment.money(),
        email=payment.order.email,
        at=payment.created_at,
        details=payment.details,
    )


def start_payment(*, payment: Payment, at: datetime) -> GatewayAnswer | None:
    """
    Ask the gateway for the money and let its answer take effect. Must run outside any transaction.

    :returns: ``None`` for a payment that has been answered already
    :raises GatewayUnavailable: when no answer came; the reconciler asks again with the same key
    """
    if payment.answered_at is not None:
        return None
    answer = get_gateway(payment.gateway).authorize(payment_request(payment))
    finalise_payment(payment=payment, answer=answer, at=at)
    return answer


@transaction.atomic
def finalise_payment(*, payment: Payment, answer: GatewayAnswer, at: datetime) -> Payment:
    """
    Let a gateway's answer take effect: its events, the payment, the order and its goods. Repeatable.

    When money is sure the order is confirmed. If its goods are gone by then it is cancelled, and the money
    goes back through ``order.cancelled``; money for an order that has ended goes back as well.
    """
    # The order first, then its payment, then stock: everybody locks in this order.
    order = lock_order(payment.order)
    payment = Payment.objects.select_for_update().get(pk=payment.pk)
    payment.order = order
    _note_answer(payment, answer, at=at)
    payment.save(update_fields=["reference", "next_action", "answered_at", "updated_at"])
    _apply(payment, answer.events, order=order, at=at)
    return payment


def _note_answer(payment: Payment, answer: GatewayAnswer, *, at: datetime) -> None:
    payment.reference = answer.reference or payment.reference
    payment.next_action = dict(answer.next_action) if answer.next_action else None
    payment.answered_at = payment.answered_at or at
    payment.updated_at = at


def _apply(
    payment: Payment,
    events: Sequence[GatewayEvent],
    *,
    order: Order,
    at: datetime,
    actor: User | None = None,
) -> None:
    known = {event.event_id: event for event in payment.events.all()}
    news = {event.event_id: event for event in events if event.event_id not in known}
    for event in news.values():
        _require_own_currency(payment, event)
    if not news:
        return
    PaymentEvent.objects.bulk_create(
        PaymentEvent(
            payment=payment,
            event_id=event.event_id,
            kind=event.kind,
            amount=event.amount.amount,
            reason=event.reason[:255],
            actor=actor,
            occurred_at=event.occurred_at,
            recorded_at=at,
        )
        for event in news.values()
    )
    projection = project(PaymentEvent.objects.filter(payment=payment))
    payment.status, payment.captured = projection.status, projection.captured
    payment.refunded, payment.updated_at = projection.refunded, at
    payment.save(update_fields=["status", "captured", "refunded", "updated_at"])
    record_event("payment.changed", key=order.event_key, payload={"payment_id": payment.pk}, at=at)
    _settle(order, payment, at=at, actor=actor)


def _require_own_currency(payment: Payment, event: GatewayEvent) -> None:
    if event.amount.currency != payment.currency:
        raise ValueError(f"{payment.gateway} speaks of {event.amount.currency}, not {payment.currency}.")


def _settle(order: Order, payment: Payment, *, at: datetime, actor: User | None) -> None:
    """Let the order follow its payments."""
    status = order_payment_status(Payment.objects.filter(order=order), total=order.total)
    order = set_payment_status(
        order=order, status=status, at=at, actor=actor, data={"gateway": payment.gateway}
    )
    if payment.status not in MONEY_IS_SURE:
        return
    money_is_sure = status in (PaymentStatus.AUTHORISED, PaymentStatus.PAID)
    if order.status == OrderStatus.PENDING_PAYMENT and money_is_sure:
        _confirm(order, at=at)
    elif order.status in (OrderStatus.CANCELLED, OrderStatus.EXPIRED):
        record_event("payment.unwanted", key=order.event_key, payload={"payment_id": payment.pk}, at=at)


def _confirm(order: Order, *, at: datetime) -> None:
    try:
        with transaction.atomic():
            confirm_order(order=order, at=at)
        return
    except ReservationExpired:
        demands = [
            Demand(variant_id=line.variant_id, quantity=line.quantity, parts=line.parts)
            for line in order.lines.all()
        ]
    try:
        # Paid late: the goods have been given back, but may still be there.
        with transaction.atomic():
            reserve_stock(owner=order.stock_owner, demands=demands, expires_at=None, at=at)
            confirm_order(order=order, at=at, goods_are_held=True)
    except InsufficientStock:
        cancel_order(order=order, actor=None, reason="The goods were sold before the payment came.", at=at)


@transaction.atomic
def mark_paid(*, order: Order, actor: User | None, at: datetime, reference: str = "") -> Payment:
    """
    Enter that the money for an order has come in full (bank transfer, cash): staff are the manual gateway.

    :param reference: such as the line of the bank statement, kept with the event
    :raises NothingToPay: if it is paid or cancelled already, or paid through another gateway
    """
    order = lock_order(order)
    payment = (
        Payment.objects.select_for_update()
        .filter(order=order, gateway="manual", status=Payment.Status.PENDING)
        .first()
    )
    if payment is None or order.status in (OrderStatus.CANCELLED, OrderStatus.EXPIRED):
        raise NothingToPay
    event = GatewayEvent(
        event_id=f"{payment.public_id}:captured",
        kind=EventKind.CAPTURED,
        amount=payment.money(),
        occurred_at=at,
        reason=reference,
    )
    _apply(payment, [event], order=order, at=at, actor=actor)
    payment.refresh_from_db()
    return payment


def give_back(*, payment: Payment, at: datetime) -> None:
    """
    Let go of a payment nobody wants any more: void it, or refund what was captured. Repeatable.

    Money that came by hand goes back by hand: staff see it on the order. Must run outside any transaction.

    :raises GatewayUnavailable: when no answer came; call it again
    """
    gateway = get_gateway(payment.gateway)
    left = Money(payment.captured - payment.refunded, payment.currency)
    if left:
        if gateway.confirms_unpaid:
            return
        key = f"{payment.public_id}:refund:{left.minor_units}"
        answer = gateway.refund(reference=payment.reference, amount=left, key=key, at=at)
    elif payment.status in (
        Payment.Status.PENDING,
        Payment.Status.ACTION_REQUIRED,
        Payment.Status.AUTHORISED,
    ):
        key = f"{payment.public_id}:void"
        answer = gateway.void(reference=payment.reference, amount=payment.money(), key=key, at=at)
    else:
        return
    finalise_payment(payment=payment, answer=answer, at=at)


def handle_webhook(*, gateway: str, body: bytes, headers: Mapping[str, str], at: datetime) -> int:
    """
    Apply the events of a gateway's call, each once, in whatever order they come; returns how many were ours.

    Each payment is its own transaction: an event of an unknown payment stops none of the others.

    :raises UnknownGateway: if the shop has no such gateway
    :raises InvalidSignature: unless the gateway has signed the raw body
    """
    try:
        events = get_gateway(gateway).parse_webhook(body=body, headers=headers, at=at)
    except InvalidWebhook as invalid:
        raise InvalidSignature from invalid
    applied = 0
    for event in events:
        payment = Payment.objects.filter(gateway=gateway, reference=event.reference).first()
        if payment is not None:
            answer = GatewayAnswer(
                reference=event.reference, events=(event,), next_action=payment.next_action
            )
            finalise_payment(payment=payment, answer=answer, at=at)
            applied += 1
    return applied
