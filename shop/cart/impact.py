"""What publishing a product means for shoppers who are about to buy it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from shop.cart.models import Cart
from shop.catalogue.impact import Impact, register_impact
from shop.catalogue.models import ProductPage
from shop.core import clock


def count_open_carts(product: ProductPage, user: Any) -> Iterable[Impact]:
    """Carts that hold one of its variants and may still be ordered."""
    carts = Cart.objects.filter(
        lines__variant__product=product, completed_at__isnull=True, expires_at__gt=clock.now()
    )
    count = carts.order_by().values("pk").distinct().count()
    note = (
        "Keep what is in them, and show the new words at their next look. Prices do not change by publishing."
        if count
        else "Nobody has it in a cart at the moment."
    )
    return [Impact(heading="Open carts", count=count, note=note, order=10)]


def register() -> None:
    """Register it; called once when the app is ready."""
    register_impact(count_open_carts)
