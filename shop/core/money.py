"""
Money: exact amounts of one currency, and the only place in Nexus where they are rounded.

Everything here works on :class:`decimal.Decimal`; a float is refused wherever one could come in.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cache, total_ordering
from typing import Final

from babel import Locale
from babel.numbers import NumberPattern, get_currency_symbol

# ISO 4217:2015, list one (https://www.six-group.com/en/products-services/financial-information/
# data-standards.html), column "Minor unit". Babel's own table is CLDR's, which differs on purpose
# (IQD has 0 digits there and 3 in the standard), so it is not used for arithmetic.
_ZERO_DIGITS: Final = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_TWO_DIGITS: Final = (
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF "
    "CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ "
    "GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD "
    "MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON "
    "RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS "
    "UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG"
)
_THREE_DIGITS: Final = "BHD IQD JOD KWD LYD OMR TND"
_FOUR_DIGITS: Final = "CLF UYW"

MINOR_DIGITS: Final[dict[str, int]] = {
    code: digits
    for digits, codes in ((0, _ZERO_DIGITS), (2, _TWO_DIGITS), (3, _THREE_DIGITS), (4, _FOUR_DIGITS))
    for code in codes.split()
}

# Wide enough for the sum of a million of the largest amounts that AmountField can hold.
_EXACT: Final = Context(prec=60, rounding=ROUND_HALF_UP)
_HUNDRED: Final = Decimal(100)


class UnknownCurrency(ValueError):
    """A code that ISO 4217 gives no minor unit for."""


class CurrencyMismatch(ValueError):
    """Two currencies met in one sum or comparison."""


class InexactAmount(ValueError):
    """An amount with more digits than its currency has; round it first."""


def minor_digits(currency: str) -> int:
    """
    Return the number of digits after the decimal sign (ISO 4217): EUR 2, JPY 0, KWD 3.

    :raises UnknownCurrency: for anything but an upper-case code of a currency in use
    """
    try:
        return MINOR_DIGITS[currency]
    except (KeyError, TypeError):
        raise UnknownCurrency(f"{currency!r} is not an ISO 4217 currency code.") from None


def minor_unit(currency: str) -> Decimal:
    """Return the smallest amount of a currency: EUR 0.01, JPY 1, KWD 0.001."""
    return Decimal(1).scaleb(-minor_digits(currency))


def round_amount(amount: Decimal, currency: str) -> Decimal:
    """
    Round to the currency's own digits, a half away from zero (``ROUND_HALF_UP``).

    :raises UnknownCurrency: for an unknown code
    :raises ValueError: for NaN and infinities
    """
    _require_decimal(amount)
    rounded = amount.quantize(minor_unit(currency), context=_EXACT)
    # -0.00 would print with its sign.
    return abs(rounded) if rounded.is_zero() else rounded


def _require_decimal(value: object) -> None:
    if not isinstance(value, Decimal):
        raise TypeError(f"An amount is a Decimal, not {type(value).__name__}.")
    if not value.is_finite():
        raise ValueError("An amount is a finite number.")


@total_ordering
@dataclass(frozen=True, slots=True)
class Money:
    """
    An exact amount of one currency, always in whole minor units.

    :raises InexactAmount: when ``amount`` has more digits than the currency (see :meth:`rounded`)
    :raises UnknownCurrency: when ISO 4217 does not know ``currency``
    """

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        rounded = round_amount(self.amount, self.currency)
        if rounded != self.amount:
            raise InexactAmount(f"{self.amount} has more digits than {self.currency}; use Money.rounded().")
        object.__setattr__(self, "amount", rounded)

    @classmethod
    def zero(cls, currency: str) -> Money:
        """Return nothing, in ``currency``."""
        return cls(Decimal(0), currency)

    @classmethod
    def rounded(cls, amount: Decimal, currency: str) -> Money:
        """Return the nearest amount in whole minor units, a half away from zero."""
        return cls(round_amount(amount, currency), currency)

    @classmethod
    def sum(cls, amounts: Iterable[Money], currency: str) -> Money:
        """Add up; ``currency`` says what nothing at all is worth."""
        total = cls.zero(currency)
        for amount in amounts:
            total += amount
        return total

    @classmethod
    def of_minor_units(cls, units: int, currency: str) -> Money:
        """Return so many of the smallest unit: 1250 of EUR is 12.50."""
        return cls(_EXACT.multiply(Decimal(units), minor_unit(currency)), currency)

    @property
    def is_zero(self) -> bool:
        return self.amount.is_zero()

    @property
    def is_negative(self) -> bool:
        return self.amount < 0

    @property
    def minor_units(self) -> int:
        """The amount counted in the smallest unit: 12.50 EUR is 1250."""
        return int(self.amount.scaleb(minor_digits(self.currency), context=_EXACT))

    def as_json(self) -> dict[str, str]:
        """Return ``{"amount": "12.50", "currency": "EUR"}`` with the currency's own digits."""
        return {"amount": format(self.amount, "f"), "currency": self.currency}

    def __str__(self) -> str:
        return f"{self.amount:f} {self.currency}"

    def __bool__(self) -> bool:
        return not self.is_zero

    def __add__(self, other: Money) -> Money:
        if not isinstance(other, Money):
            return NotImplemented
        self._require_same_currency(other)
        return Money(_EXACT.add(self.amount, other.amount), self.currency)

    def __sub__(self, other: Money) -> Money:
        if not isinstance(other, Money):
            return NotImplemented
        self._require_same_currency(other)
        return Money(_EXACT.subtract(self.amount, other.amount), self.currency)

    def __mul__(self, factor: int | Decimal) -> Money:
        if isinstance(factor, bool) or not isinstance(factor, int | Decimal):
            return NotImplemented
        return Money.rounded(_EXACT.multiply(self.amount, Decimal(factor)), self.currency)

    __rmul__ = __mul__

    def __neg__(self) -> Money:
        return Money(-self.amount, self.currency)

    def __abs__(self) -> Money:
        return Money(abs(self.amount), self.currency)

    def __lt__(self, other: Money) -> bool:
        if not isinstance(other, Money):
            return NotImplemented
        self._require_same_currency(other)
        return self.amount < other.amount

    def __eq__(self, other: object) -> bool:
        # Equality across currencies is False, not an error: sets and dictionaries rely on it.
        if not isinstance(other, Money):
            return NotImplemented
        return self.currency == other.currency and self.amount == other.amount

    def __hash__(self) -> int:
        return hash((self.amount, self.currency))

    def _require_same_currency(self, other: Money) -> None:
        if self.currency != other.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency} cannot be mixed.")


