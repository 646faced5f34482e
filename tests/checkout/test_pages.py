"""The checkout as plain forms: steps in order, errors beside the fields, one order whatever is pressed."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from shop.inventory.models import StockItem
from shop.orders.models import Order
from tests.factories.cart import german_vat, goods, standard_delivery

pytestmark = pytest.mark.django_db(transaction=True)

ADDRESS = {
    "email": "ada@example.com",
    "shipping-first_name": "Ada",
    "shipping-last_name": "Müller",
    "shipping-line1": "Lindenallee 4",
    "shipping-postal_code": "10969",
    "shipping-city": "Berlin",
    "shipping-country": "DE",
}


@pytest.fixture
def shopper(client: Client) -> Client:
    german_vat()
    standard_delivery()
    client.post("/cart/add/", {"sku": goods("10.00", stock=3).sku, "quantity": "2"})
    return client


def _to_payment(shopper: Client) -> str:
    shopper.post("/checkout/", ADDRESS)
    shopper.post("/checkout/delivery/", {"shipping_method": "standard-de"})
    page: Any = shopper.get("/checkout/payment/")
    return str(page.context_data["cart"].totals.total.amount)


def test_without_a_cart_there_is_nothing_to_check_out(client: Client) -> None:
    for step in ("", "delivery/", "payment/"):
        assert client.get(f"/checkout/{step}")["Location"] == "/cart/"


def test_no_step_can_be_skipped(shopper: Client) -> None:
    assert shopper.get("/checkout/payment/")["Location"] == "/checkout/"
    assert shopper.get("/checkout/delivery/")["Location"] == "/checkout/"

    shopper.post("/checkout/", ADDRESS)

    assert shopper.get("/checkout/payment/")["Location"] == "/checkout/delivery/"


def test_what_was_typed_stays_beside_what_is_wrong(shopper: Client) -> None:
    answer = shopper.post("/checkout/", ADDRESS | {"shipping-postal_code": "nonsense", "email": "ada"})

    body = answer.content.decode()
    assert answer.status_code == 400
    assert 'value="nonsense"' in body
    assert 'value="Lindenallee 4"' in body
    assert 'id="id_email_error"' in body


def test_an_address_that_its_country_does_not_know_is_told_at_its_field(shopper: Client) -> None:
    answer = shopper.post("/checkout/", ADDRESS | {"shipping-postal_code": "nonsense"})

    assert 'id="id_shipping-postal_code_error"' in answer.content.decode()


def test_a_shopper_orders_and_begins_anew(shopper: Client) -> None:
    total = _to_payment(shopper)

    placed = shopper.post("/checkout/payment/", {"key": "k", "expected_total": total})

    order = Order.objects.get()
    assert placed.status_code == 303
    assert placed["Location"].startswith(f"/orders/{order.number}/?token=")
    assert "Thank you" in shopper.get(placed["Location"]).content.decode()
    assert shopper.cookies["nexus_cart"].value == ""


def test_pressing_twice_orders_once_and_leads_to_the_order(shopper: Client) -> None:
    total = _to_payment(shopper)
    secret = shopper.cookies["nexus_cart"].value
    first = shopper.post("/checkout/payment/", {"key": "k", "expected_total": total})
    shopper.cookies["nexus_cart"] = secret

    second = shopper.post("/checkout/payment/", {"key": "k", "expected_total": total})

    assert second["Location"] == first["Location"]
    assert Order.objects.count() == 1


@pytest.mark.parametrize("total", ["0.01", "-1", "NaN", "1e9", "", "20.000001", "x"])
def test_a_total_that_was_tampered_with_orders_nothing(shopper: Client, total: str) -> None:
    _to_payment(shopper)

    answer = shopper.post("/checkout/payment/", {"key": "k", "expected_total": total})

    assert answer.status_code == 400
    assert "total has changed" in answer.content.decode()
    assert not Order.objects.exists()


def test_goods_sold_meanwhile_lead_back_to_the_cart(shopper: Client) -> None:
    total = _to_payment(shopper)
    StockItem.objects.update(on_hand=1)

    answer = shopper.post("/checkout/payment/", {"key": "k", "expected_total": total})

    assert answer["Location"] == "/cart/"
    assert "Only 1" in shopper.get("/cart/").content.decode()
    assert not Order.objects.exists()


def test_a_delivery_that_is_not_offered_is_refused(shopper: Client) -> None:
    shopper.post("/checkout/", ADDRESS)

    answer = shopper.post("/checkout/delivery/", {"shipping_method": "by-owl"})

    assert answer.status_code == 400
    assert "not available" in answer.content.decode()


def test_an_order_s_page_needs_its_token(shopper: Client) -> None:
    total = _to_payment(shopper)
    shopper.post("/checkout/payment/", {"key": "k", "expected_total": total})
    number = Order.objects.get().number

    assert shopper.get(f"/orders/{number}/").status_code == 404
    assert shopper.get(f"/orders/{number}/?token=guess").status_code == 404
    assert shopper.get("/orders/LL-0000-0000/?token=guess").status_code == 404


def test_asking_for_an_order_tells_nobody_whether_there_is_one(shopper: Client) -> None:
    total = _to_payment(shopper)
    shopper.post("/checkout/payment/", {"key": "k", "expected_total": total})
    number = Order.objects.get().number

    known = shopper.post("/orders/find/", {"number": number, "email": "ada@example.com"})
    unknown = shopper.post("/orders/find/", {"number": "LL-0000-0000", "email": "ada@example.com"})

    assert known.status_code == unknown.status_code == 200
    assert known.content == unknown.content
