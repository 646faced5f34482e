from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from shop.core.api.serializers import QuantityField, StrictSerializer, TextField
from shop.inventory.allocation import StockStatus, stock_status
from shop.inventory.models import StockMovement
from shop.inventory.services import LARGEST_QUANTITY

# The other kinds are written by shipping and returning orders.
ENTERED_KINDS = (StockMovement.Kind.RECEIPT, StockMovement.Kind.ADJUSTMENT, StockMovement.Kind.CORRECTION)


class StockFilterSerializer(StrictSerializer):
    """What of the stock to list."""

    sku = TextField(required=False, max_length=64, help_text="Exactly this SKU, without regard to case.")
    warehouse = TextField(required=False, max_length=30, help_text="Code of a warehouse.")
    status = serializers.ChoiceField(required=False, choices=StockStatus.choices)


class StockItemSerializer(serializers.Serializer[Any]):
    """One SKU in one warehouse. ``available`` is below zero while more is promised than there is."""

    sku = serializers.CharField(source="variant.sku")
    warehouse = serializers.CharField(source="warehouse.code")
    on_hand = serializers.IntegerField()
    reserved = serializers.IntegerField()
    available = serializers.IntegerField(source="free")
    status = serializers.SerializerMethodField()
    low_stock_threshold = serializers.IntegerField()
    allows_backorder = serializers.BooleanField()

    @extend_schema_field(serializers.ChoiceField(choices=StockStatus.choices))
    def get_status(self, item: Any) -> StockStatus:
        """Name how this stock item alone stands."""
        return stock_status(
            free=item.free, low_from=item.low_stock_threshold, allows_backorder=item.allows_backorder
        )


class MovementFilterSerializer(StrictSerializer):
    """What of the ledger to list."""

    sku = TextField(required=False, max_length=64, help_text="Exactly this SKU, without regard to case.")
    warehouse = TextField(required=False, max_length=30, help_text="Code of a warehouse.")
    reference = TextField(required=False, max_length=100, help_text="Exactly this reference.")


class MovementInputSerializer(StrictSerializer):
    """A movement to enter: goods that came (positive) or went (negative)."""

    sku = TextField(max_length=64)
    warehouse = TextField(max_length=30, help_text="Code of a warehouse, e.g. berlin-1.")
    kind = serializers.ChoiceField(choices=[(kind.value, kind.label) for kind in ENTERED_KINDS])
    quantity = QuantityField(
        min_value=-LARGEST_QUANTITY,
        max_value=LARGEST_QUANTITY,
        help_text="Not zero. Positive for a receipt; otherwise negative for goods that are gone.",
    )
    reference = TextField(required=False, allow_blank=True, max_length=100, default="")
    reason = TextField(required=False, allow_blank=True, max_length=255, default="")


class MovementSerializer(serializers.Serializer[Any]):
    """An entry of the ledger; ``balance_after`` is what lay in the warehouse afterwards."""

    id = serializers.CharField(source="pk")
    sku = serializers.CharField(source="stock_item.variant.sku")
    warehouse = serializers.CharField(source="stock_item.warehouse.code")
    kind = serializers.ChoiceField(choices=StockMovement.Kind.choices)
    quantity = serializers.IntegerField()
    balance_after = serializers.IntegerField()
    reference = serializers.CharField()
    reason = serializers.CharField()
    at = serializers.DateTimeField()
