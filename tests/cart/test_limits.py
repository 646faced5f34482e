"""What a cart refuses though the shop sells it: before or after its sale, or too many at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from shop.cart.limits import MaxPerOrderExceeded, NoLongerAvailable, NotAvailableYet
from shop.cart.selectors import price_cart
from shop.cart.services import add_line, claim_cart, create_cart, set_quantity
from shop.catalogue.services import update_variant
from shop.core import clock
from shop.core.errors import ShopError
from shop.orders.models import Order
from tests.factories.cart import cart_with, goods, ready_cart
from tests.factories.customers import UserFactory
from tests.factories.orders import place

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def test_goods_before_their_sale_are_refused_with_its_beginning(client: Client) -> None:
    lamp = goods(available_from=clock.now() + HOUR)
    cart = create_cart(user=None, at=clock.now())

    answer = client.post(
        f"/api/v1/carts/{cart.pk}/lines/", {"sku": lamp.sku, "quantity": 1}, content_type="application/json"
    )

    assert (answer.status_code, answer.json()["code"]) == (409, "not_available_yet")
    assert answer.json()["available_from"] == lamp.available_from.isoformat().replace("+00:00", "Z")


def test_goods_after_their_sale_are_refused() -> None:
    lamp = goods(available_until=clock.now() - HOUR)

    with pytest.raises(NoLongerAvailable):
        cart_with([(lamp, 1)])


def test_goods_can_be_had_from_the_moment_that_their_sale_begins() -> None:
    begins = clock.now() + HOUR
    lamp = goods(available_from=begins, available_until=begins + HOUR)
    cart = create_cart(user=None, at=clock.now())

    for at, refusal in ((begins - timedelta(seconds=1), NotAvailableYet), (begins + HOUR, NoLongerAvailable)):
        with pytest.raises(refusal):
            add_line(cart=cart, sku=lamp.sku, quantity=1, at=at)

    assert add_line(cart=cart, sku=lamp.sku, quantity=1, at=begins).lines[0].is_buyable


def test_one_order_holds_no_more_than_the_limit(client: Client) -> None:
    lamp = goods(max_per_order=3)
    cart = cart_with([(lamp, 2)])

    answer = client.post(
        f"/api/v1/carts/{cart.pk}/lines/", {"sku": lamp.sku, "quantity": 2}, content_type="application/json"
    )

    assert (answer.status_code, answer.json()["code"]) == (422, "max_per_order_exceeded")
    assert answer.json()["max_per_order"] == 3
    assert cart.lines.get().quantity == 2


def test_a_quantity_is_changed_within_the_limit_only() -> None:
    lamp = goods(max_per_order=3)
    cart = cart_with([(lamp, 1)])
    line = cart.lines.get()

    with pytest.raises(MaxPerOrderExceeded):
        set_quantity(cart=cart, line_id=line.pk, quantity=4, at=clock.now())

    assert set_quantity(cart=cart, line_id=line.pk, quantity=3, at=clock.now()).available


def test_two_carts_of_one_person_do_not_break_the_limit_together() -> None:
    lamp = goods(max_per_order=3)
    user = UserFactory()
    cart_with([(lamp, 2)], user=user)
    guest = cart_with([(lamp, 2)])

    claimed = claim_cart(cart=guest, user=user, at=clock.now())

    assert [line.quantity for line in claimed.lines] == [3]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"max_per_order": 1}, "max_per_order_exceeded"),
        ({"available_from": HOUR}, "not_available_yet"),
        ({"available_until": -HOUR}, "no_longer_available"),
    ],
)
def test_what_has_changed_since_is_told_by_the_cart_and_stops_the_checkout(
    change: dict[str, Any], code: str
) -> None:
    lamp = goods()
    ready = ready_cart([(lamp, 2)])
    fields = {
        name: clock.now() + value if isinstance(value, timedelta) else value for name, value in change.items()
    }
    update_variant(variant=lamp, **fields)

    priced = price_cart(ready.cart, at=clock.now())
    with pytest.raises(ShopError) as refused:
        place(ready)

    assert not priced.available
    assert [warning.code for warning in priced.warnings if warning.line] == [code]
    assert refused.value.code == code
    assert refused.value.extra["lines"][0]["sku"] == lamp.sku
    assert not Order.objects.exists()


def test_available_says_what_one_order_can_have(client: Client) -> None:
    cart = cart_with([(goods(stock=10, max_per_order=3), 1)])

    line = client.get(f"/api/v1/carts/{cart.pk}/").json()["lines"][0]

    assert (line["available"], line["max_per_order"], line["available_from"]) == (3, 3, None)
