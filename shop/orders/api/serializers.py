"""What the order endpoints take and give."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from shop.core.api.serializers import MoneyField, QuantityField, StrictSerializer, TextField
from shop.core.money import Money
from shop.customers.api.serializers import AddressSerializer
from shop.orders.models import Order, OrderAddress
from shop.orders.selectors import order_address
from shop.orders.services import ShipmentLine
from shop.orders.transitions import FulfilmentStatus, OrderStatus, PaymentStatus


class AmountOf(MoneyField):
    """An amount column as money, in the currency of the row or of its order."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, **kwargs)

    def get_attribute(self, instance: Any) -> Money:
        owner = instance if hasattr(instance, "currency") else instance.order
        return Money(getattr(instance, str(self.source)), owner.currency)


class OrderComponentSerializer(serializers.Serializer[Any]):
    """A part of a bundle, as it was sold."""

    sku = serializers.CharField()
    title = serializers.CharField()
    quantity = serializers.IntegerField(help_text="Pieces in one bundle")


class OrderLineSerializer(serializers.Serializer[Any]):
    """What was sold, as it was sold."""

    id = serializers.UUIDField(source="public_id")
    sku = serializers.CharField()
    title = serializers.CharField()
    variant_title = serializers.CharField()
    attributes = serializers.JSONField(help_text="As on the cart line: slug, name, value, label")
    url = serializers.CharField()
    image_url = serializers.CharField()
    quantity = serializers.IntegerField()
    quantity_shipped = serializers.IntegerField()
    unit_price = AmountOf()
    discount = AmountOf()
    total = AmountOf()
    net = AmountOf()
    tax = AmountOf()
    gross = AmountOf()
    tax_rate = serializers.DecimalField(max_digits=6, decimal_places=3)
    tax_name = serializers.CharField()
    requires_shipping = serializers.BooleanField(help_text="False for what is handed over without a parcel.")
    components = OrderComponentSerializer(many=True, help_text="What one piece of a bundle held; else empty.")
    is_gift = serializers.BooleanField(help_text="Put in by a promotion for nothing.")


class OrderTaxLineSerializer(serializers.Serializer[Any]):
    """The tax of one rate."""

    name = serializers.CharField()
    rate = serializers.DecimalField(max_digits=6, decimal_places=3)
    base = AmountOf()
    amount = AmountOf()


class OrderDiscountSerializer(serializers.Serializer[Any]):
    """What one promotion took off."""

    label = serializers.CharField()  # type: ignore[assignment]  # a field of that name
    code = serializers.CharField(help_text="The voucher that opened it, or empty")
    amount = AmountOf(help_text="Off the goods")
    shipping = AmountOf(help_text="Off the shipping")


class OrderPaymentSerializer(serializers.Serializer[Any]):
    """One attempt to pay."""

    id = serializers.UUIDField(source="public_id")
    gateway = serializers.CharField()
    status = serializers.CharField()
    amount = AmountOf()
    captured = AmountOf()
    refunded = AmountOf()
    created_at = serializers.DateTimeField()


class FulfilmentLineSerializer(serializers.Serializer[Any]):
    """So many of an order line in a parcel."""

    id = serializers.UUIDField(source="order_line.public_id", help_text="The order line's id")
    sku = serializers.CharField(source="order_line.sku")
    quantity = serializers.IntegerField()


class FulfilmentSerializer(serializers.Serializer[Any]):
    """One parcel."""

    id = serializers.UUIDField(source="public_id")
    lines = FulfilmentLineSerializer(many=True)
    carrier = serializers.CharField()
    tracking_number = serializers.CharField()
    tracking_url = serializers.CharField()
    shipped_at = serializers.DateTimeField()
    delivered_at = serializers.DateTimeField(allow_null=True)


class OrderEventSerializer(serializers.Serializer[Any]):
    """One entry of the timeline."""

    kind = serializers.CharField()
    at = serializers.DateTimeField()


class OrderAddressesSerializer(serializers.Serializer[Order]):
    """Where goods and invoice went."""

    shipping = serializers.SerializerMethodField()
    billing = serializers.SerializerMethodField()

    @extend_schema_field(AddressSerializer)
    def get_shipping(self, order: Order) -> dict[str, str] | None:
        return self._address(order, OrderAddress.Kind.SHIPPING)

    @extend_schema_field(AddressSerializer)
    def get_billing(self, order: Order) -> dict[str, str] | None:
        return self._address(order, OrderAddress.Kind.BILLING)

    def _address(self, order: Order, kind: str) -> dict[str, str] | None:
        address = order_address(order, kind)
        return address.as_json() if address else None


class OrderShippingSerializer(serializers.Serializer[Order]):
    """How the goods are sent."""

    method = serializers.CharField(source="shipping_method_code")
    name = serializers.CharField(source="shipping_method_name")
    price = AmountOf(source="shipping")


class OrderTotalsSerializer(serializers.Serializer[Order]):
    """What is to be paid."""

    subtotal = AmountOf()
    discount = AmountOf()
    shipping = AmountOf()
    tax = AmountOf()
    total = AmountOf()


