"""
Healing what was cut off between the shop and a gateway: whatever was killed in between, asking again with
the payment's own key gives the same payment, and finalising may run twice.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from shop.core.selectors import get_shop_settings
from shop.orders.models import Order
from shop.orders.selectors import list_overdue_orders
from shop.orders.services import expire_order
from shop.orders.transitions import OrderStatus
from shop.payments.gateways.base import GatewayUnavailable, UnknownPayment
from shop.payments.gateways.registry import get_gateway
from shop.payments.models import Payment
from shop.payments.selectors import list_unanswered_payments
from shop.payments.services import finalise_payment, give_back, payment_request, start_payment

logger = logging.getLogger(__name__)

# Longer than a gateway may take to answer: what is younger may still be under way in a living process.
PATIENCE: Final = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What one run has done."""

    answered: int = 0
    expired: int = 0
    still_waiting: int = 0


def reconcile_payments(*, at: datetime, limit: int = 100) -> Reconciled:
    """
    Ask gateways again about payments that were never answered, and give up orders whose time to pay is over.

    Must run outside any transaction. A gateway that is down leaves its payments for the next run.
    """
    answered = expired = waiting = 0
    for payment in list_unanswered_payments(before=at - PATIENCE).select_related("order")[:limit]:
        if _ask_again(payment, at=at):
            answered += 1
        else:
            waiting += 1
    minutes = get_shop_settings().reservation_minutes
    for order in list_overdue_orders(before=at - timedelta(minutes=minutes))[:limit]:
        if _give_up(order, at=at):
            expired += 1
        else:
            waiting += 1
    return Reconciled(answered, expired, waiting)


def _ask_again(payment: Payment, *, at: datetime) -> bool:
    """Find out what has become of a payment; ask for it anew if the gateway never heard of it."""
    gateway = get_gateway(payment.gateway)
    try:
        try:
            answer = gateway.fetch(payment_request(payment), reference=payment.reference)
        except UnknownPayment:
            if payment.order.status != OrderStatus.PENDING_PAYMENT:
                _close(payment, at=at)
                return True
            start_payment(payment=payment, at=at)
            return True
    except GatewayUnavailable:
        logger.warning("%s does not answer about payment %s.", payment.gateway, payment.public_id)
        return False
    finalise_payment(payment=payment, answer=answer, at=at)
    return True


@transaction.atomic
def _close(payment: Payment, *, at: datetime) -> None:
    """Nobody has been asked for this money, and nobody shall be."""
    Payment.objects.filter(pk=payment.pk, answered_at__isnull=True).update(answered_at=at, updated_at=at)


def _give_up(order: Order, *, at: datetime) -> bool:
    """Expire an order, unless its money has come meanwhile or may still be coming."""
    for payment in order.payments.all():
        payment.order = order
        if not _ask_again(payment, at=at):
            return False
    order.refresh_from_db()
    if order.status != OrderStatus.PENDING_PAYMENT:
        return False
    try:
        for payment in order.payments.all():
            # Voided before the goods go back on sale: nobody can pay for an order that has ended.
            give_back(payment=payment, at=at)
    except GatewayUnavailable:
        return False
    return _expire(order, at=at)


@transaction.atomic
def _expire(order: Order, *, at: datetime) -> bool:
    locked = Order.objects.select_for_update().get(pk=order.pk)
    if locked.status != OrderStatus.PENDING_PAYMENT:
        return False
    expire_order(order=locked, at=at)
    return True
