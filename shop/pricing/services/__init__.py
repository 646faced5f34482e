"""What changes prices and price lists. Every function is one transaction, or part of the caller's."""

from shop.pricing.services.price_lists import (
    apply_due_price_lists,
    delete_price_list,
    ensure_base_price_list,
    save_price_list,
)
from shop.pricing.services.prices import PriceChange, PricesRefused, bulk_load_prices, set_prices

__all__ = [
    "PriceChange",
    "PricesRefused",
    "apply_due_price_lists",
    "bulk_load_prices",
    "delete_price_list",
    "ensure_base_price_list",
    "save_price_list",
    "set_prices",
]
