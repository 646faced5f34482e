"""A cart becomes an order: whole, once, for the total that was agreed to."""

from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from shop.cart.services import CartChanges, set_quantity, update_cart
from shop.catalogue.services import archive_variant
from shop.core import clock
from shop.core.models import OutboxEvent, ShopSettings
from shop.inventory.models import Reservation
from shop.inventory.selectors import get_stock
from shop.orders.models import Order
from shop.orders.selectors import order_token
from shop.payments.models import Payment
from tests.factories.cart import cart_with, german_vat, goods, ready_cart
from tests.factories.customers import UserFactory
from tests.factories.inventory import StockItemFactory
from tests.factories.orders import post_checkout
from tests.factories.pricing import PriceFactory

pytestmark = pytest.mark.django_db


def test_a_cart_becomes_an_order_with_everything_that_was_agreed_on() -> None:
    german_vat()
    lamp = goods("49.90", stock=5, title="Oak")
    priced = ready_cart([(lamp, 2)])

    response = post_checkout(priced)

    assert response.status_code == 201, response.json()
    order, payment = response.json()["order"], response.json()["payment"]
    assert order["status"] == "confirmed"
    assert order["payment_status"] == "unpaid"
    assert order["fulfilment_status"] == "unfulfilled"
    assert order["totals"] == {
        "subtotal": {"amount": "99.80", "currency": "EUR"},
        "discount": {"amount": "0.00", "currency": "EUR"},
        "shipping": {"amount": "4.90", "currency": "EUR"},
        "tax": {"amount": "16.71", "currency": "EUR"},
        "total": {"amount": "104.70", "currency": "EUR"},
    }
    assert order["lines"][0]["sku"] == lamp.sku
    assert order["lines"][0]["image_url"]
    assert order["addresses"]["shipping"] == order["addresses"]["billing"]
    assert [event["kind"] for event in order["events"]] == ["placed", "confirmed"]
    assert payment["status"] == "pending"
    assert payment["next_action"]["instructions"]
    assert get_stock([lamp.pk])[lamp.pk].available == 3


def test_the_facts_stand_in_the_outbox_with_the_order() -> None:
    response = post_checkout(ready_cart())

    number = response.json()["order"]["number"]
    topics = OutboxEvent.objects.filter(key=f"order:{number}").order_by("id").values_list("topic", flat=True)
    assert list(topics) == ["order.placed", "order.confirmed"]


def test_the_line_keeps_its_variant_the_pages_revision_and_the_trace_of_its_price() -> None:
    priced = ready_cart()

    post_checkout(priced)

    line = Order.objects.get().lines.get()
    assert line.revision_id == line.variant.product.live_revision_id
    assert line.price_trace[0]["outcome"] == "won"


def test_the_token_of_the_answer_opens_the_order_and_lies_nowhere_in_the_database() -> None:
    response = post_checkout(ready_cart())

    order = response.json()["order"]
    client = APIClient()
    assert client.get(f"/api/v1/orders/{order['number']}/?token={order['token']}").status_code == 200
    assert client.get(f"/api/v1/orders/{order['number']}/").status_code == 404
    assert order_token(Order.objects.get()) == order["token"]
    from shop.core.models import IdempotencyKey

    assert order["token"] not in str(IdempotencyKey.objects.get().body)


def test_what_is_missing_is_named_entry_by_entry() -> None:
    cart = cart_with([(goods(), 1)])
    body = {
        "cart": str(cart.pk),
        "expected_total": {"amount": "10.00", "currency": "EUR"},
        "payment": {"gateway": "manual"},
    }

    response = APIClient().post("/api/v1/checkout/", body, format="json", headers={"Idempotency-Key": "a"})

    assert response.status_code == 400
    assert {error["attr"] for error in response.json()["errors"]} == {
        "email",
        "shipping_address",
        "shipping_method",
    }
    assert not Order.objects.exists()


def test_an_empty_cart_is_refused() -> None:
    priced = ready_cart()
    set_quantity(cart=priced.cart, line_id=priced.lines[0].id, quantity=0, at=clock.now())

    response = post_checkout(priced)

    assert (response.status_code, response.json()["code"]) == (422, "cart_empty")


def test_a_total_that_has_changed_is_refused_with_the_new_totals() -> None:
    lamp = goods("10.00")
    priced = ready_cart([(lamp, 1)])
    PriceFactory(variant=lamp, amount="12.00")

    response = post_checkout(priced)

    assert (response.status_code, response.json()["code"]) == (409, "total_changed")
    assert response.json()["totals"]["total"] == {"amount": "16.90", "currency": "EUR"}
    assert not Order.objects.exists()


def test_a_total_in_another_currency_is_refused() -> None:
    response = post_checkout(ready_cart(), expected_total={"amount": "15", "currency": "JPY"})

    assert (response.status_code, response.json()["code"]) == (409, "total_changed")


