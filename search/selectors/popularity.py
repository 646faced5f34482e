"""What sells, counted from orders."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet, Sum

from shop.core import clock
from shop.orders.models import OrderLine
from shop.orders.transitions import OrderStatus

LATELY = timedelta(days=90)
NOT_SOLD = (OrderStatus.CANCELLED, OrderStatus.EXPIRED)


def count_sold(product_ids: Collection[int]) -> dict[int, int]:
    """Units of each product in the orders of the last 90 days that stand: one SQL statement."""
    return dict.fromkeys(product_ids, 0) | dict(ask_for_sold(product_ids))


def ask_for_sold(product_ids: Collection[int]) -> QuerySet[Any, Any]:
    """Product and units of what was sold at all."""
    rows: QuerySet[Any, Any] = (
        OrderLine.objects.filter(
            variant__product_id__in=product_ids, order__placed_at__gte=clock.now() - LATELY
        )
        .exclude(order__status__in=NOT_SOLD)
        .order_by()
        .values_list("variant__product_id")
        .annotate(units=Sum("quantity"))
    )
    return rows


def list_ordered_products(order_id: int) -> list[int]:
    """The products of an order that are still there."""
    lines = OrderLine.objects.filter(order_id=order_id, variant__product__isnull=False)
    return list(lines.order_by().values_list("variant__product_id", flat=True).distinct())
