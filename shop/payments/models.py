from __future__ import annotations

import uuid
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from shop.core import clock
from shop.core.fields import AmountField, CurrencyField
from shop.core.models.append_only import AppendOnlyModel
from shop.core.money import Money
from shop.payments.gateways.base import EventKind


class Payment(models.Model):
    """
    One attempt to pay for an order: what its events (:class:`PaymentEvent`) add up to.

    ``status`` and the amounts are a projection (``projection.py``); nobody sets them by hand.
    """

    class Status(models.TextChoices):
        PENDING = "pending", "Pending"
        ACTION_REQUIRED = "action_required", "Shopper must act"
        AUTHORISED = "authorised", "Authorised"
        CAPTURED = "captured", "Paid"
        PARTIALLY_REFUNDED = "partially_refunded", "Partially refunded"
        REFUNDED = "refunded", "Refunded"
        VOIDED = "voided", "Voided"
        FAILED = "failed", "Failed"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="payments")
    gateway = models.CharField(max_length=30)
    reference = models.CharField("the gateway's name for it", max_length=255, blank=True)
    currency = CurrencyField()
    amount = AmountField()
    captured = AmountField(default=Decimal(0))
    refunded = AmountField(default=Decimal(0))
    status = models.CharField(max_length=20, choices=Status, default=Status.PENDING)
    details = models.JSONField(default=dict, blank=True)
    next_action = models.JSONField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    # Empty: the gateway was to be asked, and its answer never arrived. The reconciler asks again.
    answered_at = models.DateTimeField(null=True, blank=True, editable=False)
    updated_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["order", "created_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="payments_amounts_in_range",
                condition=Q(amount__gte=0, captured__gte=0, refunded__gte=0, refunded__lte=F("captured")),
            ),
            models.UniqueConstraint(
                fields=["gateway", "reference"], condition=~Q(reference=""), name="payments_reference_unique"
            ),
        ]
        indexes = [
            models.Index(
                fields=["created_at"], condition=Q(answered_at__isnull=True), name="payments_unanswered"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gateway}: {self.amount} {self.currency} ({self.status})"

    def money(self, field: str = "amount") -> Money:
        """One of the amount columns as money."""
        return Money(getattr(self, field), self.currency)


class PaymentEvent(AppendOnlyModel):
    """One fact by the gateway's word. Rows are only added, each fact once, in whatever order they come."""

    Kind = EventKind

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="events")
    event_id = models.CharField("the gateway's id for it", max_length=255)
    kind = models.CharField(max_length=20, choices=EventKind)
    amount = AmountField()
    reason = models.CharField(max_length=255, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["payment", "occurred_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["payment", "event_id"], name="payments_event_once"),
            models.CheckConstraint(name="payments_event_amount", condition=Q(amount__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"
