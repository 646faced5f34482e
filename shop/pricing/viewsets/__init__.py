"""What merchandisers find under "Prices" in the admin's menu."""

from shop.pricing.viewsets.price_lists import PriceListViewSet
from shop.pricing.viewsets.rates import ExchangeRateViewSet

__all__ = ["ExchangeRateViewSet", "PriceListViewSet"]
