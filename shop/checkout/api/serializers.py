"""What the checkout endpoint takes and gives."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from shop.checkout.services import PlacedOrder
from shop.core.api.serializers import MoneyField, StrictSerializer, TextField
from shop.orders.api.serializers import OrderSerializer
from shop.orders.models import Order
from shop.orders.selectors import order_token, order_url


class PaymentChoiceSerializer(StrictSerializer):
    """By which gateway the shopper pays."""

    gateway = TextField(max_length=30, help_text="For example: manual")


class CheckoutSerializer(StrictSerializer):
    """The cart, the total that was agreed to, and how it is paid."""

    cart = serializers.UUIDField()
    expected_total = MoneyField(help_text="The total that the shopper was shown and agrees to")
    payment = PaymentChoiceSerializer()


class PlacedOrderSerializer(OrderSerializer):
    """The order with its secret, for whoever has just placed it."""

    token = serializers.SerializerMethodField(help_text="Opens the order without signing in. Keep it secret.")
    url = serializers.SerializerMethodField(help_text="The order's page in the shop, token included.")

    def get_token(self, order: Order) -> str:
        return order_token(order)

    def get_url(self, order: Order) -> str:
        return order_url(order)


class NextActionSerializer(serializers.Serializer[Any]):
    """What the shopper does next to pay."""

    type = serializers.CharField(help_text="For example: display_instructions")
    instructions = serializers.CharField(required=False, help_text="How to pay, for the shopper to read")


class PaymentAnswerSerializer(serializers.Serializer[PlacedOrder]):
    """What has become of the payment so far."""

    status = serializers.CharField(source="payment.status")
    gateway = serializers.CharField(source="payment.gateway")
    client_secret = serializers.CharField(required=False, help_text="For the gateway's own script")
    next_action = serializers.SerializerMethodField()

    @extend_schema_field(NextActionSerializer(allow_null=True))
    def get_next_action(self, placed: PlacedOrder) -> dict[str, Any] | None:
        if placed.payment.next_action is None:
            return None
        told = {"instructions": placed.instructions} if placed.instructions else {}
        return {**placed.payment.next_action, **told}

    def to_representation(self, placed: PlacedOrder) -> dict[str, Any]:
        shown = super().to_representation(placed)
        return {name: value for name, value in shown.items() if value not in (None, "")}


class CheckoutAnswerSerializer(serializers.Serializer[PlacedOrder]):
    """The order that was placed, and its payment."""

    order = PlacedOrderSerializer()
    payment = PaymentAnswerSerializer(source="*")
