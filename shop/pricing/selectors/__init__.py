"""Reads of prices."""

from shop.pricing.quoting import Quote, TraceStep
from shop.pricing.selectors.conflicts import Conflict, list_conflicts
from shop.pricing.selectors.currencies import (
    fetches_rates,
    find_exchange_rate,
    list_offered_currencies,
    list_priced_currencies,
)
from shop.pricing.selectors.lists import (
    PricingContext,
    ask_for_price_groups,
    get_base_price_list,
    list_planned_prices,
    list_price_history,
    list_prices,
    list_serving_price_lists,
)
from shop.pricing.selectors.lowest import lowest_prices_30_days
from shop.pricing.selectors.quotes import HeldPrices, Tiers, load_prices, quote_prices
from shop.pricing.selectors.turns import ask_for_price_turns, read_price_turns

__all__ = [
    "Conflict",
    "HeldPrices",
    "PricingContext",
    "Quote",
    "Tiers",
    "TraceStep",
    "ask_for_price_groups",
    "ask_for_price_turns",
    "fetches_rates",
    "find_exchange_rate",
    "get_base_price_list",
    "list_conflicts",
    "list_offered_currencies",
    "list_planned_prices",
    "list_price_history",
    "list_priced_currencies",
    "list_prices",
    "list_serving_price_lists",
    "load_prices",
    "lowest_prices_30_days",
    "quote_prices",
    "read_price_turns",
]
