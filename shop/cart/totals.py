"""The one place where sums are made. Pure: values in, values out; only ``core.money`` rounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from shop.core.money import Money, split_gross, tax_on_net
from shop.tax.calculation import (
    UNTAXED,
    Rate,
    TaxableLine,
    TaxedLine,
    TaxLine,
    calculate_tax,
    spread_shipping,
)


@dataclass(frozen=True, slots=True)
class LineInput:
    """
    So many pieces at a price; ``key`` names the line for the caller.

    ``discount`` comes off the whole line and is as shoppers see prices, with or without tax.
    """

    key: str
    unit_price: Money
    includes_tax: bool
    quantity: int
    tax_class: str
    discount: Money | None = None
    # Given away: its discount is all that it costs.
    is_free: bool = False


@dataclass(frozen=True, slots=True)
class LineTotals:
    """
    A line with its sums. ``unit_price``, ``discount`` and ``total`` are as shoppers see prices (with or
    without tax): ``total`` is quantity times unit price less the discount. ``net + tax == gross`` is owed.
    """

    key: str
    unit_price: Money
    discount: Money
    total: Money
    net: Money
    tax: Money
    gross: Money
    tax_rate: Decimal
    tax_name: str


@dataclass(frozen=True, slots=True)
class Totals:
    """
    The sums of a cart. ``total`` is what is to be paid: ``subtotal - discount + shipping``, plus ``tax``
    where prices are shown without it; always the lines' gross and ``shipping_gross`` together.
    """

    subtotal: Money
    discount: Money
    shipping: Money
    shipping_gross: Money
    tax: Money
    total: Money
    tax_lines: tuple[TaxLine, ...]
    lines: tuple[LineTotals, ...]


def calculate_totals(
    *,
    lines: Sequence[LineInput],
    shipping: Money,
    rates: Mapping[str, Rate],
    prices_include_tax: bool,
    rounding: str,
    currency: str,
) -> Totals:
    """
    Add a cart up.

    :param shipping: what is to be paid for it, as shoppers see it, with or without tax like every other price
    :param rates: by tax class; goods of another class are untaxed
    :param rounding: where tax is rounded, ``line`` or ``rate_group``
    :raises shop.core.money.CurrencyMismatch: for a price in another currency
    :raises ValueError: for a discount larger than its line
    """
    units = [price_as_shown(line, rates, prices_include_tax=prices_include_tax) for line in lines]
    before = [unit * line.quantity for line, unit in zip(lines, units, strict=True)]
    zero = Money.zero(currency)
    discounts = [
        amount if line.is_free else line.discount or zero for line, amount in zip(lines, before, strict=True)
    ]
    goods = [
        TaxableLine(
            key=line.key,
            amount=amount - discount,
            tax_class=line.tax_class,
            includes_tax=prices_include_tax,
        )
        for line, amount, discount in zip(lines, before, discounts, strict=True)
    ]
    parcels = spread_shipping(shipping=shipping, goods=goods, includes_tax=prices_include_tax)
    taxed = calculate_tax(lines=[*goods, *parcels], rates=rates, rounding=rounding, currency=currency)
    return Totals(
        subtotal=Money.sum(before, currency),
        discount=Money.sum(discounts, currency),
        shipping=shipping,
        shipping_gross=Money.sum((line.gross for line in taxed.lines[len(goods) :]), currency),
        tax=taxed.tax,
        total=taxed.gross,
        tax_lines=taxed.tax_lines,
        lines=tuple(
            _line_totals(unit, line, tax, discount=discount)
            for unit, line, tax, discount in zip(units, goods, taxed.lines, discounts, strict=False)
        ),
    )


def price_as_shown(line: LineInput, rates: Mapping[str, Rate], *, prices_include_tax: bool) -> Money:
    """
    Return the price of one piece as the shop shows prices. A list on the other basis is converted piece by
    piece, so that quantity times unit price is the line's total to the last digit.
    """
    if line.includes_tax == prices_include_tax:
        return line.unit_price
    rate = rates.get(line.tax_class, UNTAXED).rate
    if prices_include_tax:
        return line.unit_price + tax_on_net(line.unit_price, rate)
    return split_gross(line.unit_price, rate)[0]


def _line_totals(unit: Money, line: TaxableLine, taxed: TaxedLine, *, discount: Money) -> LineTotals:
    return LineTotals(
        key=line.key,
        unit_price=unit,
        discount=discount,
        total=line.amount,
        net=taxed.net,
        tax=taxed.tax,
        gross=taxed.gross,
        tax_rate=taxed.rate,
        tax_name=taxed.name,
    )
