"""Promotions and vouchers in carts, over REST."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from rest_framework.test import APIClient

from shop.core import clock
from shop.core.money import Money
from shop.promotions.facts import Shopper
from shop.promotions.models import Promotion
from shop.promotions.services import Redeemed, redeem
from tests.factories.cart import cart_with, german_vat, goods, ready_cart, several_goods, typed_product
from tests.factories.catalogue import (
    BrandFactory,
    CategoryFactory,
    ProductCollectionFactory,
    ProductFactory,
    VariantFactory,
)
from tests.factories.customers import CustomerGroupFactory, UserFactory
from tests.factories.inventory import StockItemFactory
from tests.factories.orders import place
from tests.factories.pricing import PriceFactory
from tests.factories.promotions import PromotionFactory, VoucherFactory

pytestmark = pytest.mark.django_db


def path(cart: Any, rest: str = "") -> str:
    return f"/api/v1/carts/{cart.pk}/{rest}"


def read(cart: Any, user: Any = None) -> Any:
    client = APIClient()
    if user is not None:
        client.force_authenticate(user)
    return client.get(path(cart)).json()


def enter(cart: Any, code: str, user: Any = None) -> Any:
    client = APIClient()
    if user is not None:
        client.force_authenticate(user)
    return client.post(path(cart, "vouchers/"), {"code": code}, format="json")


def total(cart: Any, user: Any = None) -> str:
    return str(read(cart, user)["totals"]["total"]["amount"])


def test_a_promotion_in_use_shows_on_line_sums_and_by_its_name() -> None:
    german_vat()
    PromotionFactory(label="20 % off everything")
    cart = cart_with([(goods("10.00"), 2)])

    found = read(cart)

    line = found["lines"][0]
    assert (line["unit_price"]["amount"], line["discount"]["amount"], line["total"]["amount"]) == (
        "10.00",
        "4.00",
        "16.00",
    )
    assert {name: money["amount"] for name, money in found["totals"].items()} == {
        "subtotal": "20.00",
        "discount": "4.00",
        "shipping": "0.00",
        "tax": "2.55",
        "total": "16.00",
    }
    assert [(one["label"], one["amount"]["amount"]) for one in found["discounts"]] == [
        ("20 % off everything", "4.00")
    ]


def test_goods_are_told_apart_by_category_brand_tag_and_sku() -> None:
    lamps = CategoryFactory(slug="lamps")
    desk = CategoryFactory(slug="desk-lamps", parent=lamps)
    lamp = goods(product=ProductFactory(categories=[desk], brand=BrandFactory(slug="halden")))
    cup = goods(product=ProductFactory(brand=BrandFactory(slug="other")))
    cart = cart_with([(lamp, 1), (cup, 1)])
    for rule in (
        {"field": "category", "op": "in", "value": ["lamps"]},
        {"field": "brand", "op": "in", "value": ["halden"]},
        {"field": "brand", "op": "not_in", "value": ["other"]},
        {"field": "sku", "op": "in", "value": [lamp.sku]},
    ):
        promotion = PromotionFactory(targets=rule)
        discounts = [line["discount"]["amount"] for line in read(cart)["lines"]]
        promotion.delete()
        assert discounts == ["2.00", "0.00"], rule


def test_a_change_of_a_promotion_counts_at_once() -> None:
    promotion = PromotionFactory()
    cart = cart_with([(goods("10.00"), 1)])
    assert total(cart) == "8.00"

    promotion.reward = {"kind": "percent", "percent": "50"}
    promotion.save()
    assert total(cart) == "5.00"

    promotion.is_active = False
    promotion.save()
    assert total(cart) == "10.00"


def test_a_promotion_begins_and_ends_at_its_minute() -> None:
    now = clock.now()
    PromotionFactory(valid_from=now + timedelta(hours=1), valid_until=now + timedelta(hours=2))
    cart = cart_with([(goods("10.00"), 1)])

    totals = []
    for hours in (0, 1, 2):
        with clock.at(now + timedelta(hours=hours)):
            totals.append(total(cart))

    assert totals == ["10.00", "8.00", "10.00"]


def test_only_the_group_that_it_is_for_gets_it() -> None:
    group = CustomerGroupFactory(slug="trade")
    PromotionFactory(conditions={"field": "customer_group", "op": "in", "value": ["trade"]})
    lamp = goods("10.00")
    member, other = UserFactory(group=group), UserFactory()

    assert total(cart_with([(lamp, 1)], user=member), member) == "8.00"
    assert total(cart_with([(lamp, 1)], user=other), other) == "10.00"
    assert total(cart_with([(lamp, 1)])) == "10.00"


def test_the_first_order_of_an_address_or_account_is_the_first_only_once() -> None:
    PromotionFactory(conditions={"field": "first_order", "op": "is", "value": True})
    lamp = goods("10.00")
    first = ready_cart([(lamp, 1)])
    assert first.totals.discount.amount == Decimal(2)

    place(first)

    assert ready_cart([(lamp, 1)]).totals.discount.amount == 0


def test_a_collection_by_rule_counts_as_one_by_hand() -> None:
    lamp = goods("10.00", product=ProductFactory(brand=BrandFactory(slug="halden")))
    ProductCollectionFactory(
        slug="from-halden", kind="by_rule", rule={"field": "brand", "op": "in", "value": ["halden"]}
    ).save_revision().publish()
    PromotionFactory(targets={"field": "collection", "op": "in", "value": ["from-halden"]})

    assert total(cart_with([(lamp, 1)])) == "8.00"


def test_a_promotion_that_cannot_be_read_stops_no_cart() -> None:
    PromotionFactory()
    broken = PromotionFactory(reward={"kind": "percent", "percent": "90"})
    Promotion.objects.filter(pk=broken.pk).update(
        targets={"field": "moon", "op": "is", "value": 1}, version=7
    )

    assert total(cart_with([(goods("10.00"), 1)])) == "8.00"


def test_a_gift_lies_in_the_cart_for_nothing_beside_what_is_bought() -> None:
    cup = goods("5.00", stock=3)
    lamp = goods("40.00")
    PromotionFactory(
        reward={"kind": "gift", "sku": cup.sku, "quantity": 1},
        qualifiers={"field": "sku", "op": "in", "value": [lamp.sku]},
    )
    cart = cart_with([(lamp, 1), (cup, 1)])

    found = read(cart)

    assert [(line["sku"], line["is_gift"], line["total"]["amount"]) for line in found["lines"]] == [
        (lamp.sku, False, "40.00"),
        (cup.sku, False, "5.00"),
        (cup.sku, True, "0.00"),
    ]
    assert found["totals"]["total"]["amount"] == "45.00"
    assert found["lines"] == read(cart)["lines"]


def test_a_gift_that_has_run_out_is_told_and_stops_nothing() -> None:
    cup = goods("5.00", stock=0)
    StockItemFactory(variant=cup, on_hand=0)
    PromotionFactory(reward={"kind": "gift", "sku": cup.sku, "quantity": 1})
    cart = cart_with([(goods("10.00"), 1)])

    found = read(cart)

    assert len(found["lines"]) == 1
    assert [warning["code"] for warning in found["warnings"]] == ["gift_unavailable"]


def test_shipping_is_free_by_promotion() -> None:
    PromotionFactory(
        reward={"kind": "shipping"},
        lane=Promotion.Lane.SHIPPING,
        conditions={"field": "subtotal", "op": "gte", "value": "30"},
    )

    assert read(ready_cart([(goods("20.00"), 1)]).cart)["totals"]["shipping"]["amount"] == "4.90"
    found = read(ready_cart([(goods("30.00"), 1)]).cart)
    assert found["totals"]["shipping"]["amount"] == "0.00"
    assert found["discounts"][0]["shipping"]["amount"] == "4.90"


def test_a_gift_card_is_sold_at_its_price_whatever_runs() -> None:
    PromotionFactory()
    card = VariantFactory(product=typed_product("gift_card"))
    PriceFactory(variant=card, amount="50.00")

    assert total(cart_with([(card, 1)])) == "50.00"


@pytest.mark.parametrize("lines", [1, 30])
def test_promotions_cost_the_same_number_of_queries_however_many_there_are(
    lines: int, django_assert_max_num_queries: Any
) -> None:
    for number in range(20):
        PromotionFactory(
            targets={
                "all": [
                    {"field": "category", "op": "in", "value": [f"c-{number}"]},
                    {"field": "attribute.colour", "op": "in", "value": ["red"]},
                    {"field": "collection", "op": "not_in", "value": ["new"]},
                ]
            }
        )
    PromotionFactory(budget=Decimal(100))
    cart = cart_with([(variant, 1) for variant in several_goods(lines)])
    read(cart)

    with django_assert_max_num_queries(13):
        found = read(cart)

    assert found["totals"]["discount"]["amount"] == f"{lines * 2}.00"


# -- vouchers ---------------------------------------------------------------------------------------------


def test_a_voucher_is_entered_however_it_is_written_and_taken_out_again() -> None:
    VoucherFactory(code="SUMMER-10", promotion__label="Summer")
    cart = cart_with([(goods("10.00"), 1)])

    entered = enter(cart, " summer-10 ")

    assert entered.status_code == 201
    assert entered.json()["vouchers"] == [{"code": "SUMMER-10", "label": "Summer", "refusal": ""}]
    assert entered.json()["totals"]["total"]["amount"] == "8.00"
    removed = APIClient().delete(path(cart, "vouchers/Summer-10/"))
    assert (removed.status_code, removed.json()["totals"]["total"]["amount"]) == (200, "10.00")
    assert APIClient().delete(path(cart, "vouchers/Summer-10/")).json()["code"] == "voucher_not_found"


def test_a_voucher_that_cannot_be_used_is_refused_with_the_reason() -> None:
    now = clock.now()
    cart = cart_with([(goods("10.00"), 1)])
    VoucherFactory(code="OVER", valid_until=now)
    VoucherFactory(code="BLOCKED", is_active=False)
    VoucherFactory(code="SPENT", max_uses=3, uses=3)
    VoucherFactory(code="LARGE", min_subtotal=Decimal("10.01"))
    VoucherFactory(code="LAMPS", promotion__targets={"field": "category", "op": "in", "value": ["lamps"]})
    VoucherFactory(code="YOURS", customer=UserFactory())

    found = {
        code: (response.status_code, response.json()["code"])
        for code in ("NONE", "OVER", "BLOCKED", "SPENT", "LARGE", "LAMPS", "YOURS")
        for response in [enter(cart, code)]
    }

    assert found == {
        "NONE": (422, "voucher_unknown"),
        "OVER": (422, "voucher_expired"),
        "BLOCKED": (422, "voucher_expired"),
        "SPENT": (422, "voucher_used_up"),
        "LARGE": (422, "voucher_not_applicable"),
        "LAMPS": (422, "voucher_not_applicable"),
        "YOURS": (422, "voucher_unknown"),
    }
    assert read(cart)["vouchers"] == []


def test_a_voucher_that_ends_while_it_lies_in_the_cart_is_warned_of() -> None:
    voucher = VoucherFactory(code="SUMMER")
    cart = cart_with([(goods("10.00"), 1)])
    enter(cart, "SUMMER")

    voucher.is_active = False
    voucher.save()
    found = read(cart)

    assert found["totals"]["total"]["amount"] == "10.00"
    assert [warning["code"] for warning in found["warnings"]] == ["voucher_expired"]


def test_once_per_customer_is_once_by_account_and_by_address() -> None:
    voucher = VoucherFactory(code="ONCE", max_uses_per_customer=1)
    person = UserFactory(email="ada@example.com")
    redeemed = [Redeemed(promotion_id=voucher.promotion_id, amount=Money(Decimal(1), "EUR"), code="ONCE")]
    cart = ready_cart(user=person).cart
    redeem(order_id=cart.pk, redeemed=redeemed, shopper=Shopper(email="Ada@Example.com"), at=clock.now())

    answer = enter(cart, "ONCE", person)

    assert (answer.status_code, answer.json()["code"]) == (422, "voucher_used_up")


def test_a_cart_holds_five_vouchers() -> None:
    cart = cart_with([(goods("1000.00"), 1)])
    for number in range(6):
        VoucherFactory(code=f"V{number}", promotion__lane=10 * (number % 5 + 1))

    answers = [enter(cart, f"V{number}") for number in range(6)]

    assert [answer.status_code for answer in answers] == [201] * 5 + [422]
    assert answers[-1].json()["code"] == "too_many_vouchers"
