"""Orders over REST: for their owner, for the holder of the link, for staff, and for nobody else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import override_settings
from rest_framework.test import APIClient

from shop.catalogue.services import update_variant
from shop.core import clock
from shop.core.models import OutboxEvent
from shop.inventory.selectors import get_stock
from shop.orders.identity import make_nonce, make_number, make_token, normalise_number, token_matches
from shop.orders.models import Order
from shop.orders.selectors import order_token, order_url
from tests.factories.cart import goods, several_goods
from tests.factories.customers import UserFactory
from tests.factories.orders import placed_order

pytestmark = pytest.mark.django_db


def client_of(user: Any = None) -> APIClient:
    client = APIClient()
    if user is not None:
        client.force_authenticate(user)
    return client


def staff(*codenames: str) -> Any:
    user = UserFactory(is_staff=True)
    user.user_permissions.add(*Permission.objects.filter(codename__in=codenames))
    return user


def path(order: Order, rest: str = "", *, token: bool = True) -> str:
    query = f"?token={order_token(order)}" if token else ""
    return f"/api/v1/orders/{order.number}/{rest}{query}"


def test_an_order_is_seen_by_its_owner_and_the_holder_of_its_token_alone() -> None:
    owner = UserFactory()
    order = placed_order(user=owner)

    assert client_of(owner).get(path(order, token=False)).status_code == 200
    assert client_of().get(path(order)).status_code == 200
    for stranger in (client_of(), client_of(UserFactory()), client_of(UserFactory(is_staff=True))):
        foreign = stranger.get(path(order, token=False))
        missing = stranger.get("/api/v1/orders/NX-0000-0000/")
        assert (foreign.status_code, foreign.content) == (missing.status_code, missing.content)
    assert client_of().get(path(order, token=False) + "?token=wrong").status_code == 404


@pytest.mark.parametrize("token", ["", "%00", "%F0%9F%98%80", "a" * 5000, "%ff"])
def test_odd_tokens_open_nothing(token: str) -> None:
    order = placed_order()

    assert client_of().get(f"/api/v1/orders/{order.number}/?token={token}").status_code in (400, 404)


def test_what_was_sold_does_not_follow_the_catalogue() -> None:
    lamp = goods("10.00", title="Oak")
    order = placed_order([(lamp, 1)])
    before = client_of().get(path(order)).json()

    update_variant(variant=lamp, title="Walnut", weight_grams=1)

    assert client_of().get(path(order)).json() == before


def test_reading_an_order_costs_ten_statements(django_assert_max_num_queries: Any) -> None:
    order = placed_order([(variant, 1) for variant in several_goods(5)])

    with django_assert_max_num_queries(10):
        client_of().get(path(order))


def test_a_buyer_cancels_and_the_goods_are_on_sale_again() -> None:
    lamp = goods(stock=2)
    order = placed_order([(lamp, 2)])

    response = client_of().post(path(order, "cancel/"), {"reason": "Changed my mind"}, format="json")

    assert response.status_code == 200
    assert response.json()["status"] == "cancelled"
    assert get_stock([lamp.pk])[lamp.pk].available == 2
    again = client_of().post(path(order, "cancel/"), {}, format="json")
    assert (again.status_code, again.json()["code"]) == (409, "order_not_cancellable")


def test_what_has_been_sent_cannot_be_cancelled() -> None:
    order = placed_order()
    client_of(staff("ship_order", "view_order")).post(f"/api/v1/ops/orders/{order.number}/fulfilments/", {})

    response = client_of().post(path(order, "cancel/"), {}, format="json")

    assert (response.status_code, response.json()["code"]) == (409, "order_not_cancellable")


def test_tracking_tells_what_has_happened_with_carrier_and_number() -> None:
    order = placed_order()
    parcel = {"carrier": "DHL", "tracking_number": "0034", "tracking_url": "https://track.example.com/0034"}
    client_of(staff("ship_order")).post(
        f"/api/v1/ops/orders/{order.number}/fulfilments/", parcel, format="json"
    )

    timeline = client_of().get(path(order, "tracking/")).json()["timeline"]

    assert [step["kind"] for step in timeline] == ["placed", "packed", "shipped"]
    assert {name: timeline[-1][name] for name in parcel} == parcel


def test_looking_for_an_order_tells_nothing_and_sends_its_link() -> None:
    order = placed_order()

    answers = [
        client_of().post("/api/v1/orders/find/", {"number": number, "email": email}, format="json")
        for number, email in (
            (order.number.lower(), "ADA@example.com"),
            (order.number, "eve@example.com"),
            ("NX-0000-0000", "ada@example.com"),
        )
    ]

    assert {(answer.status_code, answer.content) for answer in answers} == {(202, answers[0].content)}
    events = OutboxEvent.objects.filter(topic="order.link_requested").order_by("pk")
    assert [event.payload["order_id"] for event in events] == [order.pk, None, None]


def test_a_person_lists_their_own_orders_newest_first() -> None:
    user = UserFactory()
    lamp = goods(stock=10)
    now = clock.now()
    older = placed_order([(lamp, 1)], user=user, at=now - timedelta(days=1))
    newer = placed_order([(lamp, 1)], user=user, at=now)
    placed_order([(lamp, 1)])

    listed = client_of(user).get("/api/v1/me/orders/").json()

    assert [order["number"] for order in listed["results"]] == [newer.number, older.number]
    assert client_of().get("/api/v1/me/orders/").status_code == 401


def test_staff_list_and_filter_orders() -> None:
    lamp = goods(stock=10, sku="LAMP-OAK-1")
    order = placed_order([(lamp, 1)])
    ops = client_of(staff("view_order"))

    def found(query: str) -> list[str]:
        return [row["number"] for row in ops.get(f"/api/v1/ops/orders/?{query}").json()["results"]]

    assert found("status=confirmed") == [order.number]
    assert found("status=cancelled") == []
    assert found("search=LAMP-OAK-1") == found("search=lovelace ada@") == [order.number]
    assert found(f"placed_until={(order.placed_at).isoformat().replace('+00:00', 'Z')}") == []
    for odd in ("status=lost", "colour=red", "placed_from=yesterday", "limit=1000", "cursor=x"):
        assert ops.get(f"/api/v1/ops/orders/?{odd}").status_code == 400, odd


def test_operations_are_closed_to_all_without_the_permission() -> None:
    order = placed_order()
    base = f"/api/v1/ops/orders/{order.number}/"
    for user, status in ((None, 401), (UserFactory(), 403), (UserFactory(is_staff=True), 403)):
        client = client_of(user)
        assert client.get("/api/v1/ops/orders/").status_code == status
        assert client.get(base).status_code == status
        assert client.post(f"{base}fulfilments/", {}, format="json").status_code == status
        assert client.post(f"{base}notes/", {"text": "hello"}, format="json").status_code == status
    assert client_of(staff("view_order")).post(f"{base}fulfilments/", {}).status_code == 403


def test_staff_leave_notes_that_shoppers_never_see() -> None:
    order = placed_order()
    ops = client_of(staff("view_order", "add_order_note"))

    response = ops.post(f"/api/v1/ops/orders/{order.number}/notes/", {"text": "Gift wrap"}, format="json")

    assert response.status_code == 201
    assert ops.get(f"/api/v1/ops/orders/{order.number}/").json()["notes"][0]["text"] == "Gift wrap"
    assert "Gift wrap" not in client_of().get(path(order)).content.decode()


def test_numbers_and_tokens_tell_nothing_of_each_other() -> None:
    numbers = {make_number("NX") for _ in range(1000)}
    nonce = make_nonce()
    token = make_token(nonce)

    assert len(numbers) == 1000
    assert len(token) >= 22
    assert token_matches(nonce, token)
    assert not token_matches(make_nonce(), token)
    assert nonce not in token


def test_a_token_outlives_the_change_of_the_secret_key_while_the_old_one_is_kept() -> None:
    nonce = make_nonce()
    with override_settings(SECRET_KEY="old" * 20):
        token = make_token(nonce)

    with override_settings(SECRET_KEY="new" * 20, SECRET_KEY_FALLBACKS=["old" * 20]):
        assert token_matches(nonce, token)
    with override_settings(SECRET_KEY="new" * 20):
        assert not token_matches(nonce, token)


def test_a_number_is_read_as_people_type_it() -> None:
    assert normalise_number(" nx-7k3f-92qd ") == "NX-7K3F-92QD"
    assert normalise_number("NX-OI1L-0000") == "NX-0111-0000"


def test_the_link_of_an_order_holds_its_token() -> None:
    order = placed_order()

    assert order_url(order).endswith(f"/orders/{order.number}/?token={order_token(order)}")
