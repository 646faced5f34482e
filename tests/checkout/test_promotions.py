"""Orders of carts with promotions and vouchers."""

from __future__ import annotations

from decimal import Decimal

import pytest
from rest_framework.test import APIClient

from shop.cart.vouchers import add_voucher
from shop.checkout.errors import TotalChanged
from shop.core import clock
from shop.orders.services import cancel_order
from shop.promotions.models import Promotion, PromotionUse, Voucher, VoucherUse
from tests.factories.cart import german_vat, goods, ready_cart
from tests.factories.orders import place
from tests.factories.promotions import PromotionFactory, VoucherFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_order_keeps_what_each_promotion_took_off() -> None:
    german_vat()
    PromotionFactory(label="Ten off", reward={"kind": "amount", "amount": "10.00"})
    voucher = VoucherFactory(code="SUMMER", max_uses=5, promotion__label="Summer", promotion__budget=100)
    priced = ready_cart([(goods("30.00"), 1), (goods("20.00"), 1)])
    priced = add_voucher(cart=priced.cart, code="summer", at=clock.now())

    order = place(priced).order

    assert (order.subtotal, order.discount, order.total) == (Decimal(50), Decimal(18), Decimal("36.90"))
    assert [(row.label, row.code, row.amount) for row in order.discounts.all()] == [
        ("Ten off", "", Decimal(10)),
        ("Summer", "SUMMER", Decimal(8)),
    ]
    assert [line.discount for line in order.lines.all()] == [Decimal("10.80"), Decimal("7.20")]
    assert sum(line.gross for line in order.lines.all()) == Decimal(32)
    assert [step["outcome"] for step in order.promotion_trace] == ["applied", "applied"]
    voucher.refresh_from_db()
    assert voucher.uses == 1
    assert Promotion.objects.get(pk=voucher.promotion_id).spent == Decimal(8)
    assert VoucherUse.objects.get().email == "ada@example.com"


def test_an_order_shows_its_discounts_over_rest() -> None:
    PromotionFactory(label="Twenty")
    placed = place(ready_cart([(goods("10.00"), 1)]))
    from shop.orders.selectors import order_token

    url = f"/api/v1/orders/{placed.order.number}/?token={order_token(placed.order)}"
    found = APIClient().get(url).json()

    assert found["discounts"] == [
        {
            "label": "Twenty",
            "code": "",
            "amount": {"amount": "2.00", "currency": "EUR"},
            "shipping": {"amount": "0.00", "currency": "EUR"},
        }
    ]


def test_a_gift_is_ordered_and_taken_from_stock() -> None:
    cup, lamp = goods("5.00", stock=4), goods("40.00")
    PromotionFactory(
        reward={"kind": "gift", "sku": cup.sku, "quantity": 2},
        qualifiers={"field": "sku", "op": "in", "value": [lamp.sku]},
    )

    order = place(ready_cart([(lamp, 1), (cup, 1)])).order

    assert [(line.sku, line.quantity, line.is_gift, line.gross) for line in order.lines.all()] == [
        (lamp.sku, 1, False, Decimal(40)),
        (cup.sku, 1, False, Decimal(5)),
        (cup.sku, 2, True, Decimal(0)),
    ]
    assert cup.stock_items.get().reserved == 3
    assert order.discounts.get().amount == Decimal(10)


def test_a_promotion_that_ended_since_is_told_and_nothing_is_used() -> None:
    promotion = PromotionFactory()
    priced = ready_cart([(goods("10.00"), 1)])
    promotion.is_active = False
    promotion.save()

    with pytest.raises(TotalChanged):
        place(priced)

    assert not PromotionUse.objects.exists()


def test_a_cancelled_order_gives_back_what_it_used() -> None:
    voucher = VoucherFactory(code="ONCE", max_uses=1, promotion__budget=Decimal("2.00"))
    first = add_voucher(cart=ready_cart([(goods("10.00"), 1)]).cart, code="ONCE", at=clock.now())
    order = place(first).order
    voucher.refresh_from_db()
    assert voucher.uses == 1

    cancel_order(order=order, actor=None, reason="Changed their mind", at=clock.now())

    assert Voucher.objects.get().uses == 0
    assert Promotion.objects.get().spent == 0
    again = ready_cart([(goods("10.00"), 1)]).cart
    assert place(add_voucher(cart=again, code="ONCE", at=clock.now())).order.discount == Decimal(2)


def test_a_cart_that_costs_nothing_after_its_promotions_can_be_ordered() -> None:
    PromotionFactory(reward={"kind": "amount", "amount": "500.00"})
    PromotionFactory(reward={"kind": "shipping"}, lane=Promotion.Lane.SHIPPING)

    order = place(ready_cart([(goods("10.00"), 3)])).order

    assert (order.total, order.discount, order.payment_status) == (Decimal(0), Decimal(30), "paid")
