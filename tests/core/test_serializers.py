from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.exceptions import ValidationError

from shop.core.api.problems import flatten_errors
from shop.core.api.serializers import MoneyField, QuantityField, TextField
from shop.core.money import MINOR_DIGITS, Money, minor_unit
from tests.core.sample_api import OrderSerializer

TOTAL = {"amount": "12.50", "currency": "EUR"}


def errors_of(data: Any) -> list[tuple[str, str | None]]:
    serializer = OrderSerializer(data=data)
    assert not serializer.is_valid()
    details = ValidationError(serializer.errors).get_full_details()
    return [(item.code, item.attr) for item in flatten_errors(details)]


def code_of(field: Any, value: Any) -> str:
    with pytest.raises(ValidationError) as refused:
        field.run_validation(value)
    return refused.value.get_codes()[0]


def test_money_goes_in_and_out_in_the_same_form() -> None:
    money = MoneyField().run_validation(TOTAL)

    assert money == Money(Decimal("12.50"), "EUR")
    assert MoneyField().to_representation(money) == TOTAL


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (12.5, "not_an_object"),
        ("12.50", "not_an_object"),
        ([TOTAL], "not_an_object"),
        ({"amount": "12.50"}, "required"),
        ({**TOTAL, "digits": 2}, "unknown_field"),
        ({**TOTAL, "amount": 12.5}, "invalid_amount"),
        ({**TOTAL, "amount": 12}, "invalid_amount"),
        ({**TOTAL, "amount": True}, "invalid_amount"),
        ({**TOTAL, "amount": None}, "invalid_amount"),
        ({**TOTAL, "amount": "NaN"}, "invalid_amount"),
        ({**TOTAL, "amount": "Infinity"}, "invalid_amount"),
        ({**TOTAL, "amount": "1e3"}, "invalid_amount"),
        ({**TOTAL, "amount": "+1.00"}, "invalid_amount"),
        ({**TOTAL, "amount": " 1.00"}, "invalid_amount"),
        ({**TOTAL, "amount": "1.00\n"}, "invalid_amount"),
        ({**TOTAL, "amount": "01.00"}, "invalid_amount"),
        ({**TOTAL, "amount": "1,00"}, "invalid_amount"),
        ({**TOTAL, "amount": "\uff11.00"}, "invalid_amount"),
        ({**TOTAL, "amount": "9" * 15 + ".00"}, "invalid_amount"),
        ({**TOTAL, "amount": "12.5"}, "wrong_digits"),
        ({**TOTAL, "amount": "12"}, "wrong_digits"),
        ({"amount": "12.00", "currency": "JPY"}, "wrong_digits"),
        ({**TOTAL, "amount": "-1.00"}, "negative"),
        ({**TOTAL, "currency": "eur"}, "unknown_currency"),
        ({**TOTAL, "currency": "XXX"}, "unknown_currency"),
        ({**TOTAL, "currency": ["EUR"]}, "unknown_currency"),
    ],
)
def test_what_is_not_exactly_money_is_refused(value: Any, code: str) -> None:
    assert code_of(MoneyField(), value) == code


@given(st.sampled_from(sorted(MINOR_DIGITS)), st.integers(min_value=0, max_value=10**14 - 1))
def test_every_amount_survives_the_wire(currency: str, units: int) -> None:
    money = Money(units * minor_unit(currency), currency)

    assert MoneyField().run_validation(money.as_json()) == money


@pytest.mark.parametrize("value", [True, False, 1.0, "1", None, [1], Decimal(1)])
def test_only_a_json_integer_is_a_quantity(value: Any) -> None:
    assert code_of(QuantityField(), value) in {"not_an_integer", "null"}


@pytest.mark.parametrize(
    ("value", "code"), [(0, "min_value"), (-1, "min_value"), (1000, "max_value"), (10**30, "max_value")]
)
def test_a_quantity_is_1_to_999(value: int, code: str) -> None:
    assert code_of(QuantityField(), value) == code
    assert QuantityField().run_validation(999) == 999
    assert QuantityField(min_value=0).run_validation(0) == 0


@pytest.mark.parametrize("value", ["a\x00b", "a\x1bb", "a\x7fb", "a\x85b", "a\ud800b", "a\nb", "a\u2028b"])
def test_control_characters_are_refused_in_a_line_of_text(value: str) -> None:
    assert code_of(TextField(), value) in {
        "control_characters",
        "null_characters_not_allowed",
        "surrogate_characters_not_allowed",
    }


@pytest.mark.parametrize("value", [1, True, 1.5, ["a"], {"a": 1}])
def test_only_a_string_is_text(value: Any) -> None:
    assert code_of(TextField(), value) == "invalid"


def test_text_is_bounded_trimmed_and_composed() -> None:
    assert TextField(multiline=True).run_validation("first\nsecond\tthird") == "first\nsecond\tthird"
    assert TextField().run_validation("  Ä  ") == "Ä"
    assert code_of(TextField(), "a" * 256) == "max_length"


def test_unknown_fields_are_refused_wherever_they_are() -> None:
    lines = [{"sku": "A", "quantity": 1}, {"sku": "B", "quantity": 1, "price": "0.01"}]

    assert errors_of({"expected_total": TOTAL, "lines": lines, "discount": 100}) == [
        ("unknown_field", "lines.1.price"),
        ("unknown_field", "discount"),
    ]


def test_every_mistake_is_told_at_once_with_its_path() -> None:
    errors = errors_of({"lines": [{"sku": "A\x00", "quantity": 0}], "plain": "a\x07b", "oops": 1})

    assert set(errors) == {
        ("required", "expected_total"),
        ("control_characters", "lines.0.sku"),
        ("min_value", "lines.0.quantity"),
        ("control_characters", "plain"),
        ("unknown_field", "oops"),
    }
