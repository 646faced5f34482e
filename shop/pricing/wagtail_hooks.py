from __future__ import annotations

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from wagtail import hooks
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from shop.pricing.bulk import ChangePrices
from shop.pricing.models import ExchangeRate, PriceList
from shop.pricing.viewsets import ExchangeRateViewSet, PriceListViewSet

hooks.register("register_bulk_action", ChangePrices)
# Whoever may change price lists may enter the rates that they are converted by.
register_permission_policy(ExchangeRate, ModelPermissionPolicy(PriceList))


@hooks.register("register_admin_viewset")
def register_prices() -> PriceListViewSet:
    """Price lists in the menu."""
    return PriceListViewSet()


@hooks.register("register_admin_viewset")
def register_rates() -> ExchangeRateViewSet:
    """Exchange rates; the price lists lead there."""
    return ExchangeRateViewSet()


@hooks.register("register_permissions")
def register_price_permissions() -> QuerySet[Permission]:
    """Offer these to groups: looking at prices, and setting them."""
    return Permission.objects.filter(
        content_type__app_label="pricing", codename__in=["view_pricelist", "change_price"]
    )
