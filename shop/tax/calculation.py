"""How much tax: pure arithmetic on values. Rates come from ``selectors``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from enum import StrEnum
from typing import Final

from shop.core.money import Money, allocate

# Exact enough that no sum of a cart can be bent by it; only ``core.money`` rounds to minor units.
_EXACT: Final = Context(prec=60)
_HUNDRED: Final = Decimal(100)


class Rounding(StrEnum):
    """Where tax is rounded to minor units: the values of ``ShopSettings.tax_rounding``."""

    LINE = "line"
    RATE_GROUP = "rate_group"


@dataclass(frozen=True, slots=True)
class Rate:
    """A tax as it stands on the bill; ``rate`` is in percent."""

    name: str
    rate: Decimal


UNTAXED: Final = Rate(name="", rate=Decimal(0))


@dataclass(frozen=True, slots=True)
class TaxableLine:
    """An amount to be taxed, discounts already taken off. ``key`` names it for the caller."""

    key: str
    amount: Money
    tax_class: str
    includes_tax: bool


@dataclass(frozen=True, slots=True)
class TaxedLine:
    """A line with its tax; ``net + tax == gross`` always."""

    key: str
    net: Money
    tax: Money
    gross: Money
    rate: Decimal
    name: str


@dataclass(frozen=True, slots=True)
class TaxLine:
    """What the bill says of one rate; ``base`` is without tax."""

    name: str
    rate: Decimal
    base: Money
    amount: Money


@dataclass(frozen=True, slots=True)
class TaxResult:
    """All lines in the order they were given, the bill's lines by rate (highest first), and the sums."""

    lines: tuple[TaxedLine, ...]
    tax_lines: tuple[TaxLine, ...]
    net: Money
    tax: Money
    gross: Money


def calculate_tax(
    *, lines: Sequence[TaxableLine], rates: Mapping[str, Rate], rounding: str, currency: str
) -> TaxResult:
    """
    Tax every line at the rate of its class; a class without a rate is untaxed.

    Whatever the rounding, each line's net and tax add up to its gross, an amount that includes tax stays what
    it is as gross and one that does not as net, and the bill's lines add up to the lines.

    :param rounding: ``line``: each line's tax is rounded; ``rate_group``: the sum of a rate is rounded once
        and spread over its lines by largest remainder
    :param currency: of every line; says what nothing at all is worth
    :raises shop.core.money.CurrencyMismatch: for a line in another currency
    :raises ValueError: for a negative amount or rate
    """
    for line in lines:
        Money.zero(currency) + line.amount  # refuses another currency
        if line.amount.is_negative:
            raise ValueError(f"{line.key}: an amount to be taxed is not negative.")
    line_rates = [rates.get(line.tax_class, UNTAXED) for line in lines]
    if any(rate.rate < 0 for rate in line_rates):
        raise ValueError("A tax rate is not negative.")
    exact = [_exact_tax(line, rate.rate) for line, rate in zip(lines, line_rates, strict=True)]
    taxes = _round(exact, line_rates, rounding=Rounding(rounding), currency=currency)
    taxed = tuple(_taxed(line, rate, tax) for line, rate, tax in zip(lines, line_rates, taxes, strict=True))
    return TaxResult(
        lines=taxed,
        tax_lines=_tax_lines(taxed, currency),
        net=Money.sum((line.net for line in taxed), currency),
        tax=Money.sum((line.tax for line in taxed), currency),
        gross=Money.sum((line.gross for line in taxed), currency),
    )


def _exact_tax(line: TaxableLine, rate: Decimal) -> Decimal:
    product = _EXACT.multiply(line.amount.amount, rate)
    return _EXACT.divide(product, _EXACT.add(_HUNDRED, rate) if line.includes_tax else _HUNDRED)


def _round(
    exact: Sequence[Decimal], line_rates: Sequence[Rate], *, rounding: Rounding, currency: str
) -> list[Money]:
    if rounding is Rounding.LINE:
        return [Money.rounded(tax, currency) for tax in exact]
    groups: dict[Rate, list[int]] = defaultdict(list)
    for index, rate in enumerate(line_rates):
        groups[rate].append(index)
    taxes = [Money.zero(currency)] * len(exact)
    for indexes in groups.values():
        total = Decimal(0)
        for index in indexes:
            total = _EXACT.add(total, exact[index])
        shares = allocate(Money.rounded(total, currency), [exact[index] for index in indexes])
        for index, share in zip(indexes, shares, strict=True):
            taxes[index] = share
    return taxes


def _taxed(line: TaxableLine, rate: Rate, tax: Money) -> TaxedLine:
    net = line.amount - tax if line.includes_tax else line.amount
    return TaxedLine(key=line.key, net=net, tax=tax, gross=net + tax, rate=rate.rate, name=rate.name)


def _tax_lines(lines: Sequence[TaxedLine], currency: str) -> tuple[TaxLine, ...]:
    groups: dict[tuple[Decimal, str], list[TaxedLine]] = defaultdict(list)
    for line in lines:
        if line.rate:
            groups[line.rate, line.name].append(line)
    return tuple(
        TaxLine(
            name=name,
            rate=rate,
            base=Money.sum((line.net for line in group), currency),
            amount=Money.sum((line.tax for line in group), currency),
        )
        for (rate, name), group in sorted(groups.items(), key=lambda item: (-item[0][0], item[0][1]))
    )


def spread_shipping(
    *, shipping: Money, goods: Sequence[TaxableLine], includes_tax: bool, key: str = "shipping"
) -> list[TaxableLine]:
    """
    Split the price of shipping over the tax classes of the goods, so that it is taxed as they are.

    Shipping is ancillary to the goods and shares their rates in proportion to their value (Directive
    2006/112/EC, art. 78(b)). Without goods there is nothing to follow: the whole is one line of no class.

    :returns: one line per tax class in the order of the goods, keyed ``shipping:<class>``
    """
    values: dict[str, Decimal] = {}
    for line in goods:
        values[line.tax_class] = _EXACT.add(values.get(line.tax_class, Decimal(0)), line.amount.amount)
    if not values:
        return [TaxableLine(key=f"{key}:", amount=shipping, tax_class="", includes_tax=includes_tax)]
    parts = allocate(shipping, list(values.values()))
    return [
        TaxableLine(key=f"{key}:{tax_class}", amount=part, tax_class=tax_class, includes_tax=includes_tax)
        for tax_class, part in zip(values, parts, strict=True)
    ]
