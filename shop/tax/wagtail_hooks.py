from __future__ import annotations

from wagtail import hooks
from wagtail.admin.menu import MenuItem

from shop.tax.price_notes import explain_tax
from shop.tax.viewsets import TaxRateViewSet

rates = TaxRateViewSet()

# Prices, which know no tax, ask whoever has something to say of one.
hooks.register("nexus_price_notes", explain_tax)


@hooks.register("register_admin_viewset")
def register_tax() -> TaxRateViewSet:
    """Tax rates."""
    return rates


# The menu is shipping's; the hook's name is all that is shared.
@hooks.register("register_shipping_and_tax_menu_item")
def add_rates() -> MenuItem:
    """Tax rates in the menu."""
    return rates.get_menu_item(order=300)
