from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.core.money import CurrencyMismatch, Money, minor_unit
from shop.tax.calculation import Rate, TaxableLine, calculate_tax, spread_shipping

RATES = {
    "standard": Rate("VAT 19%", Decimal(19)),
    "reduced": Rate("VAT 7%", Decimal(7)),
    "sales": Rate("Sales tax", Decimal("8.875")),
}


def line(amount, tax_class="standard", *, includes_tax=True, key="1", currency="EUR"):
    return TaxableLine(
        key=key, amount=Money(Decimal(amount), currency), tax_class=tax_class, includes_tax=includes_tax
    )


def tax(*lines, rounding="line", currency="EUR"):
    return calculate_tax(lines=lines, rates=RATES, rounding=rounding, currency=currency)


def test_tax_is_taken_out_of_a_price_that_includes_it():
    result = tax(line("119.00"))

    assert (result.net.amount, result.tax.amount, result.gross.amount) == (100, 19, 119)


def test_tax_is_put_on_a_price_that_does_not_include_it():
    result = tax(line("100.00", includes_tax=False))

    assert (result.net.amount, result.tax.amount, result.gross.amount) == (100, 19, 119)


def test_the_bill_has_a_line_per_rate_the_highest_first():
    result = tax(line("10.70", "reduced"), line("119.00"), line("11.90"), line("5.00", "untaxed"))

    assert [(row.name, row.base.amount, row.amount.amount) for row in result.tax_lines] == [
        ("VAT 19%", Decimal("110.00"), Decimal("20.90")),
        ("VAT 7%", Decimal("10.00"), Decimal("0.70")),
    ]


def test_a_class_without_a_rate_is_untaxed():
    result = tax(line("5.00", "untaxed"))

    assert (result.tax.amount, result.net.amount, result.lines[0].rate) == (0, 5, 0)


def test_line_and_group_rounding_differ_where_many_halves_meet():
    # Each 0.03 holds 0.00479 of tax: nothing line by line, one cent for ten of them together is 0.05.
    lines = [line("0.03", key=str(n)) for n in range(10)]

    assert tax(*lines, rounding="line").tax.amount == Decimal("0.00")
    assert tax(*lines, rounding="rate_group").tax.amount == Decimal("0.05")


def test_yen_and_dinars_are_rounded_to_their_own_digits():
    yen = tax(line("1000", "reduced", currency="JPY"), currency="JPY")
    dinar = tax(line("1.000", "reduced", includes_tax=False, currency="KWD"), currency="KWD")

    assert (yen.tax.amount, dinar.tax.amount) == (65, Decimal("0.070"))


def test_an_empty_cart_owes_nothing():
    result = tax()

    assert (result.gross, result.tax_lines) == (Money.zero("EUR"), ())


def test_another_currency_and_a_negative_amount_are_mistakes_of_the_caller():
    with pytest.raises(CurrencyMismatch):
        tax(line("1.00", currency="USD"))
    with pytest.raises(ValueError, match="not negative"):
        tax(line("-1.00"))
    with pytest.raises(ValueError, match="sometimes"):
        tax(line("1.00"), rounding="sometimes")


def lines_in(currency):
    unit = minor_unit(currency)
    return st.lists(
        st.builds(
            TaxableLine,
            key=st.just("x"),
            amount=st.integers(0, 10**9).map(lambda units: Money(units * unit, currency)),
            tax_class=st.sampled_from([*RATES, "untaxed"]),
            includes_tax=st.booleans(),
        ),
        max_size=12,
    )


carts = st.sampled_from(["EUR", "JPY", "KWD"]).flatmap(lambda code: st.tuples(st.just(code), lines_in(code)))


@given(cart=carts, rounding=st.sampled_from(["line", "rate_group"]))
def test_the_sums_always_agree(cart, rounding):
    currency, lines = cart

    result = calculate_tax(lines=lines, rates=RATES, rounding=rounding, currency=currency)

    assert result.net + result.tax == result.gross
    assert Money.sum((row.amount for row in result.tax_lines), currency) == result.tax
    untaxed = Money.sum((row.net for row in result.lines if not row.rate), currency)
    assert Money.sum((row.base for row in result.tax_lines), currency) + untaxed == result.net
    for given_line, taxed in zip(lines, result.lines, strict=True):
        assert taxed.net + taxed.tax == taxed.gross
        assert (taxed.gross if given_line.includes_tax else taxed.net) == given_line.amount
        assert taxed.tax.amount >= 0


@given(cart=carts, rounding=st.sampled_from(["line", "rate_group"]))
def test_no_line_and_no_rate_is_off_by_a_whole_minor_unit(cart, rounding):
    currency, lines = cart
    unit = minor_unit(currency)

    result = calculate_tax(lines=lines, rates=RATES, rounding=rounding, currency=currency)

    exact_by_rate: dict[Decimal, Decimal] = {}
    for given_line, taxed in zip(lines, result.lines, strict=True):
        divisor = 100 + taxed.rate if given_line.includes_tax else Decimal(100)
        exact = given_line.amount.amount * taxed.rate / divisor
        exact_by_rate[taxed.rate] = exact_by_rate.get(taxed.rate, Decimal(0)) + exact
        # A share of a rounded sum may lie a unit beside the exact one, and half of one more by rounding.
        assert abs(taxed.tax.amount - exact) <= (unit / 2 if rounding == "line" else unit * Decimal("1.5"))
    if rounding == "rate_group":
        for row in result.tax_lines:
            assert abs(row.amount.amount - exact_by_rate[row.rate]) <= unit / 2


@given(cart=carts, units=st.integers(0, 10**6))
def test_shipping_is_spread_over_the_goods_to_the_last_unit(cart, units):
    currency, goods = cart
    shipping = Money(units * minor_unit(currency), currency)

    parts = spread_shipping(shipping=shipping, goods=goods, includes_tax=True)

    assert Money.sum((part.amount for part in parts), currency) == shipping
    assert {part.tax_class for part in parts} == ({row.tax_class for row in goods} or {""})


def test_shipping_shares_the_rates_of_the_goods_by_their_value():
    goods = [line("30.00"), line("10.00", "reduced")]

    parts = spread_shipping(shipping=Money(Decimal("4.00"), "EUR"), goods=goods, includes_tax=True)

    assert [(part.key, part.amount.amount) for part in parts] == [
        ("shipping:standard", 3),
        ("shipping:reduced", 1),
    ]
