from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from shop.core import clock
from shop.core.fields import AmountField, CurrencyField
from shop.customers.models import PostalAddressFields

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from shop.customers.models import User

MAX_QUANTITY = 999
MAX_LINES = 100
MAX_VOUCHERS = 5
LIFETIME = timedelta(days=30)


class CartAddress(PostalAddressFields):
    """Where a cart's goods, or its invoice, shall go. It belongs to one cart and one use of it."""

    class Meta:
        verbose_name_plural = "cart addresses"

    def __str__(self) -> str:
        return ", ".join(self.as_postal_address().lines())


class Cart(models.Model):
    """
    What a shopper means to buy. Its id is a guest's secret; once it is a person's, only they see it.

    A cart holds wishes, never prices: those are computed at every read (``selectors.price_cart``).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="carts"
    )
    email = models.EmailField("e-mail address", max_length=254, blank=True)
    currency = CurrencyField()
    note = models.CharField(max_length=1000, blank=True)
    # Keys on this side, so that a cart is read with its addresses in one statement.
    shipping_address = models.OneToOneField(
        CartAddress, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    billing_address = models.OneToOneField(
        CartAddress, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    shipping_method_code = models.CharField("shipping method", max_length=50, blank=True)
    # As shoppers entered them, in capitals; whether each may be used is asked at every read.
    voucher_codes = models.JSONField(
        "vouchers", default=list, blank=True, db_default=models.Value([], output_field=models.JSONField())
    )
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

    @classmethod
    def unread(cls, *, cart_id: uuid.UUID, user: User | AnonymousUser | None) -> Cart:
        """
        What a caller knows of a cart, for services that read it under lock themselves: it is theirs to see
        only if it is a guest's, or this user's.
        """
        return cls(pk=cart_id, user_id=user.pk if user is not None else None)

    @property
    def is_completed(self) -> bool:
        return self.completed_at is not None


class CartLine(models.Model):
    """So many of one variant. ``seen_price`` is what the shopper was last told that a piece costs."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    cart = models.ForeignKey(Cart, on_delete=models.CASCADE, related_name="lines")
    variant = models.ForeignKey(
        "catalogue.ProductVariant", on_delete=models.CASCADE, related_name="cart_lines"
    )
    quantity = models.PositiveIntegerField()
    # True of lines that only stand for a promotion's gift; those are never saved.
    is_gift = False
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
        return f"{self.quantity} of variant {self.variant_id}"
