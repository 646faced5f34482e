"""Goods leave the house: parcels, stock, and the three axes of an order's state."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from shop.core import clock
from shop.core.models.append_only import RowsAreAppendOnly
from shop.inventory.models import StockItem, StockMovement
from shop.orders.models import Order, OrderEvent
from shop.orders.services import (
    InvalidFulfilment,
    OrderNotShippable,
    ShipmentLine,
    cancel_order,
    deliver_fulfilment,
    ship_order,
)
from shop.orders.transitions import (
    FULFILMENT_TRANSITIONS,
    ORDER_TRANSITIONS,
    PAYMENT_TRANSITIONS,
    FulfilmentStatus,
    OrderStatus,
    PaymentStatus,
    TransitionNotAllowed,
)
from shop.payments.services import mark_paid
from tests.factories.cart import goods
from tests.factories.customers import UserFactory
from tests.factories.orders import placed_order

pytestmark = pytest.mark.django_db


def ship(order: Order, *lines: tuple[Any, int]) -> Any:
    return ship_order(
        order=order,
        lines=[ShipmentLine(getattr(line, "public_id", line), quantity) for line, quantity in lines] or None,
        carrier="DHL",
        tracking_number="0034",
        at=clock.now(),
        actor=UserFactory(),
    )


def test_a_parcel_takes_its_goods_out_of_the_warehouse() -> None:
    lamp = goods(stock=5)
    order = placed_order([(lamp, 2)])

    ship(order)

    order.refresh_from_db()
    item = StockItem.objects.get(variant=lamp)
    assert (item.on_hand, item.reserved) == (3, 0)
    movement = StockMovement.objects.filter(kind="shipment").get()
    assert (movement.quantity, movement.reference) == (-2, order.number)
    assert order.fulfilment_status == "fulfilled"
    assert order.status == "confirmed"


def test_an_order_can_go_out_in_parts() -> None:
    order = placed_order([(goods(), 3), (goods(), 1)])
    lamps, chair = order.lines.all()

    ship(order, (lamps, 2))
    order.refresh_from_db()
    assert order.fulfilment_status == "partially_fulfilled"
    ship(order, (lamps, 1), (chair, 1))

    order.refresh_from_db()
    assert order.fulfilment_status == "fulfilled"
    assert [parcel.lines.count() for parcel in order.fulfilments.all()] == [1, 2]


def test_no_more_is_sent_than_was_ordered() -> None:
    order = placed_order([(goods(), 2)])
    line = order.lines.get()

    for lines in ([(line, 3)], [(line, 0)], [(line, 1), (line, 2)], [(uuid.uuid4(), 1)]):
        with pytest.raises(InvalidFulfilment) as refused:
            ship(order, *lines)
        assert refused.value.errors[0].attr.startswith("lines.")
    assert StockMovement.objects.filter(kind="shipment").count() == 0
    ship(order)
    with pytest.raises(OrderNotShippable):
        ship(order)


def test_a_cancelled_order_is_not_sent() -> None:
    order = placed_order()
    cancel_order(order=order, actor=None, reason="", at=clock.now())

    with pytest.raises(OrderNotShippable):
        ship(order)


@pytest.mark.parametrize("paid_first", [True, False])
def test_an_order_is_completed_when_it_is_sent_and_paid_in_either_order(paid_first: bool) -> None:
    order = placed_order()
    steps = [lambda: mark_paid(order=order, actor=None, at=clock.now()), lambda: ship(order)]

    for step in steps if paid_first else steps[::-1]:
        assert Order.objects.get().status == "confirmed"
        step()

    assert Order.objects.get().status == "completed"


def test_a_parcel_arrives_once() -> None:
    parcel = ship(placed_order())

    deliver_fulfilment(fulfilment=parcel, actor=None, at=clock.now())
    deliver_fulfilment(fulfilment=parcel, actor=None, at=clock.now())

    assert OrderEvent.objects.filter(kind="delivered").count() == 1


def test_what_happened_is_never_changed() -> None:
    order = placed_order()

    with pytest.raises(RowsAreAppendOnly):
        order.events.update(kind="cancelled")
    with pytest.raises(RowsAreAppendOnly):
        order.events.all().delete()
    with pytest.raises(RowsAreAppendOnly):
        order.events.first().save()


def test_the_database_refuses_a_total_that_does_not_add_up() -> None:
    order = placed_order()

    with pytest.raises(IntegrityError), transaction.atomic():
        Order.objects.filter(pk=order.pk).update(total=order.total + 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        order.lines.update(quantity_shipped=1000)
    with pytest.raises(IntegrityError), transaction.atomic():
        order.lines.update(tax=1000)


@pytest.mark.parametrize(
    ("states", "table"),
    [
        (OrderStatus, ORDER_TRANSITIONS),
        (PaymentStatus, PAYMENT_TRANSITIONS),
        (FulfilmentStatus, FULFILMENT_TRANSITIONS),
    ],
)
def test_an_order_goes_where_the_table_says_and_nowhere_else(states: Any, table: Any) -> None:
    field = {"OrderStatus": "status", "PaymentStatus": "payment_status"}.get(
        states.__name__, "fulfilment_status"
    )
    assert set(table) == set(states)
    for before in states:
        for after in states:
            order = Order(number="NX-TEST", **{field: before})
            if after in table[before]:
                order.transition_to(after)
                assert getattr(order, field) == after
            else:
                with pytest.raises(TransitionNotAllowed):
                    order.transition_to(after)
