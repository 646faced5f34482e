"""What pricing says of a bundle while it is being put together."""

from __future__ import annotations

from collections.abc import Mapping

from shop.catalogue.bundle_figures import Figure, register_bundle_figures
from shop.core import clock
from shop.core.money import Money, format_money
from shop.core.selectors import get_shop_settings
from shop.pricing.selectors import PricingContext, quote_prices


def sum_prices(pieces: Mapping[int, int]) -> list[Figure]:
    """Add up what the parts cost everybody in the shop's own currency: one query."""
    currency = get_shop_settings().default_currency
    quotes = quote_prices(
        variant_ids=pieces, context=PricingContext(currency=currency, at=clock.now()), quantities=pieces
    )
    if len(quotes) < len(pieces):
        return [Figure("Sum of the parts' prices", "A part has no price")]
    total = Money.sum((quotes[pk].amount * quantity for pk, quantity in pieces.items()), currency)
    return [Figure("Sum of the parts' prices", format_money(total))]


def register() -> None:
    """Register it; called once when the app is ready."""
    register_bundle_figures(sum_prices)
