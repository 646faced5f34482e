from __future__ import annotations

from django.conf import settings
from django.db import models

from shop.core.models.append_only import AppendOnlyModel
from shop.orders.models.orders import Order


class OrderEvent(AppendOnlyModel):
    """One entry of an order's timeline. Rows are only ever added."""

    class Kind(models.TextChoices):
        PLACED = "placed", "Placed"
        CONFIRMED = "confirmed", "Confirmed"
        PAYMENT_CHANGED = "payment_changed", "Payment"
        PAID = "paid", "Paid"
        SHIPPED = "shipped", "Shipped"
        DELIVERED = "delivered", "Delivered"
        FULFILLED = "fulfilled", "Fulfilled, nothing to send"
        COMPLETED = "completed", "Completed"
        CANCELLED = "cancelled", "Cancelled"
        EXPIRED = "expired", "Expired"

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=20, choices=Kind)
    at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    data = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["order", "at", "id"]

    def __str__(self) -> str:
        return f"{self.kind} at {self.at:%Y-%m-%d %H:%M}"


class OrderNote(models.Model):
    """What colleagues tell each other about an order; shoppers never see it."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="notes")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    text = models.TextField(
        max_length=4000, help_text="For example: customer asked for a gift wrap by phone."
    )
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["order", "created_at", "id"]

    def __str__(self) -> str:
        return self.text[:60]
