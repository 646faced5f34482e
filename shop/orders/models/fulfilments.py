from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from shop.orders.models.orders import Order, OrderLine


class Fulfilment(models.Model):
    """One parcel: what was in it, who carries it and when it arrived."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="fulfilments")
    carrier = models.CharField(max_length=100, blank=True, help_text="For example: DHL")
    tracking_number = models.CharField(
        max_length=100, blank=True, help_text="For example: 00340434161094042557"
    )
    tracking_url = models.URLField("tracking link", max_length=500, blank=True)
    shipped_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["order", "shipped_at", "id"]

    def __str__(self) -> str:
        return f"{self.carrier} {self.tracking_number}".strip() or str(self.public_id)


class FulfilmentLine(models.Model):
    """So many of one order line lie in this parcel."""

    fulfilment = models.ForeignKey(Fulfilment, on_delete=models.CASCADE, related_name="lines")
    order_line = models.ForeignKey(OrderLine, on_delete=models.CASCADE, related_name="fulfilment_lines")
    quantity = models.PositiveIntegerField()

    class Meta:
        ordering = ["fulfilment", "id"]
        constraints = [
            models.UniqueConstraint(fields=["fulfilment", "order_line"], name="orders_fulfilment_line_once"),
            models.CheckConstraint(name="orders_fulfilment_line_quantity", condition=Q(quantity__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of line {self.order_line_id}"
