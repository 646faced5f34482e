"""The cart's pages as plain forms: what a browser without scripts, a bot or a broken client sends."""

from __future__ import annotations

import pytest
from django.test import Client

from shop.cart.models import Cart, CartLine
from tests.factories.cart import cart_with, goods

pytestmark = pytest.mark.django_db


def test_adding_the_same_thing_twice_adds_up(client: Client) -> None:
    mug = goods()

    for _ in range(2):
        answer = client.post("/cart/add/", {"sku": mug.sku.lower(), "quantity": "2"})
        assert (answer.status_code, answer["Location"]) == (303, "/cart/")

    assert CartLine.objects.get().quantity == 4
    assert client.cookies["nexus_cart_count"].value == "4"


def test_no_script_can_read_the_cart_s_secret(client: Client) -> None:
    client.post("/cart/add/", {"sku": goods().sku, "quantity": "1"})

    cookie = client.cookies["nexus_cart"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie.value == str(Cart.objects.get().pk)


@pytest.mark.parametrize("quantity", ["0", "-1", "1000", "1e3", "1.5", "NaN", "true", "", "٣", "9" * 40])
def test_a_quantity_that_is_none_is_refused_with_words(client: Client, quantity: str) -> None:
    answer = client.post("/cart/add/", {"sku": goods().sku, "quantity": quantity})

    assert answer.status_code == 400
    assert "Enter a quantity from 1 to 999." in answer.content.decode()
    assert not CartLine.objects.exists()


@pytest.mark.parametrize("sku", ["", "NOTHING", "x" * 5000, "\x00", "'; drop table", "💡"])
def test_a_sku_that_nothing_has_is_refused_with_words(client: Client, sku: str) -> None:
    answer = client.post("/cart/add/", {"sku": sku, "quantity": "1"})

    assert answer.status_code == 400
    assert "nothing on sale with this SKU" in answer.content.decode()


def test_a_line_can_be_changed_and_taken_out(client: Client) -> None:
    client.post("/cart/add/", {"sku": goods().sku, "quantity": "1"})
    line = CartLine.objects.get()

    client.post(f"/cart/lines/{line.pk}/", {"quantity": "7"})
    line.refresh_from_db()
    assert line.quantity == 7

    client.post(f"/cart/lines/{line.pk}/", {"quantity": "0"})
    assert not CartLine.objects.exists()
    assert "Your cart is empty" in client.get("/cart/").content.decode()


def test_nobody_changes_a_line_of_somebody_else(client: Client) -> None:
    foreign = cart_with([(goods(), 2)]).lines.get()
    client.post("/cart/add/", {"sku": goods().sku, "quantity": "1"})

    answer = client.post(f"/cart/lines/{foreign.pk}/", {"quantity": "9"})

    assert answer.status_code == 303
    foreign.refresh_from_db()
    assert foreign.quantity == 2


@pytest.mark.parametrize("cookie", ["", "rubbish", "3438530e-8df7-4be0-9aa9-da1bd338eb68", "0" * 500])
def test_a_cookie_that_names_no_cart_is_an_empty_cart(client: Client, cookie: str) -> None:
    client.cookies["nexus_cart"] = cookie
    client.cookies["nexus_cart_count"] = "<script>"

    answer = client.get("/cart/")

    assert answer.status_code == 200
    assert "Your cart is empty" in answer.content.decode()
    assert "<script>" not in answer.content.decode().replace("<script src", "")


def test_a_form_from_another_site_is_refused() -> None:
    strict = Client(enforce_csrf_checks=True)

    assert strict.post("/cart/add/", {"sku": goods().sku, "quantity": "1"}).status_code == 403


def test_pages_about_a_cart_are_nobody_else_s_to_keep(client: Client) -> None:
    for path in ("/cart/", "/checkout/", "/orders/find/"):
        assert "no-store" in client.get(path)["Cache-Control"], path
        assert "private" in client.get(path)["Cache-Control"], path
