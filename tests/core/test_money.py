from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.core.money import (
    MINOR_DIGITS,
    CurrencyMismatch,
    InexactAmount,
    Money,
    UnknownCurrency,
    allocate,
    format_money,
    minor_digits,
    minor_unit,
    round_amount,
    split_gross,
    tax_on_net,
)

currencies = st.sampled_from(["EUR", "JPY", "KWD", "CLF", "USD"])
units = st.integers(min_value=-(10**16), max_value=10**16)
rates = st.decimals(min_value=0, max_value=Decimal("99.999"), places=3)
weights = st.one_of(
    st.integers(min_value=0, max_value=10**12),
    st.decimals(min_value=0, max_value=10**9, places=6),
)


@st.composite
def amounts(draw: st.DrawFn, currency: str | None = None) -> Money:
    code = currency or draw(currencies)
    return Money(Decimal(draw(units)) * minor_unit(code), code)


@pytest.mark.parametrize(("currency", "digits"), [("EUR", 2), ("JPY", 0), ("KWD", 3), ("CLF", 4), ("IQD", 3)])
def test_a_currency_has_the_digits_of_iso_4217(currency: str, digits: int) -> None:
    assert minor_digits(currency) == digits


@pytest.mark.parametrize("code", ["eur", "XXX", "EU", "", "EURO", "XAU", None, 978])
def test_what_is_no_currency_is_refused(code: str) -> None:
    with pytest.raises(UnknownCurrency):
        minor_digits(code)


def test_every_code_is_three_capital_letters() -> None:
    assert all(len(code) == 3 and code.isalpha() and code.isupper() for code in MINOR_DIGITS)


@pytest.mark.parametrize(
    ("amount", "currency", "rounded"),
    [
        ("2.675", "EUR", "2.68"),
        ("-2.675", "EUR", "-2.68"),
        ("0.5", "JPY", "1"),
        ("1.0005", "KWD", "1.001"),
        ("-0.001", "EUR", "0.00"),
        ("1E+3", "EUR", "1000.00"),
    ],
)
def test_a_half_is_rounded_away_from_zero(amount: str, currency: str, rounded: str) -> None:
    assert str(round_amount(Decimal(amount), currency)) == rounded


@pytest.mark.parametrize("amount", [1.5, 1, "1", None, True])
def test_only_a_decimal_is_an_amount(amount: object) -> None:
    with pytest.raises(TypeError):
        Money(amount, "EUR")  # type: ignore[arg-type]


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "-Infinity", "sNaN"])
def test_an_amount_is_finite(amount: str) -> None:
    with pytest.raises(ValueError, match="finite"):
        Money(Decimal(amount), "EUR")


def test_more_digits_than_the_currency_has_must_be_rounded_first() -> None:
    with pytest.raises(InexactAmount):
        Money(Decimal("12.345"), "EUR")

    assert Money.rounded(Decimal("12.345"), "EUR") == Money(Decimal("12.35"), "EUR")


@pytest.mark.parametrize(
    ("amount", "currency", "written"),
    [("12.5", "EUR", "12.50"), ("12", "JPY", "12"), ("12.5", "KWD", "12.500"), ("1E+3", "EUR", "1000.00")],
)
def test_json_carries_the_currencys_own_digits(amount: str, currency: str, written: str) -> None:
    assert Money(Decimal(amount), currency).as_json() == {"amount": written, "currency": currency}


def test_two_currencies_never_meet_in_one_sum() -> None:
    euros, dollars = Money(Decimal(1), "EUR"), Money(Decimal(1), "USD")

    for operation in (lambda: euros + dollars, lambda: euros - dollars, lambda: euros < dollars):
        with pytest.raises(CurrencyMismatch):
            operation()
    assert euros != dollars
    assert len({euros, dollars, Money(Decimal("1.00"), "EUR")}) == 2


@pytest.mark.parametrize("factor", [1.5, "2", True, None])
def test_money_is_multiplied_by_whole_numbers_and_decimals_only(factor: object) -> None:
    with pytest.raises(TypeError):
        Money(Decimal(1), "EUR") * factor  # type: ignore[operator]


@given(st.data(), currencies)
def test_sums_are_exact_and_undone_by_subtraction(data: st.DataObject, currency: str) -> None:
    first, second = data.draw(amounts(currency)), data.draw(amounts(currency))

    assert first + second == second + first
    assert first + second - second == first
    assert (first + second).minor_units == first.minor_units + second.minor_units
    assert first + -first == Money.zero(currency)
    assert Money.sum([first, second], currency) == first + second


