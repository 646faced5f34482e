"""The language of rules: what is read, what is refused and where, and when a rule holds."""

from __future__ import annotations

import contextlib
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.catalogue.predicates import (
    Field,
    InvalidRule,
    Vocabulary,
    describe,
    matches,
    parse,
    to_json,
    validate,
)
from tests.factories.rules import rules


def condition(field: str = "price", op: str = "lte", value: object = "50.00") -> dict[str, object]:
    return {"field": field, "op": op, "value": value}


def refused(rule: object) -> dict[str | None, str]:
    with pytest.raises(InvalidRule) as caught:
        validate(rule)
    return {error.attr: error.detail for error in caught.value.errors}


def test_a_rule_is_kept_in_one_form_however_it_was_written():
    written = {
        "all": [
            condition("price", "lte", 50),
            condition("brand", "in", [" halden ", "halden", "aster"]),
            condition("tag", "in", "gifts"),
        ]
    }

    assert validate(written) == {
        "all": [
            condition("price", "lte", "50"),
            condition("brand", "in", ["aster", "halden"]),
            condition("tag", "in", ["gifts"]),
        ]
    }


@given(rules())
def test_a_kept_rule_is_read_as_itself(rule):
    assert parse(to_json(parse(rule))) == parse(rule)
    assert validate(validate(rule)) == validate(rule)


def test_every_error_has_its_place():
    rule = {
        "all": [
            condition("price", "lte", "cheap"),
            {"any": [condition("colour"), {"not": condition("brand", "lte", "x")}]},
            condition("tag", "in", []),
            condition("stock", "in", ["plenty"]),
            condition("age_days", "lte", "1.5"),
            condition("price", "between", ["9", "1"]),
            condition("on_sale", "is", "yes"),
        ]
    }

    assert refused(rule) == {
        "all.0.value": "Write a number, for example 49.90.",
        "all.1.any.0.field": "Choose what this condition is about.",
        "all.1.any.1.not.op": "Choose one of in, not_in for brand.",
        "all.2.value": "Choose at least one for tag.",
        "all.3.value": "“plenty” is none of backorder, in_stock, low, out_of_stock.",
        "all.4.value": "Write a whole number of days.",
        "all.5.value": "The first number must not be above the second.",
        "all.6.value": "Choose yes or no.",
    }


@pytest.mark.parametrize(
    "value", [True, None, [], "NaN", "Infinity", "1e999", "1e12", "0.1234567", "9" * 200, {"a": 1}]
)
def test_what_is_no_number_is_refused(value):
    assert "all.0.value" in refused({"all": [condition(value=value)]})


@pytest.mark.parametrize("word", ["a b", "'; drop table", "x" * 101, "<b>"])
def test_what_is_no_slug_is_refused(word):
    assert "value" in refused(condition("brand", "in", [word]))


@pytest.mark.parametrize(
    "rule",
    [
        None,
        "price",
        [],
        {},
        {"all": []},
        {"all": {}},
        {"all": [None]},
        {"all": [condition()], "any": [condition()]},
        {"field": "price", "op": "lte"},
        condition() | {"more": 1},
        {"field": ["price"], "op": "lte", "value": 1},
        {"field": "price", "op": ["lte"], "value": 1},
        {"field": "attribute.", "op": "in", "value": ["x"]},
    ],
)
def test_what_is_no_rule_is_refused(rule):
    assert refused(rule)


def test_a_rule_is_bounded_in_depth_nodes_and_values():
    deep: dict[str, object] = condition()
    for _ in range(6):
        deep = {"not": deep}
    values = [f"brand-{number}" for number in range(201)]

    assert "at most" in refused({"any": [condition()] * 100})["any.99"]
    assert "deep at most" in next(iter(refused(deep).values()))
    assert refused(condition("brand", "in", values)) == {"value": "Choose at most 200."}
    assert len(refused({"any": [{"all": [condition()] * 1000}] * 1000})) == 1
    validate({"any": [condition()] * 99})


def test_words_of_a_rule():
    rule = {
        "all": [
            condition("price", "lte", "50.00"),
            {"any": [condition("brand", "in", ["halden", "aster"]), condition("tag", "in", ["gifts"])]},
            {"not": condition("on_sale", "is", True)},
            condition("age_days", "between", [0, 30]),
            condition("attribute.colour", "not_in", ["red"]),
        ]
    }

    assert describe(rule, name=lambda field, word: word.title()) == (
        "price is at most 50.00 and (brand is Aster or Halden or tag is Gifts) and not (reduced is true)"
        " and age is from 0 to 30 days and attribute “colour” is not Red"
    )
    assert describe(None) == "no rule yet"
    assert describe({"all": "?"}) == "a rule that cannot be read"


@pytest.mark.parametrize(
    ("rule", "holds"),
    [
        (condition("price", "lte", "10"), True),
        (condition("price", "lt", "10"), False),
        (condition("price", "between", ["10", "12"]), True),
        (condition("brand", "in", ["halden", "aster"]), True),
        (condition("brand", "not_in", ["halden"]), False),
        (condition("tag", "not_in", ["gifts"]), True),
        (condition("tag", "in", ["gifts"]), False),
        (condition("attribute.width", "gt", "1"), False),
        (condition("on_sale", "is", False), True),
        (condition("attribute.made", "before", "2026-01-01"), True),
        (condition("attribute.made", "gt", "1"), False),
        ({"not": condition("price", "eq", "10.0")}, False),
    ],
)
def test_when_a_rule_holds(rule, holds):
    facts = {
        "price": {Decimal("10.00")},
        "brand": {"halden"},
        "on_sale": {False},
        "attribute.made": {date(2025, 5, 1)},
    }

    assert matches(parse(rule), facts) is holds


def test_another_app_declares_a_vocabulary_of_its_own():
    carts = Vocabulary("carts", [Field("subtotal", "sum of the goods", ("gte",))])

    assert validate(condition("subtotal", "gte", 100), carts) == condition("subtotal", "gte", "100")
    with pytest.raises(InvalidRule):
        validate(condition("price"), carts)
    with pytest.raises(ValueError, match="already"):
        carts.register(Field("subtotal", "again", ()))


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(
                st.sampled_from(["all", "any", "not", "field", "op", "value"]), inner, max_size=3
            )
        ),
    )
)
def test_nothing_but_a_refusal_comes_of_nonsense(nonsense):
    with contextlib.suppress(InvalidRule):
        validate(nonsense)
