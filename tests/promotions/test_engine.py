"""What promotions take off a basket."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from shop.catalogue.predicates import parse
from shop.core.money import Money
from shop.promotions.engine import (
    Basket,
    CartPromotion,
    Item,
    Outcome,
    Verdict,
    apply_promotions,
    read_reward,
)
from shop.promotions.vocabularies import CARTS, GOODS

LAMPS = {"field": "category", "op": "in", "value": ["lamps"]}
CUPS = {"field": "category", "op": "in", "value": ["cups"]}


def eur(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


def item(key: str, price: str, quantity: int = 1, **changes: Any) -> Item:
    category = "cups" if key.startswith("cup") else "lamps"
    given = {"facts": {"category": {category}, "sku": {key}}, **changes}
    return Item(key=key, sku=key, unit_price=eur(price), quantity=quantity, **given)


def promotion(number: int = 1, *, reward: dict[str, Any], **changes: Any) -> CartPromotion:
    for name in ("qualifiers", "targets"):
        if name in changes:
            changes[name] = parse(changes[name], GOODS)
    if "conditions" in changes:
        changes["conditions"] = parse(changes["conditions"], CARTS)
    given = {"lane": 10, "priority": 0, "currency": "EUR", **changes}
    return CartPromotion(
        id=number, name=f"P{number}", label=f"P{number}", reward=read_reward(reward, currency="EUR"), **given
    )


def apply(*lines: Item, promotions: list[CartPromotion], **basket: Any) -> Outcome:
    given = {"currency": "EUR", "facts": {}, "lines": lines, **basket}
    return apply_promotions(Basket(**given), promotions)


def off(outcome: Outcome) -> dict[str, str]:
    return {key: f"{amount.amount}" for key, amount in outcome.discounts.items() if not amount.is_zero}


PERCENT = {"kind": "percent", "percent": "20"}


def test_a_percentage_comes_off_each_line_it_is_meant_for() -> None:
    outcome = apply(
        item("lamp", "19.99", 3), item("cup", "5.00"), promotions=[promotion(reward=PERCENT, targets=LAMPS)]
    )

    assert off(outcome) == {"lamp": "11.99"}
    assert [step.verdict for step in outcome.trace] == [Verdict.APPLIED]


def test_an_amount_is_spread_in_proportion_to_the_last_cent() -> None:
    reward = {"kind": "amount", "amount": "10.00"}

    outcome = apply(
        item("a", "10.00"), item("b", "10.00"), item("c", "10.00"), promotions=[promotion(reward=reward)]
    )

    assert off(outcome) == {"a": "3.34", "b": "3.33", "c": "3.33"}


def test_an_amount_larger_than_the_goods_leaves_nothing_to_pay_and_no_more() -> None:
    outcome = apply(item("cup", "4.00"), promotions=[promotion(reward={"kind": "amount", "amount": "10.00"})])

    assert off(outcome) == {"cup": "4.00"}


def test_an_amount_off_each_piece_never_makes_a_piece_cost_less_than_nothing() -> None:
    reward = {"kind": "amount", "amount": "6.00", "each": True}

    outcome = apply(item("cup", "5.00", 2), item("lamp", "7.50", 2), promotions=[promotion(reward=reward)])

    assert off(outcome) == {"cup": "10.00", "lamp": "12.00"}


def test_a_fixed_price_makes_nothing_dearer() -> None:
    reward = {"kind": "fixed_price", "amount": "6.00"}

    outcome = apply(item("cup", "5.00", 2), item("lamp", "7.50", 2), promotions=[promotion(reward=reward)])

    assert off(outcome) == {"lamp": "3.00"}


def test_of_every_three_the_cheapest_is_free() -> None:
    reward = {"kind": "cheapest_free", "of": 3, "free": 1}

    outcome = apply(item("a", "9.00", 4), item("b", "4.00", 2), promotions=[promotion(reward=reward)])

    assert off(outcome) == {"b": "8.00"}


def test_buy_two_lamps_get_one_cup() -> None:
    reward = {"kind": "buy_x_get_y", "buy": 2, "get": 1}
    wanted = promotion(reward=reward, qualifiers=LAMPS, targets=CUPS)

    outcome = apply(
        item("lamp", "50.00", 5), item("cup-a", "6.00"), item("cup-b", "4.00", 3), promotions=[wanted]
    )

    assert off(outcome) == {"cup-b": "8.00"}


def test_a_piece_that_was_bought_is_not_got_as_well() -> None:
    reward = {"kind": "buy_x_get_y", "buy": 1, "get": 1}

    one = apply(item("cup", "6.00", 1), promotions=[promotion(reward=reward, qualifiers=CUPS)])
    three = apply(item("cup", "6.00", 3), promotions=[promotion(reward=reward, qualifiers=CUPS)])

    assert off(one) == {}
    assert off(three) == {"cup": "6.00"}


def test_a_set_of_three_costs_ten_and_the_dearest_come_first() -> None:
    reward = {"kind": "set_price", "pieces": 3, "amount": "10.00"}

    outcome = apply(item("a", "6.00", 2), item("b", "3.00", 2), promotions=[promotion(reward=reward)])

    assert off(outcome) == {"a": "4.00", "b": "1.00"}


def test_the_highest_step_reached_counts() -> None:
    steps = [{"from": "2", "percent": "10"}, {"from": "4", "percent": "25"}]
    tiers = promotion(reward={"kind": "tiers", "by": "quantity", "steps": steps})

    assert off(apply(item("cup", "10.00", 1), promotions=[tiers])) == {}
    assert off(apply(item("cup", "10.00", 3), promotions=[tiers])) == {"cup": "3.00"}
    assert off(apply(item("cup", "10.00", 4), promotions=[tiers])) == {"cup": "10.00"}


def test_a_gift_comes_with_the_goods_it_is_promised_for() -> None:
    reward = {"kind": "gift", "sku": "CARD", "quantity": 1}
    gift = promotion(reward=reward, qualifiers=LAMPS, min_quantity=2, max_applications=2)

    assert apply(item("lamp", "9.00", 1), promotions=[gift]).gifts == ()
    assert [found.quantity for found in apply(item("lamp", "9.00", 7), promotions=[gift]).gifts] == [2]


def test_shipping_is_free_and_never_costs_less_than_nothing() -> None:
    free = promotion(1, reward={"kind": "shipping"}, lane=50)
    cheaper = promotion(2, reward={"kind": "shipping", "amount": "9.00"}, lane=50)

    assert apply(item("cup", "5.00"), promotions=[free], shipping=eur("4.90")).shipping_discount == eur(
        "4.90"
    )
    assert apply(item("cup", "5.00"), promotions=[cheaper], shipping=eur("4.90")).shipping_discount == eur(
        "4.90"
    )
    assert apply(item("cup", "5.00"), promotions=[free]).shipping_discount == eur("0.00")


def test_within_a_lane_the_best_wins_each_line_and_the_other_keeps_the_rest() -> None:
    everything = promotion(1, reward={"kind": "percent", "percent": "10"})
    lamps = promotion(2, reward={"kind": "percent", "percent": "30"}, targets=LAMPS)

    outcome = apply(item("lamp", "100.00"), item("cup", "10.00"), promotions=[everything, lamps])

    assert off(outcome) == {"lamp": "30.00", "cup": "1.00"}
    assert {found.promotion_id for found in outcome.applied} == {1, 2}


def test_across_lanes_what_is_left_is_made_cheaper() -> None:
    first = promotion(1, reward={"kind": "percent", "percent": "50"}, lane=10)
    then = promotion(2, reward={"kind": "percent", "percent": "50"}, lane=30)

    outcome = apply(item("lamp", "100.00"), promotions=[then, first])

    assert off(outcome) == {"lamp": "75.00"}


def test_the_last_one_ends_the_calculation() -> None:
    first = promotion(1, reward=PERCENT, lane=10, is_last=True)
    then = promotion(2, reward=PERCENT, lane=30)

    outcome = apply(item("lamp", "100.00"), promotions=[first, then])

    assert off(outcome) == {"lamp": "20.00"}
    assert [step.verdict for step in outcome.trace] == [Verdict.APPLIED, Verdict.LOST]


def test_a_promotion_with_a_voucher_waits_for_its_code() -> None:
    wanted = promotion(1, reward=PERCENT, needs_voucher=True)

    assert off(apply(item("lamp", "10.00"), promotions=[wanted])) == {}
    unlocked = apply(item("lamp", "10.00"), promotions=[wanted], unlocked={1: "SUMMER"})
    assert off(unlocked) == {"lamp": "2.00"}
    assert unlocked.applied[0].code == "SUMMER"


def test_conditions_are_about_the_cart_before_promotions() -> None:
    over_fifty = {"field": "subtotal", "op": "gte", "value": "50"}
    first = promotion(1, reward={"kind": "percent", "percent": "50"}, lane=10)
    then = promotion(2, reward=PERCENT, lane=30, conditions=over_fifty)

    assert off(apply(item("lamp", "60.00"), promotions=[first, then])) == {"lamp": "36.00"}
    assert off(apply(item("lamp", "40.00"), promotions=[first, then])) == {"lamp": "20.00"}


def test_minimum_spend_counts_the_goods_that_qualify() -> None:
    wanted = promotion(reward=PERCENT, qualifiers=LAMPS, min_subtotal=eur("50.00"), targets=CUPS)

    assert off(apply(item("lamp", "49.99"), item("cup", "10.00"), promotions=[wanted])) == {}
    assert off(apply(item("lamp", "50.00"), item("cup", "10.00"), promotions=[wanted])) == {"cup": "2.00"}


def test_the_most_per_order_is_shared_by_the_lines() -> None:
    wanted = promotion(reward={"kind": "percent", "percent": "50"}, max_discount=eur("10.00"))

    outcome = apply(item("a", "30.00"), item("b", "10.00"), promotions=[wanted])

    assert off(outcome) == {"a": "7.50", "b": "2.50"}


def test_what_the_budget_does_not_cover_is_not_given() -> None:
    wanted = promotion(reward=PERCENT, budget_left=eur("1.99"))

    assert off(apply(item("lamp", "10.00"), promotions=[wanted])) == {}
    assert off(apply(item("lamp", "9.95"), promotions=[wanted])) == {"lamp": "1.99"}


def test_gift_cards_get_no_discount_and_count_for_nothing() -> None:
    wanted = promotion(reward=PERCENT, min_subtotal=eur("50.00"))

    outcome = apply(item("card", "100.00", is_discountable=False), item("cup", "10.00"), promotions=[wanted])

    assert off(outcome) == {}


def test_amounts_of_another_currency_are_not_given() -> None:
    wanted = promotion(reward=PERCENT, currency="CHF")

    outcome = apply(item("lamp", "10.00"), promotions=[wanted])

    assert off(outcome) == {}
    assert "currency" in outcome.trace[0].reason
