"""Sums of carts against an independent recomputation in fractions, in currencies of 2, 0 and 3 digits."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from shop.cart.totals import LineInput, Totals, calculate_totals
from shop.core.money import Money
from shop.tax.calculation import Rate

DIGITS = {"EUR": 2, "JPY": 0, "KWD": 3}
RATES = {
    "standard": Rate("VAT", Decimal("19")),
    "reduced": Rate("VAT", Decimal("7")),
    "odd": Rate("GST", Decimal("8.875")),
    "zero": Rate("", Decimal(0)),
}

Cart = tuple[str, list[LineInput], Money, bool, str]


@st.composite
def carts(draw: st.DrawFn) -> Cart:
    currency = draw(st.sampled_from(sorted(DIGITS)))

    def money(most: int) -> Money:
        return Money(Decimal(draw(st.integers(0, most))).scaleb(-DIGITS[currency]), currency)

    lines = [
        LineInput(
            key=str(position),
            unit_price=money(10_000_000),
            includes_tax=draw(st.booleans()),
            quantity=draw(st.integers(1, 999)),
            tax_class=draw(st.sampled_from([*sorted(RATES), "unknown"])),
        )
        for position in range(draw(st.integers(0, 6)))
    ]
    rounding = draw(st.sampled_from(["line", "rate_group"]))
    return currency, lines, money(100_000), draw(st.booleans()), rounding


def add_up(cart: Cart) -> Totals:
    currency, lines, shipping, prices_include_tax, rounding = cart
    return calculate_totals(
        lines=lines,
        shipping=shipping,
        rates=RATES,
        prices_include_tax=prices_include_tax,
        rounding=rounding,
        currency=currency,
    )


def units(money: Money) -> int:
    """Minor units, by string and not by the code under test."""
    whole, _, decimals = money.as_json()["amount"].partition(".")
    return int(whole + decimals)


def half_up(value: Fraction) -> int:
    return int(value + Fraction(1, 2))


def rate_of(tax_class: str) -> Fraction:
    return Fraction(RATES[tax_class].rate) / 100 if tax_class in RATES else Fraction(0)


def shown_price(line: LineInput, *, prices_include_tax: bool) -> int:
    price, rate = units(line.unit_price), rate_of(line.tax_class)
    if line.includes_tax == prices_include_tax:
        return price
    if prices_include_tax:
        return price + half_up(price * rate)
    return price - half_up(price * rate / (1 + rate))


def tax_of(amount: int, rate: Fraction, *, included: bool) -> Fraction:
    return amount * rate / (1 + rate) if included else amount * rate


@given(carts())
def test_lines_and_subtotal_are_quantity_times_the_price_shown(cart: Cart) -> None:
    _, lines, _, prices_include_tax, _ = cart

    totals = add_up(cart)

    expected = [shown_price(line, prices_include_tax=prices_include_tax) * line.quantity for line in lines]
    assert [units(line.total) for line in totals.lines] == expected
    assert units(totals.subtotal) == sum(expected)


@given(carts())
def test_the_total_is_what_is_shown_and_what_is_owed(cart: Cart) -> None:
    _, _, shipping, prices_include_tax, _ = cart

    totals = add_up(cart)

    shown = units(totals.subtotal) - units(totals.discount) + units(shipping)
    assert units(totals.total) == shown + (0 if prices_include_tax else units(totals.tax))
    owed = sum(units(line.gross) for line in totals.lines) + units(totals.shipping_gross)
    assert units(totals.total) == owed
    assert all(units(line.net) + units(line.tax) == units(line.gross) for line in totals.lines)


@given(carts())
def test_tax_lines_add_up_to_the_tax_and_name_every_rate_once(cart: Cart) -> None:
    totals = add_up(cart)

    assert sum(units(line.amount) for line in totals.tax_lines) == units(totals.tax)
    names = [(line.name, line.rate) for line in totals.tax_lines]
    assert len(names) == len(set(names))


@given(carts())
def test_tax_rounded_by_line_is_the_exact_tax_of_each_line_rounded_once(cart: Cart) -> None:
    currency, lines, shipping, prices_include_tax, _ = cart

    totals = add_up((currency, lines, shipping, prices_include_tax, "line"))

    for line, sums in zip(lines, totals.lines, strict=True):
        amount = shown_price(line, prices_include_tax=prices_include_tax) * line.quantity
        exact = tax_of(amount, rate_of(line.tax_class), included=prices_include_tax)
        assert units(sums.tax) == half_up(exact)


@given(carts())
def test_tax_rounded_by_rate_is_within_half_a_unit_of_the_exact_tax_of_each_rate(cart: Cart) -> None:
    currency, lines, _, prices_include_tax, _ = cart
    nothing = Money.zero(currency)

    totals = add_up((currency, lines, nothing, prices_include_tax, "rate_group"))

    for tax_line in totals.tax_lines:
        exact = sum(
            (
                tax_of(
                    shown_price(line, prices_include_tax=prices_include_tax) * line.quantity,
                    rate_of(line.tax_class),
                    included=prices_include_tax,
                )
                for line in lines
                if line.tax_class in RATES and RATES[line.tax_class] == Rate(tax_line.name, tax_line.rate)
            ),
            Fraction(0),
        )
        assert units(tax_line.amount) == half_up(exact)


@given(carts())
def test_the_order_of_the_lines_changes_no_total(cart: Cart) -> None:
    currency, lines, shipping, prices_include_tax, _ = cart

    forwards = add_up((currency, lines, shipping, prices_include_tax, "line"))
    backwards = add_up((currency, lines[::-1], shipping, prices_include_tax, "line"))

    assert forwards.subtotal == backwards.subtotal
    if prices_include_tax:
        assert forwards.total == backwards.total
