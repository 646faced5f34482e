"""What merchandisers find under "Prices" in the admin's menu."""

from shop.pricing.viewsets.price_lists import PriceListViewSet

__all__ = ["PriceListViewSet"]
