"""Many shoppers at once, over real HTTP against a real server and database."""

from __future__ import annotations

import random
from collections import Counter
from functools import partial

import pytest

from shop.cart.services import CartCompleted, set_quantity
from shop.checkout.errors import CartAlreadyOrdered, NotEnoughStock, TotalChanged
from shop.core import clock
from shop.core.errors import ShopError
from shop.core.models import OutboxEvent
from shop.inventory.models import Reservation, StockItem
from shop.orders.models import Order
from shop.payments.models import Payment
from tests.concurrency.server import all_at_once, post, serve
from tests.factories.cart import german_vat, goods, ready_cart, several_goods
from tests.factories.orders import checkout_body, place

pytestmark = pytest.mark.django_db(transaction=True)

CHECKOUT = "/api/v1/checkout/"


def test_a_hundred_checkouts_of_a_stock_of_twenty_sell_exactly_twenty() -> None:
    german_vat()
    lamp = goods("19.99", stock=20)
    bodies = [checkout_body(ready_cart([(lamp, 1)])) for _ in range(100)]

    with serve() as port:
        answers = all_at_once(
            [partial(post, port, CHECKOUT, body, key=f"k{n}") for n, body in enumerate(bodies)]
        )

    assert Counter(answer.status for answer in answers) == {201: 20, 409: 80}
    assert {answer.code for answer in answers if answer.status == 409} == {"insufficient_stock"}
    assert Order.objects.count() == Payment.objects.count() == 20
    item = StockItem.objects.get(variant=lamp)
    assert (item.on_hand, item.reserved) == (20, 20)
    assert Reservation.objects.filter(state="active").count() == 20
    assert OutboxEvent.objects.filter(topic="order.placed").count() == 20


def test_one_cart_under_fifty_keys_gives_one_order() -> None:
    body = checkout_body(ready_cart([(goods(stock=100), 1)]))

    with serve() as port:
        answers = all_at_once([partial(post, port, CHECKOUT, body, key=f"k{n}") for n in range(50)])

    order = Order.objects.get()
    assert Counter(answer.status for answer in answers) == {201: 1, 409: 49}
    losers = [answer for answer in answers if answer.status == 409]
    assert {(answer.code, answer.body["number"]) for answer in losers} == {("cart_completed", order.number)}
    assert Payment.objects.count() == OutboxEvent.objects.filter(topic="order.placed").count() == 1


def test_one_key_fifty_times_gives_one_order_and_the_same_answer() -> None:
    body = checkout_body(ready_cart())

    with serve() as port:
        answers = all_at_once([partial(post, port, CHECKOUT, body, key="only") for _ in range(50)])
        afterwards = post(port, CHECKOUT, body, key="only")

    assert Order.objects.count() == Payment.objects.count() == 1
    assert {(answer.status, answer.code) for answer in answers} <= {
        (201, ""),
        (409, "idempotency_in_progress"),
    }
    assert sum(answer.status == 201 and not answer.replayed for answer in answers) == 1
    assert (afterwards.status, afterwards.replayed) == (201, True)
    assert all(answer.body == afterwards.body for answer in answers if answer.status == 201)


@pytest.mark.postgres
def test_two_tabs_on_one_cart_never_order_what_was_not_agreed_to() -> None:
    lamp = goods("10.00", stock=1000)
    for _ in range(10):
        priced = ready_cart([(lamp, 1)])

        def change() -> str:
            try:
                set_quantity(cart=priced.cart, line_id=priced.lines[0].id, quantity=5, at=clock.now())  # noqa: B023
            except CartCompleted:
                return "too late"
            return "changed"

        def order() -> str:
            try:
                place(priced)  # noqa: B023
            except TotalChanged:
                return "refused"
            return "ordered"

        outcome = all_at_once([change, order])

        assert outcome in (["too late", "ordered"], ["changed", "refused"])
    assert all(order.lines.get().quantity == 1 for order in Order.objects.all())


@pytest.mark.postgres
def test_carts_that_share_goods_in_any_order_never_deadlock() -> None:
    shelf = several_goods(5, stock=25)
    chance = random.Random(20)
    carts = [ready_cart([(v, 1) for v in chance.sample(shelf, chance.randint(2, 5))]) for _ in range(40)]

    def order(priced: object) -> str:
        try:
            place(priced)  # type: ignore[arg-type]
        except NotEnoughStock:
            return "sold out"
        return "ordered"

    outcomes = all_at_once([partial(order, priced) for priced in carts])

    assert set(outcomes) <= {"ordered", "sold out"}
    for item in StockItem.objects.all():
        held = Reservation.objects.filter(stock_item=item, state="active")
        assert item.reserved == sum(reservation.quantity for reservation in held) <= item.on_hand


@pytest.mark.postgres
def test_two_processes_that_place_the_same_cart_agree_on_one_order() -> None:
    for _ in range(5):
        priced = ready_cart([(goods(), 1)])

        def order() -> str:
            try:
                return place(priced).order.number  # noqa: B023
            except CartAlreadyOrdered as late:
                return late.number
            except ShopError as other:
                return other.code

        numbers = all_at_once([order] * 6)

        assert set(numbers) == {Order.objects.get(cart_id=priced.cart.pk).number}
