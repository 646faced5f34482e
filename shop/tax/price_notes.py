"""What tax has to say of a price, for staff who ask why it is what it is."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from shop.core.money import format_money, split_gross, tax_on_net
from shop.tax.selectors import get_rates


def explain_tax(variant: Any, quote: Any, country: str, at: datetime) -> list[str]:
    """Say which tax is in the price of one piece, or comes on top of it, in the country: one query."""
    rate = get_rates(country=country, at=at).get(variant.tax_class.code)
    if rate is None:
        return [f"In {country} no tax rate is set for “{variant.tax_class}”: nothing is added or contained."]
    if quote.includes_tax:
        net, tax = split_gross(quote.amount, rate.rate)
        return [f"{rate.name} in {country}: {format_money(net)} net and {format_money(tax)} tax, contained."]
    tax = tax_on_net(quote.amount, rate.rate)
    return [f"{rate.name} in {country}: {format_money(tax)} tax comes on top of it."]
