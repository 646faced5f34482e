"""What the cart endpoints take and give."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from shop.cart.models import MAX_QUANTITY
from shop.cart.priced import PricedCart, PricedLine
from shop.cart.services import CartChanges
from shop.core.api.serializers import MoneyField, QuantityField, StrictSerializer, TextField
from shop.customers.addresses import PostalAddress
from shop.customers.api.serializers import AddressSerializer


class CreateCartSerializer(StrictSerializer):
    """How a cart begins."""

    currency = serializers.RegexField(
        r"\A[A-Z]{3}\Z", required=False, help_text="ISO 4217, for example: EUR. The shop's own by default."
    )


class AddLineSerializer(StrictSerializer):
    """Goods to be put into a cart."""

    sku = TextField(max_length=64)
    quantity = QuantityField(max_value=MAX_QUANTITY, default=1)


class ChangeLineSerializer(StrictSerializer):
    """How many are wanted."""

    sent_whole = True

    quantity = QuantityField(min_value=0, max_value=MAX_QUANTITY, help_text="0 takes the line out.")


class AddVoucherSerializer(StrictSerializer):
    """A code as the shopper wrote it."""

    code = TextField(max_length=40, help_text="In small letters or capitals, for example: summer-10")


class ChangeCartSerializer(StrictSerializer):
    """Only what is sent is changed; `null` takes an address or the shipping method away."""

    email = serializers.EmailField(max_length=254, required=False, allow_blank=True)
    note = TextField(multiline=True, max_length=1000, required=False, allow_blank=True)
    shipping_address = AddressSerializer(required=False, allow_null=True)
    billing_address = AddressSerializer(required=False, allow_null=True)
    shipping_method = TextField(max_length=50, required=False, allow_null=True, allow_blank=True)
    currency = serializers.RegexField(
        r"\A[A-Z]{3}\Z", required=False, help_text="ISO 4217; everything is priced anew in it."
    )

    def to_changes(self) -> CartChanges:
        """The validated input as the service takes it."""
        changes = dict(self.validated_data)
        for name in ("shipping_address", "billing_address"):
            if changes.get(name) is not None:
                changes[name] = PostalAddress.from_mapping(changes[name])
        return CartChanges(**changes)


class LineImageSerializer(serializers.Serializer[Any]):
    """A picture of what is bought."""

    url = serializers.CharField()
    alt = serializers.CharField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()


class CartComponentSerializer(serializers.Serializer[Any]):
    """A part of a bundle."""

    sku = serializers.CharField()
    title = serializers.CharField()
    quantity = serializers.IntegerField(help_text="Pieces in one bundle")


class CartLineSerializer(serializers.Serializer[PricedLine]):
    """One line, priced at this moment."""

    id = serializers.UUIDField()
    sku = serializers.CharField()
    title = serializers.CharField()
    variant_title = serializers.CharField()
    url = serializers.CharField(help_text="Empty when the product is no longer on sale")
    image = LineImageSerializer(allow_null=True)
    quantity = serializers.IntegerField()
    unit_price = MoneyField(allow_null=True, help_text="Null when the line is no longer on sale")
    compare_at_price = MoneyField(allow_null=True)
    lowest_price_30_days = MoneyField(
        allow_null=True, help_text="Beside a reduced price: the lowest of the 30 days before the reduction."
    )
    discount = MoneyField()
    total = MoneyField()
    available = serializers.IntegerField(
        source="orderable",
        help_text="How many can be ordered now, 0 to 999, within the limit per order and beside what the "
        "lines before it take",
    )
    requires_shipping = serializers.BooleanField(help_text="False for digital goods and gift cards")
    components = CartComponentSerializer(many=True, help_text="What one piece of a bundle holds; else empty")
    max_per_order = serializers.IntegerField(
        allow_null=True, help_text="How many of it one order may hold; null: no limit of its own"
    )
    available_from = serializers.DateTimeField(
        allow_null=True, help_text="When its sale begins, if it has a day"
    )
    is_gift = serializers.BooleanField(
        help_text="Put in by a promotion for nothing; it has no line to change"
    )


class TotalsSerializer(serializers.Serializer[Any]):
    """The sums of a cart."""

    subtotal = MoneyField()
    discount = MoneyField()
    shipping = MoneyField()
    tax = MoneyField()
    total = MoneyField()


class TaxLineSerializer(serializers.Serializer[Any]):
    """The tax of one rate."""

    name = serializers.CharField()
    rate = serializers.DecimalField(max_digits=6, decimal_places=3, help_text="In percent")
    base = MoneyField()
    amount = MoneyField()


class WarningSerializer(serializers.Serializer[Any]):
    """Something that has changed since the shopper chose."""

    code = serializers.ChoiceField(
        choices=[
            "price_changed",
            "insufficient_stock",
            "line_unavailable",
            "not_available_yet",
            "no_longer_available",
            "max_per_order_exceeded",
            "shipping_method_unavailable",
            "voucher_unknown",
            "voucher_expired",
            "voucher_not_applicable",
            "voucher_used_up",
            "gift_unavailable",
        ]
    )
    line = serializers.UUIDField(allow_null=True)
    detail = serializers.CharField()


class CartVoucherSerializer(serializers.Serializer[Any]):
    """A voucher that was entered."""

    code = serializers.CharField()
    label = serializers.CharField(  # type: ignore[assignment]  # a field of that name, not the field's label
        help_text="What its promotion is called; empty where it is refused"
    )
    refusal = serializers.CharField(
        help_text="Empty, or why it gives nothing: `voucher_unknown`, `voucher_expired`, "
        "`voucher_not_applicable`, `voucher_used_up`"
    )


class CartDiscountSerializer(serializers.Serializer[Any]):
    """What one promotion takes off."""

    label = serializers.CharField()  # type: ignore[assignment]  # a field of that name
    code = serializers.CharField(help_text="The voucher that opened it, or empty")
    amount = MoneyField(help_text="Off the goods")
    shipping = MoneyField(help_text="Off the shipping")


class CartSerializer(serializers.Serializer[PricedCart]):
    """A cart as the contract describes it, priced at this moment."""

    id = serializers.UUIDField(source="cart.id")
    currency = serializers.CharField()
    email = serializers.CharField(source="cart.email")
    note = serializers.CharField(source="cart.note")
    lines = CartLineSerializer(many=True)
    shipping_address = AddressSerializer(allow_null=True)
    billing_address = AddressSerializer(allow_null=True)
    shipping_method = serializers.SerializerMethodField()
    vouchers = CartVoucherSerializer(many=True)
    discounts = CartDiscountSerializer(
        many=True, help_text="What each promotion takes off, shipping included; `totals.discount` is of goods"
    )
    prices_include_tax = serializers.BooleanField()
    requires_shipping = serializers.BooleanField(
        help_text="False when nothing in it travels: checkout then needs no shipping address and method"
    )
    totals = TotalsSerializer()
    tax_lines = TaxLineSerializer(source="totals.tax_lines", many=True)
    warnings = WarningSerializer(many=True)
    completed_at = serializers.DateTimeField(source="cart.completed_at", allow_null=True)
    updated_at = serializers.DateTimeField(source="cart.updated_at")

    def get_shipping_method(self, priced: PricedCart) -> str | None:
        return priced.cart.shipping_method_code or None


class ShippingOptionSerializer(serializers.Serializer[Any]):
    """A way to send the cart."""

    code = serializers.CharField(help_text="For `shipping_method` of the cart")
    name = serializers.CharField()
    description = serializers.CharField()
    price = MoneyField()
    min_days = serializers.IntegerField()
    max_days = serializers.IntegerField()


class ShippingOptionsSerializer(serializers.Serializer[Any]):
    """A list like every other; there are few, so they all stand on one page."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = ShippingOptionSerializer(many=True)
