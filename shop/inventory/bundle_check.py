"""What inventory says before a variant becomes a bundle."""

from __future__ import annotations

from django.db.models import Q

from shop.catalogue.models import ProductVariant
from shop.catalogue.services.bundles import register_bundle_check
from shop.inventory.models import StockItem


def find_own_stock(variant: ProductVariant) -> str:
    """Refuse while pieces lie under its own SKU: nobody would sell them any more."""
    held = (
        StockItem.objects.filter(Q(on_hand__gt=0) | Q(reserved__gt=0), variant=variant)
        .select_related("warehouse")
        .first()
    )
    if held is None:
        return ""
    if held.reserved:
        return f"{held.reserved} of {variant.sku} are promised to orders: send or cancel those first."
    return (
        f"{held.on_hand} of {variant.sku} lie in {held.warehouse.name}: count them to 0 first, because the "
        "stock of a bundle is that of its parts."
    )


def register() -> None:
    """Register it; called once when the app is ready."""
    register_bundle_check(find_own_stock)