def test_too_little_stock_is_told_line_by_line_and_nothing_remains() -> None:
    lamp, chair = goods(stock=1), goods(stock=5)
    priced = ready_cart([(lamp, 2), (chair, 5)])

    response = post_checkout(priced)

    assert (response.status_code, response.json()["code"]) == (409, "insufficient_stock")
    assert response.json()["lines"] == [
        {"line": str(priced.lines[0].id), "sku": lamp.sku, "requested": 2, "available": 1}
    ]
    assert not Order.objects.exists()
    assert not Reservation.objects.exists()
    assert not OutboxEvent.objects.filter(topic__startswith="order.").exists()


def test_goods_that_went_off_sale_cannot_be_ordered() -> None:
    lamp = goods()
    priced = ready_cart([(lamp, 1)])
    archive_variant(variant=lamp)

    response = post_checkout(priced)

    assert (response.status_code, response.json()["code"]) == (409, "insufficient_stock")
    assert response.json()["lines"][0]["available"] == 0


def test_goods_on_backorder_can_be_ordered() -> None:
    lamp = goods(stock=0)
    StockItemFactory(variant=lamp, on_hand=0, allows_backorder=True)

    response = post_checkout(ready_cart([(lamp, 3)]))

    assert response.status_code == 201


def test_a_cart_that_was_ordered_by_another_key_answers_with_the_orders_number() -> None:
    priced = ready_cart()
    number = post_checkout(priced).json()["order"]["number"]

    response = post_checkout(priced)

    assert (response.status_code, response.json()["code"]) == (409, "cart_completed")
    assert response.json()["number"] == number
    assert Order.objects.count() == 1


def test_the_same_key_and_body_is_answered_the_same_again() -> None:
    priced = ready_cart()
    first = post_checkout(priced, key="once")

    second = post_checkout(priced, key="once")

    assert second.status_code == 201
    assert second.json() == first.json()
    assert second["Idempotent-Replayed"] == "true"
    assert Order.objects.count() == Payment.objects.count() == 1


def test_a_key_that_comes_with_another_body_is_refused() -> None:
    post_checkout(ready_cart(), key="once")

    response = post_checkout(ready_cart(), key="once")

    assert (response.status_code, response.json()["code"]) == (422, "idempotency_key_reused")


def test_a_key_is_required() -> None:
    response = APIClient().post("/api/v1/checkout/", {}, format="json")

    assert (response.status_code, response.json()["code"]) == (400, "idempotency_key_required")


def test_a_refused_request_can_be_mended_and_sent_again_with_its_key() -> None:
    priced = ready_cart()
    wrong = {"amount": "1.00", "currency": "EUR"}
    assert post_checkout(priced, key="again", expected_total=wrong).status_code == 409

    assert post_checkout(priced, key="again").status_code == 201


def test_somebody_elses_cart_does_not_exist() -> None:
    priced = ready_cart(user=UserFactory())

    response = post_checkout(priced)

    assert (response.status_code, response.json()["code"]) == (404, "cart_not_found")


def test_a_shop_may_ask_guests_to_sign_in() -> None:
    priced = ready_cart()
    from wagtail.models import Site

    ShopSettings.objects.create(site=Site.objects.get(is_default_site=True), guest_checkout=False)

    response = post_checkout(priced)

    assert (response.status_code, response.json()["code"]) == (403, "sign_in_required")


def test_a_gateway_that_the_shop_does_not_have_is_refused() -> None:
    response = post_checkout(ready_cart(), payment={"gateway": "barter"})

    assert (response.status_code, response.json()["code"]) == (400, "unknown_gateway")
    assert not Order.objects.exists()


def test_a_method_that_no_longer_serves_the_address_is_named() -> None:
    priced = ready_cart()
    from shop.shipping.models import ShippingMethod

    ShippingMethod.objects.update(is_active=False)

    response = post_checkout(priced)

    assert response.status_code == 400
    assert response.json()["errors"][0]["code"] == "shipping_method_unavailable"


def test_an_order_for_nothing_is_paid_at_once() -> None:
    from shop.shipping.models import ShippingMethod

    priced = ready_cart([(goods("0.00"), 1)])
    ShippingMethod.objects.update(price=0)
    priced = ready_cart([(goods("0.00"), 1)])

    response = post_checkout(priced)

    assert response.status_code == 201
    assert response.json()["order"]["payment_status"] == "paid"


def test_note_and_billing_address_go_into_the_order() -> None:
    from tests.factories.customers import berlin_address

    priced = ready_cart()
    changes = CartChanges(note="Ring twice", billing_address=berlin_address(line1="Hauptstraße 2"))
    update_cart(cart=priced.cart, changes=changes, at=clock.now())

    order = post_checkout(priced).json()["order"]

    assert order["note"] == "Ring twice"
    assert order["addresses"]["billing"]["line1"] == "Hauptstraße 2"
    assert order["addresses"]["shipping"]["line1"] == "Torstraße 1"
