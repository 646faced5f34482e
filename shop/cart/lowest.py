"""The 30-day price beside reduced lines of a cart, for those who show them. Part of `selectors` in rank."""

from __future__ import annotations

from dataclasses import replace

from shop.cart.priced import PricedCart
from shop.cart.selectors import pricing_context
from shop.core.selectors import get_shop_settings
from shop.pricing.selectors import lowest_prices_30_days


def with_lowest_prices(priced: PricedCart) -> PricedCart:
    """
    The cart with the lowest price of the 30 days before beside each reduced line (98/6/EC, art. 6a).

    No query while nothing is reduced, else five. Ordering needs none of this, so pricing leaves it out.
    """
    reduced = [line.variant_id for line in priced.lines if line.is_reduced]
    if not reduced:
        return priced
    context = pricing_context(priced.cart, get_shop_settings(), at=priced.at)
    lowest = lowest_prices_30_days(variant_ids=reduced, context=context)
    return replace(
        priced,
        lines=[
            replace(line, lowest_price_30_days=lowest.get(line.variant_id)) if line.is_reduced else line
            for line in priced.lines
        ],
    )
