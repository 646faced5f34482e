"""Stock on the home page: what runs out of the goods that the reader works on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from shop.catalogue.permissions import is_bound_to_folders, reachable_products
from shop.core import clock
from shop.core.dashboard import NAMED, Todo, TodoList, bounded
from shop.inventory.models import StockItem
from shop.inventory.selectors import with_free


def list_low_stock(request: HttpRequest) -> Iterator[TodoList]:
    """Stock at or below its threshold, the scarcest first; nothing for those who may not see stock."""
    user = request.user
    if not user.has_perm("inventory.view_stockitem") and not user.has_perm("inventory.change_stockitem"):
        return
    todos = [
        Todo(
            title=f"{item.variant.product.title}: {item.variant.sku}",
            url=reverse("catalogue_variants", args=[item.variant.product_id]),
            detail=f"{max(item.free, 0)} left in {item.warehouse} (low from {item.low_stock_threshold})",
        )
        for item in _list_low(user)
    ]
    yield bounded("low-stock", "Low stock of your goods", todos, order=40, more_url=reverse("stock:index"))


def _list_low(user: Any) -> list[Any]:
    # What has expired can only make more of it free: asked first, that leaves few rows to be counted.
    low: QuerySet[Any] = StockItem.objects.filter(
        low_stock_threshold__gt=0,
        on_hand__lte=F("reserved") + F("low_stock_threshold"),
        allows_backorder=False,
        warehouse__is_active=True,
        variant__archived_at__isnull=True,
        variant__product__live=True,
    )
    if is_bound_to_folders(user):
        low = low.filter(variant__product__in=reachable_products(user))
    counted: QuerySet[Any] = with_free(low, at=clock.now())
    return list(
        counted.filter(free__lte=F("low_stock_threshold"))
        .select_related("variant__product", "warehouse")
        .order_by("free", "variant_id")[: NAMED + 1]
    )
