from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.core.money import Money
from shop.pricing.quoting import Candidate, choose_price


def candidate(code, kind, amount, **overrides):
    return Candidate(
        **{
            "price_list_code": code,
            "kind": kind,
            "priority": 0,
            "is_for_group": False,
            "is_for_site": False,
            "includes_tax": True,
            "currency": "EUR",
            "amount": Decimal(amount),
            "compare_at": None,
            "min_quantity": 1,
            **overrides,
        }
    )


def quote(*candidates, quantity=1):
    return choose_price(variant_id=1, candidates=candidates, quantity=quantity)


def euro(amount):
    return Money(Decimal(amount), "EUR")


def test_the_base_price_counts_where_nothing_else_does():
    found = quote(candidate("base", "base", "20"))

    assert (found.amount, found.compare_at, found.price_list_code) == (euro("20.00"), None, "base")
    assert not found.is_reduced


def test_a_lower_sale_price_wins_and_shows_the_base_price_struck_through():
    found = quote(candidate("base", "base", "20"), candidate("sale", "sale", "15"))

    assert (found.amount, found.compare_at) == (euro("15.00"), euro("20.00"))
    assert found.is_reduced


@pytest.mark.parametrize("amount", ["20", "25"])
def test_a_sale_price_that_is_not_lower_loses_and_the_trace_says_why(amount):
    found = quote(candidate("base", "base", "20"), candidate("sale", "sale", amount))

    assert found.price_list_code == "base"
    assert found.trace_as_json()[0] == {
        "price_list": "sale",
        "kind": "sale",
        "amount": {"amount": f"{amount}.00", "currency": "EUR"},
        "min_quantity": 1,
        "outcome": "lost",
        "reason": "Not below the base price of base.",
    }


def test_an_agreed_price_wins_even_where_it_is_higher():
    found = quote(
        candidate("base", "base", "20"), candidate("sale", "sale", "15"), candidate("trade", "override", "22")
    )

    assert (found.amount, found.compare_at) == (euro("22.00"), None)
    assert {step.reason for step in found.trace if step.outcome == "lost"} == {"trade comes first."}


def test_the_second_sale_list_wins_when_the_first_is_not_lower():
    found = quote(
        candidate("base", "base", "20"),
        candidate("first", "sale", "21", priority=9),
        candidate("second", "sale", "18"),
    )

    assert found.price_list_code == "second"


def test_the_higher_priority_wins_then_the_lower_price():
    assert (
        quote(candidate("a", "base", "20"), candidate("b", "base", "30", priority=5)).price_list_code == "b"
    )
    assert quote(candidate("a", "base", "20"), candidate("b", "base", "19")).price_list_code == "b"


def test_a_list_for_the_shoppers_group_comes_before_one_for_everybody():
    found = quote(
        candidate("all", "base", "20", priority=9), candidate("group", "base", "30", is_for_group=True)
    )

    assert found.price_list_code == "group"


def test_prices_with_and_without_tax_are_never_compared():
    found = quote(candidate("base", "base", "20"), candidate("sale", "sale", "17", includes_tax=False))

    assert (found.price_list_code, found.compare_at) == ("base", None)


def test_a_recommended_price_is_shown_where_it_is_higher_and_nothing_is_reduced():
    higher = quote(candidate("base", "base", "20", compare_at=Decimal(25)))
    lower = quote(candidate("base", "base", "20", compare_at=Decimal(19)))
    reduced = quote(candidate("base", "base", "20", compare_at=Decimal(25)), candidate("sale", "sale", "15"))

    assert (higher.compare_at, lower.compare_at, reduced.compare_at) == (euro("25.00"), None, euro("20.00"))
    assert not higher.is_reduced


def test_the_price_of_the_largest_quantity_reached_applies():
    tiers = [
        candidate("base", "base", amount, min_quantity=n) for n, amount in ((1, "20"), (10, "18"), (50, "15"))
    ]

    assert [quote(*tiers, quantity=n).amount.amount for n in (1, 9, 10, 49, 50)] == [20, 20, 18, 18, 15]


def test_a_price_only_for_more_pieces_serves_no_single_piece():
    assert quote(candidate("base", "base", "18", min_quantity=10)) is None


candidates = st.lists(
    st.builds(
        candidate,
        st.sampled_from(["a", "b", "c", "d", "e"]),
        st.sampled_from(["base", "sale", "override"]),
        st.integers(0, 50).map(str),
        priority=st.integers(-1, 1),
        is_for_group=st.booleans(),
        includes_tax=st.booleans(),
        min_quantity=st.integers(1, 3),
    ),
    max_size=8,
    unique_by=lambda one: (one.price_list_code, one.min_quantity),
)


@given(held=candidates, quantity=st.integers(1, 4), seed=st.randoms())
def test_a_quote_has_one_winner_a_reason_for_all_and_does_not_depend_on_order(held, quantity, seed):
    found = choose_price(variant_id=1, candidates=held, quantity=quantity)
    shuffled = list(held)
    seed.shuffle(shuffled)

    assert choose_price(variant_id=1, candidates=shuffled, quantity=quantity) == found
    if found is None:
        assert all(one.min_quantity > quantity for one in held)
    else:
        assert [step.outcome for step in found.trace].count("won") == 1
        assert len(found.trace) == len(held)
        assert all(step.reason for step in found.trace)
        assert found.compare_at is None or found.compare_at > found.amount


@st.composite
def falling_tiers(draw):
    """Lists of one priority, each with a price of one piece that never rises with the quantity."""
    held = []
    for code in draw(st.sets(st.sampled_from("abcde"), min_size=1)):
        kind = draw(st.sampled_from(["base", "sale", "override"]))
        amounts = sorted(draw(st.lists(st.integers(1, 50), min_size=1, max_size=4)), reverse=True)
        steps = [
            1,
            *sorted(draw(st.sets(st.integers(2, 9), min_size=len(amounts) - 1, max_size=len(amounts) - 1))),
        ]
        held += [
            candidate(code, kind, str(amount), min_quantity=step)
            for amount, step in zip(amounts, steps, strict=True)
        ]
    return held


@given(held=falling_tiers())
def test_more_pieces_never_cost_more_each_where_no_list_says_so(held):
    amounts = [quote(*held, quantity=number).amount for number in range(1, 11)]

    assert amounts == sorted(amounts, reverse=True)


@given(held=candidates.filter(bool), quantity=st.integers(1, 4))
def test_a_list_that_lost_could_as_well_not_be_there(held, quantity):
    found = choose_price(variant_id=1, candidates=held, quantity=quantity)
    if found is None or found.kind == "sale":
        # A sale is measured against the base price, which therefore matters although it lost.
        return
    winner = [one for one in held if one.price_list_code == found.price_list_code]

    assert choose_price(variant_id=1, candidates=winner, quantity=quantity).amount == found.amount
