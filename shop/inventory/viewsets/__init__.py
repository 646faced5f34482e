"""What ops and merchandisers find under "Stock" in the admin's menu."""

from wagtail.admin.viewsets.base import ViewSetGroup

from shop.inventory.viewsets.movements import MovementViewSet
from shop.inventory.viewsets.stock import StockViewSet
from shop.inventory.viewsets.warehouses import WarehouseViewSet


class StockGroup(ViewSetGroup):
    """Stock, its ledger, its places."""

    items = (StockViewSet, MovementViewSet, WarehouseViewSet)
    menu_label = "Stock"
    menu_icon = "table"
    menu_order = 230
