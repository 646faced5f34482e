"""A guest buys over REST, knowing nothing but the contract."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from shop.catalogue.models import ProductVariant
from tests.factories.cart import german_vat, several_goods, standard_delivery

pytestmark = pytest.mark.django_db

ADDRESS = {
    "first_name": "Ada",
    "last_name": "Lovelace",
    "line1": "Torstraße 1",
    "city": "Berlin",
    "postal_code": "10119",
    "country": "DE",
}
# bars.md, P5
MOST_CALLS, MOST_STATEMENTS, MOST_TO_PLACE = 6, 60, 25


class Shopper:
    """A client that counts the statements of its calls; BEGIN, COMMIT and savepoints are none."""

    def __init__(self) -> None:
        self.client = APIClient()
        self.statements: list[list[str]] = []

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        with CaptureQueriesContext(connection) as captured:
            response = getattr(self.client, method)(f"/api/v1{path}", body, format="json", headers=headers)
        ignored = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK")
        self.statements.append([query["sql"] for query in captured if not query["sql"].startswith(ignored)])
        assert response.status_code < 300, response.json()
        return response.json()

    def order(self, variants: list[ProductVariant]) -> Any:
        cart = self.call("post", "/carts/", {})
        path = f"/carts/{cart['id']}/"
        for variant in variants:
            self.call("post", f"{path}lines/", {"sku": variant.sku, "quantity": 2})
        chosen = {"email": "ada@example.com", "shipping_address": ADDRESS, "shipping_method": "standard-de"}
        cart = self.call("patch", path, chosen)
        body = {
            "cart": cart["id"],
            "expected_total": cart["totals"]["total"],
            "payment": {"gateway": "manual"},
        }
        return self.call("post", "/checkout/", body, **{"Idempotency-Key": uuid.uuid4().hex})


def test_a_guest_fills_a_cart_chooses_how_to_ship_orders_and_follows_the_order() -> None:
    german_vat()
    standard_delivery()
    lamp, chair = several_goods(2, price="24.95")
    guest = Shopper()
    cart = guest.call("post", "/carts/", {})
    path = f"/carts/{cart['id']}/"
    guest.call("post", f"{path}lines/", {"sku": lamp.sku, "quantity": 1})
    cart = guest.call("post", f"{path}lines/", {"sku": chair.sku, "quantity": 3})
    line = next(line for line in cart["lines"] if line["sku"] == chair.sku)
    guest.call("patch", f"{path}lines/{line['id']}/", {"quantity": 1})
    guest.call("patch", path, {"email": "ada@example.com", "shipping_address": ADDRESS})
    options = guest.call("get", f"{path}shipping-methods/")
    cart = guest.call("patch", path, {"shipping_method": options["results"][0]["code"]})
    assert cart["totals"]["total"] == {"amount": "54.80", "currency": "EUR"}
    assert cart["tax_lines"] == [
        {
            "name": "VAT 19%",
            "rate": "19.000",
            "base": {"amount": "46.06", "currency": "EUR"},
            "amount": {"amount": "8.74", "currency": "EUR"},
        }
    ]

    body = {"cart": cart["id"], "expected_total": cart["totals"]["total"], "payment": {"gateway": "manual"}}
    placed = guest.call("post", "/checkout/", body, **{"Idempotency-Key": "one"})["order"]

    seen = guest.call("get", f"/orders/{placed['number']}/?token={placed['token']}")
    assert seen == {name: value for name, value in placed.items() if name not in ("token", "url")}
    tracking = guest.call("get", f"/orders/{placed['number']}/tracking/?token={placed['token']}")
    assert [step["kind"] for step in tracking["timeline"]] == ["placed"]


def test_a_whole_guest_checkout_costs_no_more_calls_and_statements_than_the_bar_allows() -> None:
    german_vat()
    standard_delivery()
    warm, *bought = several_goods(4)
    Shopper().order([warm])
    shopper = Shopper()

    shopper.order(bought)

    counts = [len(statements) for statements in shopper.statements]
    assert len(counts) <= MOST_CALLS
    assert counts[-1] <= MOST_TO_PLACE, "\n".join(shopper.statements[-1])
    assert sum(counts) <= MOST_STATEMENTS, counts
