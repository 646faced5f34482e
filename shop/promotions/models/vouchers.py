from __future__ import annotations

import uuid
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

from shop.core import clock
from shop.core.fields import AmountField, CurrencyField
from shop.core.validity import is_within
from shop.promotions.models.promotions import Promotion

CODE = RegexValidator(
    r"\A[A-Z0-9]+(?:-[A-Z0-9]+)*\Z", "Use letters, digits and hyphens between them, such as SUMMER-10."
)


class VoucherBatch(models.Model):
    """Many codes made at once, for one promotion."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    promotion = models.ForeignKey(Promotion, on_delete=models.PROTECT, related_name="batches")
    name = models.CharField(max_length=100, help_text="e.g. Leaflet, October.")
    prefix = models.CharField(
        max_length=20,
        blank=True,
        default="",
        validators=[CODE],
        help_text="e.g. AUTUMN gives AUTUMN-7K3F-92QD.",
    )
    size = models.PositiveIntegerField("number of codes", help_text="Up to 100,000, e.g. 500.")
    max_uses = models.PositiveIntegerField(
        "uses of each code", null=True, blank=True, default=1, help_text="e.g. 1. Empty: any number."
    )
    valid_from = models.DateTimeField(null=True, blank=True)
    valid_until = models.DateTimeField(null=True, blank=True)
    job = models.OneToOneField(
        "core.BackgroundJob", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        editable=False,
    )
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name = "batch of vouchers"
        verbose_name_plural = "batches of vouchers"

    def __str__(self) -> str:
        return self.name


class Voucher(models.Model):
    """A code that opens a promotion to whoever enters it. Codes are kept in capitals."""

    promotion = models.ForeignKey(Promotion, on_delete=models.PROTECT, related_name="vouchers")
    batch = models.ForeignKey(
        VoucherBatch,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="vouchers",
        editable=False,
    )
    code = models.CharField(
        max_length=40,
        unique=True,
        validators=[CODE],
        help_text="Shoppers may write it small, e.g. SUMMER-10.",
    )
    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="vouchers",
        help_text="Only this customer may use it. Empty: everybody.",
    )
    min_subtotal = AmountField(
        "minimum spend",
        null=True,
        blank=True,
        help_text="On the goods of the cart, in the promotion's currency, e.g. 50.00.",
    )
    max_uses = models.PositiveIntegerField(
        "orders at most", null=True, blank=True, help_text="Over all customers, e.g. 100. Empty: any number."
    )
    max_uses_per_customer = models.PositiveIntegerField(
        "orders per customer", null=True, blank=True, help_text="By account or e-mail address, e.g. 1."
    )
    uses = models.PositiveIntegerField("orders so far", default=0, editable=False)
    valid_from = models.DateTimeField(null=True, blank=True, help_text="Beside the promotion's own time.")
    valid_until = models.DateTimeField(null=True, blank=True, help_text="Beside the promotion's own time.")
    is_active = models.BooleanField("in use", default=True, help_text="Untick it to block the code.")
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="promotions_voucher_validity_in_order",
                condition=Q(valid_from__isnull=True)
                | Q(valid_until__isnull=True)
                | Q(valid_until__gt=F("valid_from")),
                violation_error_message="The end must be after the beginning.",
            ),
            models.CheckConstraint(
                name="promotions_voucher_within_uses",
                condition=Q(max_uses__isnull=True) | Q(uses__lte=F("max_uses")),
            ),
            models.CheckConstraint(
                name="promotions_voucher_spend_not_negative",
                condition=Q(min_subtotal__isnull=True) | Q(min_subtotal__gte=0),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def clean(self) -> None:
        super().clean()
        if self.valid_from and self.valid_until and self.valid_until <= self.valid_from:
            raise ValidationError({"valid_until": "The end must be after the beginning."})
        if self.min_subtotal is not None and self.promotion_id and not self.promotion.currency:
            raise ValidationError({"min_subtotal": "Give the promotion a currency first."})

    def is_valid_at(self, at: datetime) -> bool:
        """Whether the code itself is in use at ``at``, whatever its promotion."""
        return self.is_active and is_within(at, self.valid_from, self.valid_until)


class VoucherUse(models.Model):
    """
    An order used a code: counts against its limits until it is released.

    ``email`` is in small letters; a guest counts as a customer by it. ``order_id`` is the order's public id.
    """

    voucher = models.ForeignKey(Voucher, on_delete=models.PROTECT, related_name="order_uses")
    order_id = models.UUIDField()
    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    email = models.EmailField(max_length=254)
    amount = AmountField()
    currency = CurrencyField()
    at = models.DateTimeField()
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["voucher", "order_id"], name="promotions_voucher_once_per_order"),
        ]
        indexes = [
            models.Index(fields=["order_id"], name="promotions_voucher_use_order"),
            models.Index(fields=["voucher", "customer"], name="promotions_voucher_customer"),
            models.Index(fields=["voucher", "email"], name="promotions_voucher_email"),
        ]

    def __str__(self) -> str:
        return f"{self.voucher_id} in {self.order_id}"
