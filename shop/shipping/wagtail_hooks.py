"""
The "Shipping & tax" menu. Tax adds itself to it by the hook alone: neither app knows the other.
"""

from __future__ import annotations

from wagtail import hooks
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem

from shop.shipping.viewsets import ShippingMethodViewSet, ShippingZoneViewSet

MENU_HOOK = "register_shipping_and_tax_menu_item"

zones = ShippingZoneViewSet()
methods = ShippingMethodViewSet()
submenu = Menu(register_hook_name=MENU_HOOK)


@hooks.register("register_admin_viewset")
def register_shipping() -> list[ShippingZoneViewSet | ShippingMethodViewSet]:
    """Zones and methods."""
    return [zones, methods]


@hooks.register(MENU_HOOK)
def add_zones() -> MenuItem:
    """Zones in the menu."""
    return zones.get_menu_item(order=100)


@hooks.register(MENU_HOOK)
def add_methods() -> MenuItem:
    """Methods in the menu."""
    return methods.get_menu_item(order=200)


@hooks.register("register_admin_menu_item")
def register_menu() -> SubmenuMenuItem:
    """Shown to whoever may see anything in it."""
    return SubmenuMenuItem("Shipping & tax", submenu, name="shipping-and-tax", icon_name="site", order=240)
