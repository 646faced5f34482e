"""Vouchers and budgets of which there are fewer than shoppers who want them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from functools import partial

import pytest

from shop.cart.priced import PricedCart
from shop.cart.vouchers import add_voucher
from shop.core import clock
from shop.core.errors import ShopError
from shop.orders.models import Order
from shop.promotions.models import Promotion, PromotionUse, Voucher, VoucherUse
from tests.concurrency.server import all_at_once
from tests.factories.cart import goods, ready_cart
from tests.factories.customers import UserFactory
from tests.factories.orders import place
from tests.factories.promotions import PromotionFactory, VoucherFactory

pytestmark = pytest.mark.django_db(transaction=True)


def order(priced: PricedCart) -> str:
    try:
        place(priced)
    except ShopError as refused:
        return refused.code
    return "ordered"


def order_all(carts: list[PricedCart]) -> Counter[str]:
    calls: list[Callable[[], str]] = [partial(order, priced) for priced in carts]
    return Counter(all_at_once(calls))


def test_a_voucher_for_five_orders_is_used_five_times() -> None:
    VoucherFactory(code="FIVE", max_uses=5)
    lamp = goods("10.00", stock=100)
    carts = [add_voucher(cart=ready_cart([(lamp, 1)]).cart, code="FIVE", at=clock.now()) for _ in range(40)]

    outcome = order_all(carts)

    assert outcome["ordered"] == 5
    assert set(outcome) <= {"ordered", "voucher_used_up", "total_changed"}
    assert Voucher.objects.get().uses == VoucherUse.objects.count() == Order.objects.count() == 5
    assert lamp.stock_items.get().reserved == 5


def test_once_per_customer_is_once_from_any_number_of_tabs() -> None:
    VoucherFactory(code="ONCE", max_uses_per_customer=1)
    lamp, person = goods("10.00", stock=100), UserFactory()
    carts = [
        add_voucher(cart=ready_cart([(lamp, 1)], user=person).cart, code="ONCE", at=clock.now())
        for _ in range(20)
    ]

    outcome = order_all(carts)

    assert outcome["ordered"] == 1
    assert VoucherUse.objects.count() == Order.objects.count() == 1


def test_a_budget_is_never_overspent() -> None:
    PromotionFactory(budget=Decimal("7.00"))
    lamp = goods("10.00", stock=100)
    carts = [ready_cart([(lamp, 1)]) for _ in range(20)]

    outcome = order_all(carts)

    assert outcome["ordered"] == 3
    assert set(outcome) <= {"ordered", "promotion_used_up", "total_changed"}
    assert Promotion.objects.get().spent == Decimal("6.00")
    assert PromotionUse.objects.count() == 3
