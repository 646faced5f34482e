"""Reads of payments."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from shop.core.models import ShopSettings
from shop.core.selectors import get_shop_settings
from shop.orders.models import Order
from shop.payments.gateways.registry import get_gateway
from shop.payments.models import Payment


def get_instructions(payment: Payment, *, shop: ShopSettings | None = None) -> str:
    """Return how to pay, for a payment that is made by hand and still open; otherwise nothing."""
    waits = payment.status == Payment.Status.PENDING and get_gateway(payment.gateway).confirms_unpaid
    return (shop or get_shop_settings()).manual_payment_instructions if waits else ""


def get_latest_payment(order: Order) -> Payment | None:
    """Return the latest attempt to pay for an order, from what is loaded where payments are."""
    return max(order.payments.all(), key=lambda payment: payment.pk, default=None)


def list_unanswered_payments(*, before: datetime) -> QuerySet[Payment]:
    """Payments whose gateway was asked before a moment and never answered, the oldest first."""
    return Payment.objects.filter(answered_at__isnull=True, created_at__lt=before).order_by(
        "created_at", "pk"
    )