def allocate(total: Money, weights: Sequence[int | Decimal]) -> list[Money]:
    """
    Split ``total`` in proportion to ``weights`` so that the parts add up to it exactly.

    Largest remainder: each part is first cut to whole minor units, then the units left over go to the
    largest remainders, the earlier part first where two are equal. When every weight is zero all weigh
    the same. A part never differs from its exact share by a whole minor unit.

    :raises ValueError: for a negative weight, or no weight at all for a total that is not zero
    """
    shares = [Decimal(weight) for weight in weights]
    if any(isinstance(weight, float) for weight in weights) or any(
        not s.is_finite() or s < 0 for s in shares
    ):
        raise ValueError("Weights are integers or decimals, not negative.")
    if not shares:
        if total.is_zero:
            return []
        raise ValueError("There is nothing to spread the amount over.")
    ratios = [share.as_integer_ratio() for share in shares]
    scale = math.lcm(*(denominator for _, denominator in ratios))
    whole = [numerator * (scale // denominator) for numerator, denominator in ratios]
    weight_sum = sum(whole)
    if weight_sum == 0:
        whole, weight_sum = [1] * len(whole), len(whole)

    # Integers from here on: no context precision can bend the result.
    units = abs(total.minor_units)
    parts = [units * weight // weight_sum for weight in whole]
    remainders = [units * weight % weight_sum for weight in whole]
    left_over = units - sum(parts)
    for index in sorted(range(len(parts)), key=lambda i: (-remainders[i], i))[:left_over]:
        parts[index] += 1
    sign = -1 if total.is_negative else 1
    unit = minor_unit(total.currency)
    return [Money(_EXACT.multiply(Decimal(sign * part), unit), total.currency) for part in parts]


def percent_of(amount: Money, percent: Decimal) -> Money:
    """Return so much percent (``Decimal("20")``) of an amount, rounded to whole minor units."""
    _require_decimal(percent)
    return Money.rounded(_EXACT.divide(_EXACT.multiply(amount.amount, percent), _HUNDRED), amount.currency)


def split_gross(gross: Money, rate: Decimal) -> tuple[Money, Money]:
    """
    Return ``(net, tax)`` of an amount that includes tax at ``rate`` percent; they add up to ``gross``.

    :raises ValueError: for a negative rate
    """
    _require_rate(rate)
    exact = _EXACT.divide(_EXACT.multiply(gross.amount, rate), _EXACT.add(_HUNDRED, rate))
    tax = Money.rounded(exact, gross.currency)
    return gross - tax, tax


def tax_on_net(net: Money, rate: Decimal) -> Money:
    """
    Return the tax at ``rate`` percent (``Decimal("19")``) on an amount without tax.

    :raises ValueError: for a negative rate
    """
    _require_rate(rate)
    return Money.rounded(_EXACT.divide(_EXACT.multiply(net.amount, rate), _HUNDRED), net.currency)


def _require_rate(rate: Decimal) -> None:
    _require_decimal(rate)
    if rate < 0:
        raise ValueError("A tax rate is not negative.")


def format_money(money: Money, locale: str = "en") -> str:
    """Return the amount as a reader of ``locale`` writes it, with the currency's ISO 4217 digits."""
    written_locale, pattern = _pattern(locale, minor_digits(money.currency))
    text = pattern.apply(money.amount, written_locale, currency=money.currency, currency_digits=False)
    symbol = get_currency_symbol(money.currency, written_locale)
    # CLDR asks for a space between letters and digits (KWD 1.500), which Babel leaves out.
    return re.sub(rf"({re.escape(symbol)})(?=\d)", "\\1\xa0", text) if symbol[-1].isalpha() else text


@cache
def _pattern(locale: str, digits: int) -> tuple[Locale, NumberPattern]:
    """Return the locale's pattern with our digits: CLDR's own are not ISO 4217's."""
    parsed = Locale.parse(locale.replace("-", "_"))
    standard = parsed.currency_formats["standard"]
    own = NumberPattern(
        standard.pattern,
        standard.prefix,
        standard.suffix,
        standard.grouping,
        standard.int_prec,
        (digits, digits),
        standard.exp_prec,
        standard.exp_plus,
        standard.number_pattern,
    )
    return parsed, own
