from __future__ import annotations

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from wagtail import hooks

from shop.core.dashboard import TODOS_HOOK
from shop.inventory.todos import list_low_stock
from shop.inventory.viewsets import StockGroup


@hooks.register("register_admin_viewset")
def register_stock() -> StockGroup:
    """Stock, movements and warehouses in the menu."""
    return StockGroup()


@hooks.register("register_permissions")
def register_stock_permissions() -> QuerySet[Permission]:
    """Offer these to groups: looking at stock, and changing it."""
    return Permission.objects.filter(
        content_type__app_label="inventory",
        codename__in=["view_stockitem", "change_stockitem", "add_stockmovement"],
    )


hooks.register(TODOS_HOOK, list_low_stock)
