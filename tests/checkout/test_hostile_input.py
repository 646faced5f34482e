"""Whatever a client sends: no 5xx, and no price moves."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework.test import APIClient

from shop.orders.models import Order
from tests.factories.cart import cart_with, german_vat, goods, ready_cart, standard_delivery
from tests.factories.orders import checkout_body

CHECKOUT = "/api/v1/checkout/"
ODD = [
    None,
    True,
    -1,
    0,
    1.5,
    10**30,
    "",
    "x" * 10_000,
    "\u0000",
    "\ud800",
    "NaN",
    "Infinity",
    "1e9",
    "٣",
    [],
    {},
    [[]],
    {"a": {"b": []}},
]
scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=6,
)


def send(body: Any, *, key: str = "k", raw: bytes | None = None) -> Any:
    """Without Django's client raising what the server would answer as 500."""
    client = APIClient(raise_request_exception=False)
    content = raw if raw is not None else json.dumps(body).encode()
    headers = {"Idempotency-Key": key}
    return client.generic("POST", CHECKOUT, content, content_type="application/json", headers=headers)


@pytest.mark.django_db
@pytest.mark.parametrize("value", ODD)
@pytest.mark.parametrize("field", ["cart", "expected_total", "payment", "surprise"])
def test_odd_values_are_refused_with_a_problem(field: str, value: Any) -> None:
    priced = ready_cart()

    response = send(checkout_body(priced, **{field: value}))

    assert response.status_code in (400, 404, 409, 422), response.content
    assert response["Content-Type"].startswith("application/problem+json")
    assert not Order.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "total",
    [
        {"amount": 14.9, "currency": "EUR"},
        {"amount": "14.900", "currency": "EUR"},
        {"amount": "1.49e1", "currency": "EUR"},
        {"amount": "-14.90", "currency": "EUR"},
        {"amount": "NaN", "currency": "EUR"},
        {"amount": "14.90", "currency": "eur"},
        {"amount": "14.90", "currency": "XXX"},
        {"amount": "14.90", "currency": "EUR", "rate": "0"},
        {"amount": "9" * 400, "currency": "EUR"},
    ],
)
def test_a_total_is_an_exact_amount_or_nothing(total: Any) -> None:
    response = send(checkout_body(ready_cart(), expected_total=total))

    assert response.status_code == 400
    assert not Order.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "raw", [b"", b"{", b"[]", b"null", b"\xff", b'{"cart": 1e999}', b"NaN", b'"x"', b"[" * 5000]
)
def test_broken_bodies_are_refused(raw: bytes) -> None:
    assert send(None, raw=raw).status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", " ", "x" * 256, "schlüssel", "a\tb"])
def test_odd_keys_are_refused_or_harmless(key: str) -> None:
    response = send(checkout_body(ready_cart()), key=key)

    assert response.status_code in (201, 400)


@pytest.mark.django_db(transaction=True)
def test_generated_bodies_move_no_price() -> None:
    german_vat()
    standard_delivery()
    lamp = goods("19.99", stock=1000)
    client = APIClient(raise_request_exception=False)
    seen: list[int] = []

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        quantity=st.integers(1, 20),
        extra=st.dictionaries(
            st.sampled_from(
                ["unit_price", "price", "total", "discount", "currency", "quantity", "user", "x"]
            ),
            values,
            min_size=1,
            max_size=3,
        ),
    )
    def tamper(quantity: int, extra: dict[str, Any]) -> None:
        cart = cart_with([(lamp, quantity)])
        path = f"/api/v1/carts/{cart.pk}/"
        for method, url in (("POST", f"{path}lines/"), ("PATCH", path), ("POST", CHECKOUT)):
            body = json.dumps({"sku": lamp.sku, "cart": str(cart.pk), **extra}).encode()
            headers = {"Idempotency-Key": "k"}
            answer = client.generic(method, url, body, content_type="application/json", headers=headers)
            seen.append(answer.status_code)
        totals = client.get(path).json()["totals"]
        assert Decimal(totals["total"]["amount"]) == Decimal("19.99") * quantity

    tamper()

    assert max(seen) < 500
    assert not Order.objects.exists()
