from __future__ import annotations

import uuid

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

from shop.core import clock
from shop.core.models.append_only import AppendOnlyModel
from shop.customers.addresses import list_countries


class Warehouse(models.Model):
    """A place that goods are kept in and sent from."""

    code = models.CharField(
        max_length=30,
        unique=True,
        validators=[
            RegexValidator(
                r"\A[a-z0-9]+(?:-[a-z0-9]+)*\Z", "Use small letters, digits and hyphens, such as berlin-1."
            )
        ],
        help_text="Short name for imports and interfaces, e.g. berlin-1. Keep it once it is in use.",
    )
    name = models.CharField(max_length=100, help_text="e.g. Berlin, main store.")
    country = models.CharField(max_length=2, default="DE", choices=list_countries, help_text="e.g. Germany.")
    priority = models.IntegerField(
        default=0, help_text="Orders are sent from the lowest number that has the goods, e.g. 0 before 10."
    )
    is_active = models.BooleanField(
        "in use",
        default=True,
        help_text="Untick it to sell nothing more from here; what is reserved stays reserved.",
    )

    class Meta:
        ordering = ["priority", "code"]

    def __str__(self) -> str:
        return self.name


class StockItem(models.Model):
    """
    How much of one variant lies in one warehouse, and how much of that is promised.

    ``on_hand`` is the sum of the ledger (:class:`StockMovement`), ``reserved`` the sum of the active
    reservations. Only ``services`` write them.
    """

    variant = models.ForeignKey(
        "catalogue.ProductVariant", on_delete=models.CASCADE, related_name="stock_items"
    )
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="stock_items")
    on_hand = models.IntegerField(default=0)
    reserved = models.IntegerField(default=0)
    allows_backorder = models.BooleanField(
        "sell when out of stock",
        default=False,
        help_text="Tick it to take orders for goods that are still to come.",
    )
    low_stock_threshold = models.PositiveIntegerField(
        "low from",
        default=0,
        help_text="Shoppers see “only a few left” and you are told at this number or less, e.g. 5. 0: never.",
    )

    class Meta:
        ordering = ["variant_id", "warehouse_id"]
        verbose_name = "stock item"
        constraints = [
            models.UniqueConstraint(fields=["variant", "warehouse"], name="inventory_stock_unique"),
            models.CheckConstraint(
                name="inventory_stock_never_oversold",
                condition=Q(reserved__gte=0)
                & Q(on_hand__gte=0)
                & (Q(reserved__lte=F("on_hand")) | Q(allows_backorder=True)),
                violation_error_message="More is reserved than there is.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.variant_id} in {self.warehouse_id}: {self.on_hand} ({self.reserved} reserved)"


class StockMovement(AppendOnlyModel):
    """One entry of the ledger: so much came or went, and this is what lay there afterwards."""

    class Kind(models.TextChoices):
        RECEIPT = "receipt", "Receipt"
        ADJUSTMENT = "adjustment", "Count"
        CORRECTION = "correction", "Correction"
        SHIPMENT = "shipment", "Shipment"
        RETURN = "return", "Return"

    stock_item = models.ForeignKey(StockItem, on_delete=models.CASCADE, related_name="movements")
    kind = models.CharField(max_length=12, choices=Kind)
    quantity = models.IntegerField()
    balance_after = models.IntegerField()
    reference = models.CharField(max_length=100, blank=True, default="")
    reason = models.CharField(max_length=255, blank=True, default="")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-id"]
        verbose_name = "stock movement"
        constraints = [
            models.CheckConstraint(name="inventory_movement_moves", condition=~Q(quantity=0)),
            models.CheckConstraint(name="inventory_movement_balance", condition=Q(balance_after__gte=0)),
        ]
        indexes = [
            models.Index(fields=["stock_item", "-id"], name="inventory_movement_item"),
            models.Index(fields=["reference"], name="inventory_movement_reference"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.quantity:+d} → {self.balance_after}"


class Reservation(models.Model):
    """
    So many pieces of one stock item are promised to an owner, for good or until ``expires_at``.

    ``owner`` names whom in words, such as ``order:<uuid>``: inventory knows no orders.
    """

    class State(models.TextChoices):
        ACTIVE = "active", "Active"
        RELEASED = "released", "Released"
        SHIPPED = "shipped", "Shipped"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    stock_item = models.ForeignKey(StockItem, on_delete=models.PROTECT, related_name="reservations")
    owner = models.CharField(max_length=100)
    quantity = models.PositiveIntegerField()
    expires_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    state = models.CharField(max_length=10, choices=State, default=State.ACTIVE)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(name="inventory_reservation_of_something", condition=Q(quantity__gte=1)),
        ]
        indexes = [
            models.Index(fields=["owner"], name="inventory_reservation_owner"),
            # Both stay as small as what is promised now, however long the past.
            models.Index(
                fields=["stock_item"], condition=Q(state="active"), name="inventory_reservation_active"
            ),
            models.Index(
                fields=["expires_at"],
                condition=Q(state="active", expires_at__isnull=False),
                name="inventory_reservation_expiry",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of {self.stock_item_id} for {self.owner} ({self.state})"
