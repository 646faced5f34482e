from __future__ import annotations

import uuid
from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import Combinable
from django.db.models.functions import Lower, Round
from django.db.models.lookups import Exact

from shop.core.fields import AmountField, CurrencyField, RateField
from shop.core.money import Money
from shop.customers.models import PostalAddressFields
from shop.orders.transitions import (
    TRANSITIONS,
    FulfilmentStatus,
    OrderStatus,
    PaymentStatus,
    TransitionNotAllowed,
)


def _exact(amount: Combinable) -> Round:
    # SQLite adds decimals up as floats: 0.1 + 0.2 is compared as 0.3 only when both sides are rounded.
    return Round(amount, precision=4)


class Order(models.Model):
    """
    A sale, with everything that was agreed on as it was agreed on: nothing here follows the catalogue.

    ``total`` is the sum of the lines' ``gross`` and ``shipping_gross``; ``subtotal`` and ``shipping`` are
    what the shopper was shown, with or without tax by ``prices_include_tax``.
    """

    Status: ClassVar = OrderStatus
    PaymentStatus: ClassVar = PaymentStatus
    FulfilmentStatus: ClassVar = FulfilmentStatus

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(max_length=32, unique=True, editable=False)
    token_nonce = models.CharField(max_length=64, editable=False)
    cart_id = models.UUIDField("cart", unique=True, editable=False)
    checkout_key = models.CharField(max_length=64, blank=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="orders"
    )
    email = models.EmailField("e-mail address", max_length=254)
    currency = CurrencyField()
    status = models.CharField(max_length=20, choices=OrderStatus, default=OrderStatus.PENDING_PAYMENT)
    payment_status = models.CharField(
        "payment", max_length=20, choices=PaymentStatus, default=PaymentStatus.UNPAID
    )
    fulfilment_status = models.CharField(
        "fulfilment", max_length=20, choices=FulfilmentStatus, default=FulfilmentStatus.UNFULFILLED
    )
    prices_include_tax = models.BooleanField()
    subtotal = AmountField()
    discount = AmountField(default=Decimal(0))
    shipping = AmountField()
    shipping_gross = AmountField()
    tax = AmountField()
    total = AmountField()
    shipping_method_code = models.CharField(max_length=50)
    shipping_method_name = models.CharField("shipping method", max_length=100)
    # Why each promotion did or did not apply, as the cart was worked out.
    promotion_trace = models.JSONField(
        default=list, blank=True, db_default=models.Value([], output_field=models.JSONField())
    )
    note = models.CharField("note of the shopper", max_length=1000, blank=True)
    locale = models.CharField(max_length=20, default="en")
    placed_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ["-placed_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="orders_amounts_not_negative",
                condition=Q(subtotal__gte=0)
                & Q(discount__gte=0)
                & Q(shipping__gte=0)
                & Q(shipping_gross__gte=0)
                & Q(tax__gte=0)
                & Q(total__gte=0),
            ),
            # The sum that the shopper agreed to, held by the database.
            models.CheckConstraint(
                name="orders_total_adds_up",
                condition=Q(
                    Exact(_exact(F("total") + F("discount")), _exact(F("subtotal") + F("shipping"))),
                    prices_include_tax=True,
                )
                | Q(
                    Exact(
                        _exact(F("total") + F("discount")), _exact(F("subtotal") + F("shipping") + F("tax"))
                    ),
                    prices_include_tax=False,
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["-placed_at", "-id"], name="orders_newest"),
            models.Index(fields=["user", "-placed_at"], name="orders_of_person"),
            models.Index(fields=["status", "-placed_at"], name="orders_by_status"),
            models.Index(fields=["email"], name="orders_by_email"),
            models.Index(Lower("email"), name="orders_by_folded_email"),
        ]
        permissions = [
            ("ship_order", "Can ship orders"),
            ("cancel_order", "Can cancel orders"),
            ("mark_order_paid", "Can mark orders as paid"),
            ("add_order_note", "Can add notes to orders"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def stock_owner(self) -> str:
        """The name under which inventory holds this order's goods."""
        return f"order:{self.public_id}"

    @property
    def event_key(self) -> str:
        """The outbox key: events of one order keep their order."""
        return f"order:{self.number}"

    def money(self, field: str) -> Money:
        """One of the amount columns as money: ``order.money("total")``."""
        return Money(getattr(self, field), self.currency)

    def can_become(self, state: models.TextChoices) -> bool:
        """Whether the tables lead from here to ``state`` of one of the three axes."""
        field, table = TRANSITIONS[type(state)]
        return str(state) in table[getattr(self, field)]

    def transition_to(self, state: models.TextChoices) -> None:
        """
        Go to ``state`` on the axis it belongs to; saving is the service's.

        :raises TransitionNotAllowed: if the table of the axis has no such way
        """
        field, _ = TRANSITIONS[type(state)]
        if not self.can_become(state):
            current = type(state)(getattr(self, field)).label
            raise TransitionNotAllowed(
                f"Order {self.number} is {current.lower()}: it cannot become {state.label.lower()}."
            )
        setattr(self, field, state)

    @property
    def is_cancellable(self) -> bool:
        """Nothing has been sent, and the sale still stands."""
        return (
            self.can_become(OrderStatus.CANCELLED) and self.fulfilment_status == FulfilmentStatus.UNFULFILLED
        )


class OrderAddress(PostalAddressFields):
    """Where the goods, or the invoice, went: a copy, never changed."""

    class Kind(models.TextChoices):
        SHIPPING = "shipping", "Shipping"
        BILLING = "billing", "Billing"

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="addresses")
    kind = models.CharField(max_length=10, choices=Kind)

    class Meta:
        verbose_name_plural = "order addresses"
        constraints = [models.UniqueConstraint(fields=["order", "kind"], name="orders_address_one_of_a_kind")]

    def __str__(self) -> str:
        return f"{self.kind}: {', '.join(self.as_postal_address().lines())}"


class OrderLine(models.Model):
    """
    What was sold, as it stood then. ``revision`` is the product page as the buyer saw it; ``price_trace``
    says which price list gave the price and why the others did not.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    variant = models.ForeignKey(
        "catalogue.ProductVariant", on_delete=models.PROTECT, related_name="order_lines"
    )
    revision = models.ForeignKey(
        "wagtailcore.Revision", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    position = models.PositiveIntegerField()
    sku = models.CharField("SKU", max_length=64)
    title = models.CharField(max_length=255)
    variant_title = models.CharField(max_length=200, blank=True)
    attributes = models.JSONField(default=list, blank=True)
    url = models.CharField(max_length=500, blank=True)
    image_url = models.CharField(max_length=500, blank=True)
    quantity = models.PositiveIntegerField()
    quantity_shipped = models.PositiveIntegerField(default=0)
    unit_price = AmountField()
    discount = AmountField(default=Decimal(0))
    total = AmountField()
    net = AmountField()
    tax = AmountField()
    gross = AmountField()
    tax_rate = RateField()
    tax_name = models.CharField(max_length=100, blank=True)
    price_trace = models.JSONField(default=list, blank=True)
    # Whether it travels, and what one piece of a bundle holds: both as sold, whatever becomes of the type.
    requires_shipping = models.BooleanField(default=True, db_default=True)
    components = models.JSONField(
        default=list, blank=True, db_default=models.Value([], output_field=models.JSONField())
    )
    # Put in by a promotion for nothing; the same goods may stand in a line that was paid for.
    is_gift = models.BooleanField(default=False, db_default=False)

    class Meta:
        ordering = ["order", "position"]
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="orders_line_position"),
            models.UniqueConstraint(
                fields=["order", "variant"],
                condition=Q(is_gift=False),
                name="orders_line_one_per_variant_paid",
            ),
            models.CheckConstraint(
                name="orders_line_shipped_in_range",
                condition=Q(quantity__gte=1) & Q(quantity_shipped__lte=F("quantity")),
            ),
            models.CheckConstraint(
                name="orders_line_gross_adds_up",
                condition=Q(Exact(_exact(F("gross")), _exact(F("net") + F("tax")))),
            ),
            models.CheckConstraint(
                name="orders_line_amounts_not_negative",
                condition=Q(unit_price__gte=0) & Q(discount__gte=0) & Q(net__gte=0) & Q(tax__gte=0),
            ),
        ]
        indexes = [models.Index(fields=["sku"], name="orders_line_sku")]

    def __str__(self) -> str:
        return f"{self.quantity} {self.sku}"

    @property
    def parts(self) -> tuple[tuple[int, int], ...]:
        """What one piece of a bundle takes off the shelves: (variant, quantity); empty for other goods."""
        return tuple((part["variant_id"], part["quantity"]) for part in self.components)

    @property
    def quantity_open(self) -> int:
        """How many of it are still to be sent."""
        return self.quantity - self.quantity_shipped


class OrderTaxLine(models.Model):
    """The tax of one rate over the whole order, shipping included."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="tax_lines")
    position = models.PositiveIntegerField()
    name = models.CharField(max_length=100, blank=True)
    rate = RateField()
    base = AmountField()
    amount = AmountField()

    class Meta:
        ordering = ["order", "position"]
        constraints = [models.UniqueConstraint(fields=["order", "position"], name="orders_tax_line_position")]

    def __str__(self) -> str:
        return f"{self.name} {self.rate} %: {self.amount}"


class OrderDiscount(models.Model):
    """What one promotion took off an order: ``amount`` off its goods, ``shipping`` off its shipping."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="discounts")
    position = models.PositiveIntegerField()
    # Not a foreign key: the order stands, whatever becomes of the promotion.
    promotion_id = models.BigIntegerField()
    name = models.CharField(max_length=100)
    label = models.CharField(max_length=100)
    code = models.CharField("voucher", max_length=40, blank=True)
    amount = AmountField()
    shipping = AmountField(default=Decimal(0))

    class Meta:
        ordering = ["order", "position"]
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="orders_discount_position"),
            models.CheckConstraint(
                name="orders_discount_not_negative", condition=Q(amount__gte=0) & Q(shipping__gte=0)
            ),
        ]
        indexes = [
            models.Index(fields=["promotion_id"], name="orders_discount_promotion"),
            models.Index(fields=["code"], name="orders_discount_code"),
        ]

    def __str__(self) -> str:
        return f"{self.label}: {self.amount}"
