"""Prices as they look in shops: 12.99, 12.95, 12.45. Pure."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Final

from shop.core.money import minor_digits, round_amount

HUNDRED: Final = Decimal(100)


class Rounding(StrEnum):
    """What the end of a price looks like; said of the smallest unit, so that it holds for every currency."""

    EXACT = "exact"
    NINE = "nine"
    NINETY_FIVE = "ninety-five"
    FIVE = "five"


# How far apart such prices are, and the first of them, in the smallest unit.
_STEPS: Final = {
    Rounding.NINE: (Decimal(10), Decimal(9)),
    Rounding.NINETY_FIVE: (HUNDRED, Decimal(95)),
    Rounding.FIVE: (Decimal(5), Decimal(0)),
}

ROUNDING_CHOICES: Final = (
    (Rounding.EXACT, "To the smallest unit: 12.34"),
    (Rounding.FIVE, "To the nearest 5: 12.35"),
    (Rounding.NINE, "Ending in 9: 12.39"),
    (Rounding.NINETY_FIVE, "Ending in 95: 11.95"),
)


def round_price(amount: Decimal, currency: str, rounding: Rounding) -> Decimal:
    """
    Return the nearest price that ends as wished; of two that are equally near, the higher.

    An amount above zero never becomes zero: it becomes the lowest such price.
    """
    if rounding is Rounding.EXACT:
        return round_amount(amount, currency)
    step, first = _STEPS[rounding]
    digits = minor_digits(currency)
    minor = amount.scaleb(digits)
    steps = ((minor - first) / step).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    lowest = Decimal(0) if first else Decimal(1)
    return (first + max(steps, lowest) * step).scaleb(-digits)


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
