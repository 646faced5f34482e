from __future__ import annotations

from typing import Any, NoReturn

from django.conf import settings
from django.db import models

from shop.orders.models.orders import Order


class HistoryIsAppendOnly(TypeError):
    """Somebody tried to change or delete what happened to an order."""


class OrderEventQuerySet(models.QuerySet["OrderEvent"]):
    """Adds and reads, nothing else."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise HistoryIsAppendOnly("What happened to an order is never changed.")

    def delete(self) -> NoReturn:
        raise HistoryIsAppendOnly("What happened to an order is never deleted.")


class OrderEvent(models.Model):
    """One entry of an order's timeline. Rows are only ever added."""

    class Kind(models.TextChoices):
        PLACED = "placed", "Placed"
        CONFIRMED = "confirmed", "Confirmed"
        PAYMENT_CHANGED = "payment_changed", "Payment"
        PAID = "paid", "Paid"
        SHIPPED = "shipped", "Shipped"
        DELIVERED = "delivered", "Delivered"
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

    objects = OrderEventQuerySet.as_manager()

    class Meta:
        ordering = ["order", "at", "id"]

    def __str__(self) -> str:
        return f"{self.kind} at {self.at:%Y-%m-%d %H:%M}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise HistoryIsAppendOnly("What happened to an order is never changed.")
        super().save(*args, **kwargs)


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