@given(amounts(), st.integers(min_value=-1000, max_value=1000))
def test_a_multiple_is_repeated_addition(money: Money, factor: int) -> None:
    assert (money * factor).minor_units == money.minor_units * factor
    assert factor * money == money * factor


@given(amounts(), st.decimals(min_value=-100, max_value=100, places=6))
def test_a_product_is_the_nearest_minor_unit(money: Money, factor: Decimal) -> None:
    exact = Fraction(money.amount) * Fraction(factor)

    assert abs(Fraction((money * factor).amount) - exact) <= Fraction(minor_unit(money.currency)) / 2


@given(amounts(), st.lists(weights, min_size=1, max_size=40))
def test_an_allocation_adds_up_and_strays_less_than_a_minor_unit(
    total: Money, parts: list[int | Decimal]
) -> None:
    allocated = allocate(total, parts)

    assert Money.sum(allocated, total.currency) == total
    fractions = [Fraction(part) for part in parts]
    fair = fractions if sum(fractions) else [Fraction(1)] * len(parts)
    for share, money in zip(fair, allocated, strict=True):
        exact = Fraction(total.amount) * share / sum(fair)
        assert abs(Fraction(money.amount) - exact) < Fraction(minor_unit(total.currency))
        assert share or money.is_zero


@given(amounts(), st.lists(weights, min_size=1, max_size=20))
def test_an_allocation_of_a_refund_mirrors_the_charge(total: Money, parts: list[int | Decimal]) -> None:
    assert allocate(-total, parts) == [-part for part in allocate(total, parts)]


def test_left_over_units_go_to_the_largest_remainder_then_to_the_earlier() -> None:
    assert [str(part) for part in allocate(Money(Decimal("0.05"), "EUR"), [1, 1, 1])] == [
        "0.02 EUR",
        "0.02 EUR",
        "0.01 EUR",
    ]
    assert [part.minor_units for part in allocate(Money(Decimal(100), "JPY"), [1, 1, 4])] == [17, 17, 66]


def test_nothing_can_be_spread_over_nothing() -> None:
    assert allocate(Money.zero("EUR"), []) == []
    with pytest.raises(ValueError, match="nothing to spread"):
        allocate(Money(Decimal(1), "EUR"), [])


@pytest.mark.parametrize("parts", [[1, -1], [0.5, 0.5], [Decimal("NaN")]])
def test_odd_weights_are_refused(parts: list[int]) -> None:
    with pytest.raises(ValueError, match="Weights"):
        allocate(Money(Decimal(1), "EUR"), parts)


@given(amounts(), rates)
def test_net_and_tax_of_a_gross_amount_add_up_to_it(gross: Money, rate: Decimal) -> None:
    net, tax = split_gross(gross, rate)

    assert net + tax == gross
    exact = Fraction(gross.amount) * Fraction(rate) / (100 + Fraction(rate))
    assert abs(Fraction(tax.amount) - exact) <= Fraction(minor_unit(gross.currency)) / 2
    assert split_gross(-gross, rate) == (-net, -tax)


@given(amounts(), rates)
def test_tax_on_net_is_the_rounded_product(net: Money, rate: Decimal) -> None:
    expected = (net.amount * rate / 100).quantize(minor_unit(net.currency), ROUND_HALF_UP)

    assert tax_on_net(net, rate).amount == expected


def test_german_vat_of_119_euros_is_19() -> None:
    assert split_gross(Money(Decimal(119), "EUR"), Decimal(19)) == (
        Money(Decimal(100), "EUR"),
        Money(Decimal(19), "EUR"),
    )
    assert tax_on_net(Money(Decimal(100), "EUR"), Decimal("8.875")) == Money(Decimal("8.88"), "EUR")


def test_a_negative_rate_is_refused() -> None:
    with pytest.raises(ValueError, match="rate"):
        split_gross(Money(Decimal(1), "EUR"), Decimal(-1))


@pytest.mark.parametrize(
    ("amount", "currency", "locale", "written"),
    [
        ("1234.5", "EUR", "en", "€1,234.50"),
        ("1234.5", "EUR", "de-DE", "1.234,50\xa0€"),
        ("1234", "JPY", "en", "¥1,234"),
        ("1.5", "KWD", "en", "KWD\xa01.500"),
        ("1.5", "IQD", "en", "IQD\xa01.500"),
        ("-3", "EUR", "en", "-€3.00"),
    ],
)
def test_money_is_written_as_its_reader_does(amount: str, currency: str, locale: str, written: str) -> None:
    assert format_money(Money(Decimal(amount), currency), locale) == written
