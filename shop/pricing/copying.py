"""Prices of copied variants."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from shop.catalogue.services.copy import register_variant_copier
from shop.pricing.models import Price
from shop.pricing.services import PriceChange, set_prices

if TYPE_CHECKING:
    from shop.customers.models import User


def copy_prices(copies: Mapping[int, int], actor: User | None, at: datetime) -> None:
    """Give each copy the prices of its original, in every list and from every quantity on."""
    prices = Price.objects.filter(variant_id__in=copies).select_related("price_list").order_by("pk")
    changes = [
        PriceChange(
            variant_id=copies[price.variant_id],
            price_list_code=price.price_list.code,
            amount=price.amount,
            compare_at=price.compare_at,
            min_quantity=price.min_quantity,
        )
        for price in prices
    ]
    if changes:
        set_prices(changes=changes, actor=actor, reason="copy", at=at)


def register() -> None:
    """Take part in copying variants; called once when the app is ready."""
    register_variant_copier(copy_prices)
