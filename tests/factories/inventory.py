"""Warehouses and stock for tests, entered through the ledger as in real life."""

from __future__ import annotations

from typing import Any

import factory
from factory.django import DjangoModelFactory

from shop.inventory.models import StockItem, Warehouse
from shop.inventory.services import ensure_warehouse, move_stock, set_stock_rules
from tests.factories.catalogue import VariantFactory


class WarehouseFactory(DjangoModelFactory):
    code = factory.Sequence(lambda n: f"warehouse-{n}")
    name = factory.Sequence(lambda n: f"Warehouse {n}")
    country = "DE"

    class Meta:
        model = Warehouse


class StockItemFactory(DjangoModelFactory):
    """``StockItemFactory(variant=lamp, on_hand=5)``, in the main warehouse unless told otherwise."""

    class Meta:
        model = StockItem

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> StockItem:
        variant = kwargs.get("variant") or VariantFactory()
        warehouse = kwargs.get("warehouse") or ensure_warehouse()
        on_hand = kwargs.get("on_hand", 10)
        StockItem.objects.get_or_create(variant=variant, warehouse=warehouse)
        set_stock_rules(
            variant_id=variant.pk,
            warehouse=warehouse,
            allows_backorder=kwargs.get("allows_backorder", False),
            low_stock_threshold=kwargs.get("low_stock_threshold", 0),
            actor=None,
        )
        if on_hand:
            move_stock(
                variant_id=variant.pk, warehouse=warehouse, kind="receipt", quantity=on_hand, reference="test"
            )
        return StockItem.objects.select_related("variant", "warehouse").get(
            variant=variant, warehouse=warehouse
        )