class OrderSummarySerializer(serializers.Serializer[Any]):
    """An order in a list."""

    number = serializers.CharField()
    status = serializers.ChoiceField(choices=OrderStatus.choices)
    payment_status = serializers.ChoiceField(choices=PaymentStatus.choices)
    fulfilment_status = serializers.ChoiceField(choices=FulfilmentStatus.choices)
    placed_at = serializers.DateTimeField()
    email = serializers.EmailField()
    currency = serializers.CharField()
    total = AmountOf()


class OrderSerializer(serializers.Serializer[Order]):
    """An order as the contract describes it; lines are as they were sold."""

    number = serializers.CharField()
    status = serializers.ChoiceField(choices=OrderStatus.choices)
    payment_status = serializers.ChoiceField(choices=PaymentStatus.choices)
    fulfilment_status = serializers.ChoiceField(choices=FulfilmentStatus.choices)
    placed_at = serializers.DateTimeField()
    email = serializers.EmailField()
    currency = serializers.CharField()
    note = serializers.CharField()
    lines = OrderLineSerializer(many=True)
    addresses = OrderAddressesSerializer(source="*")
    shipping = OrderShippingSerializer(source="*")
    prices_include_tax = serializers.BooleanField()
    totals = OrderTotalsSerializer(source="*")
    tax_lines = OrderTaxLineSerializer(many=True)
    discounts = OrderDiscountSerializer(many=True)
    payments = OrderPaymentSerializer(many=True)
    fulfilments = FulfilmentSerializer(many=True)
    returns = serializers.SerializerMethodField()
    events = OrderEventSerializer(many=True)

    @extend_schema_field(serializers.ListField(child=serializers.DictField()))
    def get_returns(self, order: Order) -> list[Any]:
        return []


class StepSerializer(serializers.Serializer[Any]):
    """One step on the way to the buyer."""

    kind = serializers.CharField(help_text="placed, paid, packed, shipped, delivered, cancelled or expired")
    at = serializers.DateTimeField()
    carrier = serializers.CharField(required=False)
    tracking_number = serializers.CharField(required=False)
    tracking_url = serializers.CharField(required=False)


class TrackingSerializer(serializers.Serializer[Any]):
    """Where the order stands."""

    number = serializers.CharField()
    status = serializers.ChoiceField(choices=OrderStatus.choices)
    fulfilment_status = serializers.ChoiceField(choices=FulfilmentStatus.choices)
    timeline = StepSerializer(many=True)


class CancelOrderSerializer(StrictSerializer):
    """Why the order is cancelled."""

    reason = TextField(required=False, allow_blank=True, default="", max_length=255)


class FindOrderSerializer(StrictSerializer):
    """What a buyer remembers of an order."""

    number = TextField(max_length=32)
    email = serializers.EmailField(max_length=254)


class ShipmentLineSerializer(StrictSerializer):
    """So many of an order line to be sent."""

    id = serializers.UUIDField(help_text="The order line's id")
    quantity = QuantityField()


class ShipOrderSerializer(StrictSerializer):
    """Without `lines`, everything that is left is sent."""

    lines = ShipmentLineSerializer(many=True, required=False, allow_empty=False)
    carrier = TextField(max_length=100, required=False, allow_blank=True, default="")
    tracking_number = TextField(max_length=100, required=False, allow_blank=True, default="")
    tracking_url = serializers.URLField(max_length=500, required=False, allow_blank=True, default="")

    def to_service(self) -> dict[str, Any]:
        """The validated input as ``ship_order`` takes it."""
        data = dict(self.validated_data)
        lines = data.pop("lines", None)
        shipment = [ShipmentLine(line_id=line["id"], quantity=line["quantity"]) for line in lines or []]
        return {**data, "lines": shipment if lines is not None else None}


class NoteSerializer(StrictSerializer):
    """A note to be left."""

    text = TextField(multiline=True, max_length=4000)


class NoteEntrySerializer(serializers.Serializer[Any]):
    """A note that was left."""

    text = serializers.CharField()
    author = serializers.SerializerMethodField()
    created_at = serializers.DateTimeField()

    def get_author(self, note: Any) -> str:
        return str(note.author) if note.author else ""


class OpsOrderSerializer(OrderSerializer):
    """An order as staff see it."""

    notes = NoteEntrySerializer(many=True)


class OrderFilterSerializer(StrictSerializer):
    """The query parameters of the ops list."""

    search = TextField(required=False, max_length=100)
    status = serializers.ChoiceField(choices=OrderStatus.choices, required=False)
    payment_status = serializers.ChoiceField(choices=PaymentStatus.choices, required=False)
    fulfilment_status = serializers.ChoiceField(choices=FulfilmentStatus.choices, required=False)
    placed_from = serializers.DateTimeField(required=False)
    placed_until = serializers.DateTimeField(required=False, help_text="Not part of the answer itself")
