"""Whatever is killed or down while an order is placed leaves a whole order or none, and is healed."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from django.test import override_settings

from shop.core import clock
from shop.core.models import IdempotencyKey, OutboxEvent
from shop.core.relay import deliver_due
from shop.inventory.models import Reservation, StockItem
from shop.inventory.services import sweep_expired_reservations
from shop.notifications.models import SentEmail
from shop.orders.models import Order, OrderLine
from shop.payments.models import Payment
from shop.payments.reconciliation import reconcile_payments
from tests.factories.cart import goods, ready_cart
from tests.factories.orders import RemoteGateway, place, post_checkout, remote_gateway
from tests.faults.killing import kill_this_process, run_in_a_process

pytestmark = pytest.mark.django_db(transaction=True)

KILLED = 9


def killed_at(where: str, *, after: bool = False) -> Any:
    """Die at a function of the checkout: before it does anything, or with its work just done."""
    module, _, name = where.rpartition(".")
    real: Callable[..., Any] = getattr(__import__(module, fromlist=[name]), name)

    def die(*args: Any, **kwargs: Any) -> None:
        if after:
            real(*args, **kwargs)
        kill_this_process()

    return mock.patch(where, die)


INSIDE = [
    ("shop.checkout.services.create_order", False),
    ("shop.checkout.services.create_order", True),
    ("shop.checkout.services.open_payment", True),
    ("shop.checkout.services.complete_cart", True),
    ("shop.checkout.services.reserve_stock", True),
]


@pytest.mark.postgres
@pytest.mark.parametrize(("where", "after"), INSIDE)
def test_a_process_that_dies_inside_leaves_no_trace_and_the_next_try_succeeds(
    where: str, after: bool
) -> None:
    lamp = goods(stock=3)
    priced = ready_cart([(lamp, 2)])

    with killed_at(where, after=after):
        signal = run_in_a_process(lambda: place(priced, key="mine"))

    assert signal == KILLED
    assert not Order.objects.exists()
    assert not OrderLine.objects.exists()
    assert not Payment.objects.exists()
    assert not Reservation.objects.exists()
    assert not OutboxEvent.objects.filter(topic__startswith="order.").exists()
    assert StockItem.objects.get(variant=lamp).reserved == 0
    assert place(priced, key="mine").order.status == "confirmed"


@pytest.mark.postgres
def test_an_answer_that_died_with_its_process_is_given_again_to_the_same_key() -> None:
    priced = ready_cart()
    with killed_at("shop.checkout.api.views.CheckoutAnswerSerializer"):
        assert run_in_a_process(lambda: post_checkout(priced, key="mine")) == KILLED
    number = Order.objects.get().number

    early = post_checkout(priced, key="mine")
    with clock.at(clock.now() + timedelta(seconds=61)):
        late = post_checkout(priced, key="mine")

    assert (early.status_code, early.json()["code"]) == (409, "idempotency_in_progress")
    assert late.status_code == 201
    assert late.json()["order"]["number"] == number
    assert late["Idempotent-Replayed"] == "true"
    assert Order.objects.count() == 1


def test_a_relay_that_starts_after_the_crash_sends_one_confirmation() -> None:
    order = place(ready_cart()).order
    assert not SentEmail.objects.exists()

    deliver_due()
    deliver_due()

    email = SentEmail.objects.get()
    assert (email.order_number, email.recipient) == (order.number, "ada@example.com")


def test_a_broker_that_is_down_changes_neither_the_answer_nor_its_time() -> None:
    dead = "amqp://guest:guest@127.0.0.1:1//"
    place(ready_cart())
    carts = [ready_cart() for _ in range(5)]

    with override_settings(EMBEDDED=False, CELERY_BROKER_URL=dead):
        began = time.monotonic()
        answers = [post_checkout(priced) for priced in carts]
        took = time.monotonic() - began

    assert [answer.status_code for answer in answers] == [201] * 5
    assert took < 15
    assert OutboxEvent.objects.filter(topic="order.placed").count() == 6


def test_a_nudge_that_fails_undoes_no_order() -> None:
    with mock.patch("shop.core.nudge.nudge", side_effect=OSError("no broker")):
        response = post_checkout(ready_cart())

    assert response.status_code == 201
    assert Order.objects.count() == 1


def kill_this_process_at_last(*args: Any) -> None:
    kill_this_process()


def heal(*, minutes: int = 1) -> None:
    reconcile_payments(at=clock.now() + timedelta(minutes=minutes))


@pytest.mark.postgres
def test_a_process_that_dies_before_it_asks_the_gateway_is_healed() -> None:
    with remote_gateway() as gateway:
        priced = ready_cart()
        with mock.patch.object(RemoteGateway, "authorize", side_effect=kill_this_process_at_last):
            assert run_in_a_process(lambda: place(priced, gateway="remote")) == KILLED
        order = Order.objects.get()
        assert (order.status, Payment.objects.get().answered_at) == ("pending_payment", None)

        heal()

    order.refresh_from_db()
    assert (order.status, order.payment_status) == ("confirmed", "authorised")
    assert gateway.kinds() == ["authorised"]


def test_a_request_that_the_gateway_never_got_is_sent_again() -> None:
    with remote_gateway() as gateway:
        gateway.fail_before = True
        placed = place(ready_cart(), gateway="remote")
        assert (placed.order.status, placed.payment.status) == ("pending_payment", "pending")
        gateway.fail_before = False

        heal()

    assert Order.objects.get().status == "confirmed"
    assert gateway.kinds() == ["authorised"]


def test_an_answer_that_was_lost_is_fetched_and_nothing_is_charged_twice() -> None:
    with remote_gateway() as gateway:
        gateway.fail_after = True
        place(ready_cart(), gateway="remote")
        gateway.fail_after = False

        heal()
        heal()

    assert Order.objects.get().status == "confirmed"
    assert gateway.kinds() == ["authorised"]
    assert Reservation.objects.get().expires_at is None


def test_a_gateway_that_stays_down_leaves_the_order_waiting_for_the_next_run() -> None:
    with remote_gateway() as gateway:
        gateway.fail_before = True
        place(ready_cart(), gateway="remote")

        report = reconcile_payments(at=clock.now() + timedelta(minutes=1))

    assert report.still_waiting == 1
    assert Order.objects.get().status == "pending_payment"


def test_an_order_that_is_never_paid_expires_and_its_goods_go_back_on_sale() -> None:
    lamp = goods(stock=1)
    with remote_gateway() as gateway:
        gateway.declines = True
        place(ready_cart([(lamp, 1)]), gateway="remote")

        heal(minutes=61)

    order = Order.objects.get()
    assert (order.status, order.payment_status) == ("expired", "failed")
    assert StockItem.objects.get(variant=lamp).reserved == 0
    assert place(ready_cart([(lamp, 1)])).order.status == "confirmed"


def test_money_that_comes_after_the_goods_were_sold_goes_back() -> None:
    lamp = goods(stock=1)
    with remote_gateway() as gateway:
        gateway.fail_after = True
        place(ready_cart([(lamp, 1)]), gateway="remote")
        gateway.fail_after = False
        later = clock.now() + timedelta(minutes=61)
        sweep_expired_reservations(at=later)
        with clock.at(later):
            place(ready_cart([(lamp, 1)]))
            reconcile_payments(at=later)
            deliver_due(at=later)

    unlucky = Order.objects.get(payments__gateway="remote")
    assert unlucky.status == "cancelled"
    assert gateway.kinds() == ["authorised", "voided"]
    assert Payment.objects.get(gateway="remote").status == "voided"


def test_money_that_comes_late_while_the_goods_are_still_there_confirms_the_order() -> None:
    lamp = goods(stock=1)
    with remote_gateway() as gateway:
        gateway.fail_after = True
        place(ready_cart([(lamp, 1)]), gateway="remote")
        gateway.fail_after = False
        later = clock.now() + timedelta(minutes=61)
        sweep_expired_reservations(at=later)

        reconcile_payments(at=later)

    assert Order.objects.get().status == "confirmed"
    assert StockItem.objects.get(variant=lamp).reserved == 1


def test_the_key_of_a_killed_request_is_free_again_after_its_lease() -> None:
    IdempotencyKey.objects.all().delete()
    priced = ready_cart()
    interrupted = mock.patch("shop.checkout.api.views.place_order", side_effect=KeyboardInterrupt)
    with interrupted, pytest.raises(KeyboardInterrupt):
        post_checkout(priced, key="mine")

    assert post_checkout(priced, key="mine").status_code == 201
