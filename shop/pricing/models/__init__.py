from shop.pricing.models.currencies import CurrencySettings, ExchangeRate, OfferedCurrency
from shop.pricing.models.price_lists import PriceList, PriceListPeriod
from shop.pricing.models.prices import PlannedPrice, Price, PriceHistory

__all__ = [
    "CurrencySettings",
    "ExchangeRate",
    "OfferedCurrency",
    "PlannedPrice",
    "Price",
    "PriceHistory",
    "PriceList",
    "PriceListPeriod",
]
