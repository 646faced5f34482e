"""What publishing a product means for orders: nothing, and it is good to know."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from shop.catalogue.impact import Impact, register_impact
from shop.catalogue.models import ProductPage
from shop.orders.models import Order
from shop.orders.transitions import OrderStatus


def count_orders(product: ProductPage, user: Any) -> Iterable[Impact]:
    """Orders that are not sent yet and hold one of its variants."""
    orders = Order.objects.filter(
        lines__variant__product=product, status__in=[OrderStatus.PENDING_PAYMENT, OrderStatus.CONFIRMED]
    )
    return [
        Impact(
            heading="Orders under way",
            count=orders.order_by().values("pk").distinct().count(),
            note="Stay as they were placed: an order keeps its own copy of what was bought.",
            order=40,
        )
    ]


def register() -> None:
    """Register it; called once when the app is ready."""
    register_impact(count_orders)
