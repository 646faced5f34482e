"""What changes prices and price lists. Every function is one transaction, or part of the caller's."""

from shop.pricing.services.conversions import (
    apply_exchange_rates,
    apply_exchange_rates_if_short,
    convert_price_list,
)
from shop.pricing.services.planning import PlanRefused, apply_due_plans, cancel_planned_price, plan_price
from shop.pricing.services.price_lists import (
    PriceListInUse,
    apply_due_price_lists,
    delete_price_list,
    ensure_base_price_list,
    save_price_list,
)
from shop.pricing.services.prices import PricesRefused, bulk_load_prices, set_prices
from shop.pricing.services.rates import fetch_exchange_rates, set_exchange_rate
from shop.pricing.services.writing import PriceChange

__all__ = [
    "PlanRefused",
    "PriceChange",
    "PriceListInUse",
    "PricesRefused",
    "apply_due_plans",
    "apply_due_price_lists",
    "apply_exchange_rates",
    "apply_exchange_rates_if_short",
    "bulk_load_prices",
    "cancel_planned_price",
    "convert_price_list",
    "delete_price_list",
    "ensure_base_price_list",
    "fetch_exchange_rates",
    "plan_price",
    "save_price_list",
    "set_exchange_rate",
    "set_prices",
]
