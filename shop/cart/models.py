from __future__ import annotations

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q

from shop.core import clock
from shop.core.fields import AmountField, CurrencyField
from shop.customers.models import PostalAddressFields

MAX_QUANTITY = 999
MAX_LINES = 100
LIFETIME = timedelta(days=30)


class Cart(models.Model):
    """
    What a shopper means to buy. Its id is the secret of a guest; once it belongs to a person, only they see it.

    A cart holds wishes, never prices: those are computed at every read (``selectors.price_cart``).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="carts"
    )
    email = models.EmailField("e-mail address", max_length=254, blank=True)
    currency = CurrencyField()
    note = models.CharField(max_length=1000, blank=True)
    shipping_method_code = models.CharField("shipping method", max_length=50, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    updated_at = models.DateTimeField(default=clock.now, editable=False)
    expires_at = models.DateTimeField(editable=False)
    completed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-updated_at"]
        indexes = [
            models.Index(fields=["expires_at"], name="cart_expiry"),
            models.Index(fields=["user", "-updated_at"], name="cart_of_person"),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def is_completed(self) -> bool:
        return self.completed_at is not None


class CartAddress(PostalAddressFields):
    """Where a cart's goods, or its invoice, shall go."""

    class Kind(models.TextChoices):
        SHIPPING = "shipping", "Shipping"
        BILLING = "billing", "Billing"

    cart = models.ForeignKey(Cart, on_delete=models.CASCADE, related_name="addresses")
    kind = models.CharField(max_length=10, choices=Kind)

    class Meta:
        verbose_name_plural = "cart addresses"
        constraints = [models.UniqueConstraint(fields=["cart", "kind"], name="cart_address_one_of_a_kind")]

    def __str__(self) -> str:
        return f"{self.kind}: {', '.join(self.as_postal_address().lines())}"


class CartLine(models.Model):
    """So many of one variant. ``seen_price`` is what the shopper was told a piece costs when they chose it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    cart = models.ForeignKey(Cart, on_delete=models.CASCADE, related_name="lines")
    variant = models.ForeignKey("catalogue.ProductVariant", on_delete=models.CASCADE, related_name="+")
    quantity = models.PositiveIntegerField()
    seen_price = AmountField(null=True, blank=True)
    added_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["added_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["cart", "variant"], name="cart_line_one_per_variant"),
            models.CheckConstraint(
                name="cart_line_quantity_in_range", condition=Q(quantity__gte=1, quantity__lte=MAX_QUANTITY)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.variant_id}"
