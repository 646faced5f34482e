"""Prices as they look in shops: 12.99, 12.95, 12.00. Pure."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Final

from babel.core import get_global

from shop.core.money import minor_digits, round_amount

HUNDRED: Final = Decimal(100)


class Rounding(StrEnum):
    """What the end of a price looks like; said of the smallest unit, so that it holds for every currency."""

    EXACT = "exact"
    NINE = "nine"
    NINETY_FIVE = "ninety-five"
    FIVE = "five"
    WHOLE = "whole"
    CASH = "cash"


# How far apart such prices are, and the first of them, in the smallest unit.
_STEPS: Final = {
    Rounding.NINE: (Decimal(10), Decimal(9)),
    Rounding.NINETY_FIVE: (HUNDRED, Decimal(95)),
    Rounding.FIVE: (Decimal(5), Decimal(0)),
    Rounding.WHOLE: (HUNDRED, Decimal(0)),
}

ROUNDING_CHOICES: Final = (
    (Rounding.EXACT, "To the smallest unit: 12.34"),
    (Rounding.FIVE, "To the nearest 5: 12.35"),
    (Rounding.NINE, "Ending in 9: 12.39"),
    (Rounding.NINETY_FIVE, "Ending in 95: 11.95"),
    (Rounding.WHOLE, "Ending in 00: 12.00"),
    (Rounding.CASH, "To the smallest coin: 12.35 in CHF"),
)


def cash_step(currency: str) -> Decimal:
    """
    Return the smallest coin of a currency in its smallest unit: CHF 5, DKK 50, CZK 100, EUR 1.

    CLDR's supplemental data (``currencyData/fractions``, cashDigits and cashRounding) knows them.
    """
    fractions = get_global("currency_fractions")
    _, _, cash_digits, cash_rounding = fractions.get(currency, fractions["DEFAULT"])
    coin = Decimal(cash_rounding or 1).scaleb(minor_digits(currency) - cash_digits)
    # CLDR's digits are not ISO 4217's for every currency; nothing is smaller than the smallest unit.
    return max(coin, Decimal(1))


def round_price(amount: Decimal, currency: str, rounding: Rounding) -> Decimal:
    """
    Return the nearest price that ends as wished; of two that are equally near, the higher.

    An amount above zero never becomes zero: it becomes the lowest such price.
    """
    if rounding is Rounding.EXACT:
        return round_amount(amount, currency)
    step, first = (cash_step(currency), Decimal(0)) if rounding is Rounding.CASH else _STEPS[rounding]
    digits = minor_digits(currency)
    minor = amount.scaleb(digits)
    steps = ((minor - first) / step).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    lowest = Decimal(0) if first else Decimal(1)
    return (first + max(steps, lowest) * step).scaleb(-digits)


def convert_price(amount: Decimal, currency: str, *, rate: Decimal, rounding: Rounding) -> Decimal:
    """
    Return an amount of another currency at ``rate`` units of ``currency``, rounded by the rule.

    What is free stays free; what costs something never becomes free, and two amounts keep their order.
    """
    if amount == 0:
        return Decimal(0)
    converted = round_price(amount * rate, currency, rounding)
    return converted or Decimal(1).scaleb(-minor_digits(currency))


def change_price(
    amount: Decimal,
    currency: str,
    *,
    percent: Decimal = Decimal(0),
    plus: Decimal = Decimal(0),
    rounding: Rounding = Rounding.EXACT,
) -> Decimal | None:
    """Return the price raised by so many percent and so much, rounded; ``None`` if nothing is left of it."""
    changed = amount * (HUNDRED + percent) / HUNDRED + plus
    return round_price(changed, currency, rounding) if changed > 0 else None
