from __future__ import annotations

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from wagtail import hooks

from shop.pricing.bulk import ChangePrices
from shop.pricing.viewsets import PriceListViewSet

hooks.register("register_bulk_action", ChangePrices)


@hooks.register("register_admin_viewset")
def register_prices() -> PriceListViewSet:
    """Price lists in the menu."""
    return PriceListViewSet()


@hooks.register("register_permissions")
def register_price_permissions() -> QuerySet[Permission]:
    """Offer these to groups: looking at prices, and setting them."""
    return Permission.objects.filter(
        content_type__app_label="pricing", codename__in=["view_pricelist", "change_price"]
    )
