"""Money and orders: marked as paid, called back, given back."""

from __future__ import annotations

import random

import pytest
from rest_framework.test import APIClient

from shop.core import clock
from shop.core.models import OutboxEvent
from shop.core.models.append_only import RowsAreAppendOnly
from shop.core.relay import deliver_due
from shop.orders.models import Order
from shop.orders.services import cancel_order
from shop.payments.models import Payment, PaymentEvent
from shop.payments.services import NothingToPay, mark_paid
from tests.factories.cart import ready_cart
from tests.factories.customers import UserFactory
from tests.factories.orders import RemoteGateway, place, placed_order, post_checkout, remote_gateway

pytestmark = pytest.mark.django_db


def call_back(reference_key: str, *, signature: str = "valid", gateway: str = "remote") -> int:
    response = APIClient().post(
        f"/api/v1/payments/{gateway}/webhook/",
        reference_key,
        content_type="application/json",
        headers={"X-Signature": signature},
    )
    return response.status_code


def test_marking_an_order_as_paid_is_told_by_order_payment_and_outbox() -> None:
    order = placed_order()
    clerk = UserFactory()

    mark_paid(order=order, actor=clerk, at=clock.now(), reference="Statement 12, line 3")

    order.refresh_from_db()
    event = PaymentEvent.objects.get()
    assert order.payment_status == "paid"
    assert (event.kind, event.amount, event.actor, event.reason) == (
        "captured",
        order.total,
        clerk,
        "Statement 12, line 3",
    )
    assert [event.kind for event in order.events.all()] == ["placed", "confirmed", "paid"]
    assert OutboxEvent.objects.filter(topic="order.paid").count() == 1


def test_an_order_is_marked_as_paid_once() -> None:
    order = placed_order()
    mark_paid(order=order, actor=None, at=clock.now())

    with pytest.raises(NothingToPay):
        mark_paid(order=order, actor=None, at=clock.now())

    assert PaymentEvent.objects.count() == 1


def test_a_cancelled_order_cannot_be_marked_as_paid() -> None:
    order = placed_order()
    cancel_order(order=order, actor=None, reason="", at=clock.now())

    with pytest.raises(NothingToPay):
        mark_paid(order=order, actor=None, at=clock.now())


def test_what_a_gateway_said_is_never_changed() -> None:
    mark_paid(order=placed_order(), actor=None, at=clock.now())

    with pytest.raises(RowsAreAppendOnly):
        PaymentEvent.objects.update(amount=0)
    with pytest.raises(RowsAreAppendOnly):
        PaymentEvent.objects.get().save()


def test_an_authorised_card_confirms_the_order_at_once() -> None:
    with remote_gateway():
        response = post_checkout(ready_cart(), payment={"gateway": "remote"})

    order = response.json()["order"]
    assert (order["status"], order["payment_status"]) == ("confirmed", "authorised")
    assert response.json()["payment"] == {"status": "authorised", "gateway": "remote"}


def test_a_declined_card_leaves_the_order_waiting() -> None:
    with remote_gateway() as gateway:
        gateway.declines = True
        response = post_checkout(ready_cart(), payment={"gateway": "remote"})

    assert response.status_code == 201
    assert response.json()["payment"]["status"] == "failed"
    assert response.json()["order"]["status"] == "pending_payment"


def test_callbacks_that_come_double_and_shuffled_take_effect_once() -> None:
    with remote_gateway() as gateway:
        placed = place(ready_cart(), gateway="remote")
        key = str(placed.payment.public_id)
        capture_and_refund(gateway, placed.payment)
        chance = random.Random(5)
        for _ in range(8):
            chance.shuffle(gateway.ledger[key])
            assert call_back(key) == 200

    payment, order = Payment.objects.get(), Order.objects.get()
    assert (payment.status, order.payment_status) == ("refunded", "refunded")
    assert payment.captured == payment.refunded == order.total
    assert PaymentEvent.objects.count() == 3


def capture_and_refund(gateway: RemoteGateway, payment: Payment) -> None:
    sent = {"reference": payment.reference, "amount": payment.money(), "at": clock.now()}
    gateway.capture(key="capture", **sent)
    gateway.refund(key="refund", **sent)


def test_a_forged_callback_changes_nothing() -> None:
    with remote_gateway() as gateway:
        placed = place(ready_cart(), gateway="remote")
        capture_and_refund(gateway, placed.payment)

        assert call_back(str(placed.payment.public_id), signature="forged") == 400

    assert Order.objects.get().payment_status == "authorised"


@pytest.mark.parametrize("gateway", ["manual", "barter"])
def test_nobody_calls_back_for_a_gateway_without_callbacks(gateway: str) -> None:
    assert call_back("{}", gateway=gateway) in (400, 404)


@pytest.mark.django_db(transaction=True)
def test_a_cancelled_order_lets_go_of_its_authorised_card() -> None:
    with remote_gateway() as gateway:
        placed = place(ready_cart(), gateway="remote")
        cancel_order(order=placed.order, actor=None, reason="changed my mind", at=clock.now())

        deliver_due()
        deliver_due()

    assert gateway.kinds() == ["authorised", "voided"]
    assert Payment.objects.get().status == "voided"
    assert Order.objects.get().payment_status == "unpaid"
