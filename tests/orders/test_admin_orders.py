from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client

from content.roles import sync_roles
from shop.core import clock
from shop.core.models import OutboxEvent
from shop.inventory.models import StockItem
from shop.orders.models import Order, OrderNote
from shop.orders.services import cancel_order, ship_order
from shop.orders.transitions import FulfilmentStatus, OrderStatus, PaymentStatus
from tests.factories.customers import AdministratorFactory, StaffFactory, berlin_address
from tests.orders.placed import place_order

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _roles() -> None:
    sync_roles()


def log_in(role: str | None) -> Client:
    client = Client()
    client.force_login(StaffFactory(role=role) if role else AdministratorFactory())
    return client


@pytest.fixture
def ops() -> Client:
    return log_in("Ops")


def page(client: Client, url: str) -> str:
    response = client.get(url, follow=True)
    assert response.status_code == 200
    return unescape(response.content.decode())


def act(client: Client, order: Order, slug: str, **data: Any) -> Any:
    """Open the page of an action and confirm it as it came, with what was typed."""
    url = f"/admin/orders/{order.number}/{slug}/"
    shown = client.get(url)
    assert shown.status_code == 200, shown.get("Location", "")
    form = dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', shown.content.decode()))
    fields = {
        name: value for name, value in form.items() if name in ("seen",) or name.startswith("quantity_")
    }
    return client.post(url, fields | data, follow=True)


# -- the list


def test_ops_find_an_order_by_number_address_name_and_sku(ops: Client) -> None:
    wanted = place_order(
        email="grace@example.com", address=berlin_address(last_name="Hopper"), skus=("OAK-1",)
    )
    other = place_order()

    for word in (wanted.number, wanted.number[3:7], "GRACE@", "hopper", "oak-1"):
        found = page(ops, f"/admin/orders/?q={word}")
        assert wanted.number in found, word
        assert other.number not in found, word


def test_the_list_is_filtered_by_the_three_axes_and_the_date(ops: Client) -> None:
    old = place_order(at=clock.now() - timedelta(days=30))
    cancelled = place_order()
    cancel_order(order=cancelled, actor=None, reason="test", at=clock.now())
    sent = place_order()
    ship_order(order=sent, lines=None, carrier="", tracking_number="", actor=None, at=clock.now())

    def found(query: str) -> set[str]:
        text = page(ops, f"/admin/orders/?{query}")
        return {order.number for order in (old, cancelled, sent) if order.number in text}

    assert found("status=cancelled") == {cancelled.number}
    assert found("fulfilment_status=fulfilled") == {sent.number}
    assert found("payment_status=unpaid") == {old.number, cancelled.number, sent.number}
    assert found(f"placed_at_to={(clock.now() - timedelta(days=20)).date()}") == {old.number}


def test_the_list_takes_as_many_queries_for_thirty_orders_as_for_two(
    ops: Client, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    place_order()
    page(ops, "/admin/orders/")
    with django_assert_max_num_queries(30) as few:
        page(ops, "/admin/orders/")
    for _ in range(5):
        place_order(quantities=(1, 1, 1))

    with django_assert_max_num_queries(len(few)):
        page(ops, "/admin/orders/")


def test_an_empty_list_tells_what_will_come(ops: Client) -> None:
    assert "There are no orders yet" in page(ops, "/admin/orders/")
    assert "No order matches" in page(ops, "/admin/orders/?q=nothing")


def test_the_home_page_tells_how_many_orders_wait(ops: Client) -> None:
    place_order()

    assert "1 order to send" in page(ops, "/admin/")


# -- one order


def test_the_screen_shows_everything_about_an_order(ops: Client) -> None:
    order = place_order(note="Please ring twice.")

    text = page(ops, f"/admin/orders/{order.number}/")

    for expected in (
        order.number,
        "Confirmed",
        "Unpaid",
        "To be sent",
        "Oak lamp, Small, natural",
        "€79.80",
        "€4.90",
        "€124.60",
        "The base price; no other list was cheaper.",
        "Torstraße 1",
        "Germany",
        "Please ring twice.",
        "held",
        "Manual",
        "Placed",
    ):
        assert expected in text, expected


def test_an_unknown_order_is_not_found(ops: Client) -> None:
    assert ops.get("/admin/orders/NX-0000-0000/").status_code == 404
    assert ops.get(f"/admin/orders/{place_order().number}/fly/").status_code == 404


def test_what_buyers_write_is_text_and_never_markup(ops: Client) -> None:
    order = place_order(note="<script>alert(1)</script>", address=berlin_address(last_name="<b>Bold</b>"))

    raw = ops.get(f"/admin/orders/{order.number}/").content.decode()

    assert "<script>alert(1)" not in raw
    assert "<b>Bold" not in raw


# -- sending


def test_ops_send_everything_with_a_tracking_number(ops: Client) -> None:
    order = place_order()

    done = act(
        ops, order, "ship", carrier="DHL", tracking_number="0034", tracking_url="https://dhl.example/0034"
    )

    order.refresh_from_db()
    assert order.fulfilment_status == FulfilmentStatus.FULFILLED
    assert "0034" in done.content.decode()
    assert "DHL" in done.content.decode()
    assert OutboxEvent.objects.filter(topic="order.shipped", key=order.event_key).count() == 1
    assert sorted(StockItem.objects.values_list("on_hand", "reserved")) == [(8, 0), (9, 0)]


def test_ops_send_a_part_and_later_the_rest(ops: Client) -> None:
    order = place_order(quantities=(3,))
    field = f"quantity_{order.lines.get().public_id.hex}"

    act(ops, order, "ship", **{field: "2"})
    order.refresh_from_db()
    assert order.fulfilment_status == FulfilmentStatus.PARTIALLY_FULFILLED
    act(ops, order, "ship")

    order.refresh_from_db()
    assert order.fulfilment_status == FulfilmentStatus.FULFILLED
    assert [parcel.lines.get().quantity for parcel in order.fulfilments.all()] == [2, 1]


@pytest.mark.parametrize("typed", ["4", "-1", "two", "1.5", ""])
def test_an_impossible_quantity_is_refused_and_what_was_typed_stays(ops: Client, typed: str) -> None:
    order = place_order(quantities=(3,))
    field = f"quantity_{order.lines.get().public_id.hex}"

    answer = act(ops, order, "ship", carrier="Hermes", **{field: typed})

    assert "error-message" in answer.content.decode()
    assert "Hermes" in answer.content.decode()
    assert not order.fulfilments.exists()


def test_an_empty_parcel_is_refused(ops: Client) -> None:
    order = place_order(quantities=(3,))

    answer = act(ops, order, "ship", **{f"quantity_{order.lines.get().public_id.hex}": "0"})

    assert "Nothing is in this parcel" in answer.content.decode()
    assert not order.fulfilments.exists()


def test_a_second_click_sends_nothing_again(ops: Client) -> None:
    order = place_order(quantities=(4,))
    field = f"quantity_{order.lines.get().public_id.hex}"
    form = {"seen": order.updated_at.isoformat(), field: "2"}
    url = f"/admin/orders/{order.number}/ship/"

    first, second = ops.post(url, form), ops.post(url, form)

    assert first.status_code == 302
    assert "has changed since you opened this page" in second.content.decode()
    assert order.fulfilments.count() == 1


def test_a_parcel_is_marked_as_delivered(ops: Client) -> None:
    order = place_order()
    parcel = ship_order(
        order=order, lines=None, carrier="DHL", tracking_number="1", actor=None, at=clock.now()
    )

    act(ops, order, "deliver", fulfilment=str(parcel.public_id))

    parcel.refresh_from_db()
    assert parcel.delivered_at is not None
    assert ops.get(f"/admin/orders/{order.number}/deliver/").status_code == 302


# -- money, cancelling, notes


def test_ops_mark_an_order_as_paid_once(ops: Client) -> None:
    order = place_order()

    done = act(ops, order, "mark-paid", reference="statement 27, line 4")

    order.refresh_from_db()
    assert order.payment_status == PaymentStatus.PAID
    assert "statement 27, line 4" in done.content.decode()
    assert ops.get(f"/admin/orders/{order.number}/mark-paid/").status_code == 302


def test_an_order_that_is_sent_and_paid_is_completed(ops: Client) -> None:
    order = place_order()

    act(ops, order, "ship")
    act(ops, order, "mark-paid")

    order.refresh_from_db()
    assert order.status == OrderStatus.COMPLETED


def test_cancelling_asks_for_a_reason_and_gives_the_goods_back(ops: Client) -> None:
    order = place_order()

    without = act(ops, order, "cancel", reason=" ")
    assert "This field is required" in without.content.decode()
    done = act(ops, order, "cancel", reason="Changed their mind")

    order.refresh_from_db()
    assert order.status == OrderStatus.CANCELLED
    assert "Changed their mind" in done.content.decode()
    assert not StockItem.objects.filter(reserved__gt=0).exists()


def test_what_has_been_sent_is_no_longer_cancelled(ops: Client) -> None:
    order = place_order()
    ship_order(order=order, lines=None, carrier="", tracking_number="", actor=None, at=clock.now())

    answer = ops.post(f"/admin/orders/{order.number}/cancel/", {"reason": "x"}, follow=True)

    order.refresh_from_db()
    assert order.status == OrderStatus.CONFIRMED
    assert "not possible" in answer.content.decode()


def test_a_note_stands_in_the_timeline_with_its_author(ops: Client) -> None:
    order = place_order()

    done = act(ops, order, "note", text="Gift wrap <please>")

    assert OrderNote.objects.get().order == order
    assert "Gift wrap &lt;please&gt;" in done.content.decode()
    assert "Ada Lovelace" in done.content.decode()


# -- who may

ACTIONS = ("ship", "cancel", "mark-paid", "note")


@pytest.mark.parametrize(
    ("role", "reads", "may"),
    [
        ("Ops", True, set(ACTIONS)),
        ("Support", True, {"note"}),
        ("Analyst", True, set()),
        ("Merchandiser", False, set()),
        ("Approver", False, set()),
        (None, True, set(ACTIONS)),
    ],
)
def test_each_role_reads_and_does_only_what_is_its_own(role: str | None, reads: bool, may: set[str]) -> None:
    order = place_order()
    client = log_in(role)

    assert client.get("/admin/orders/").status_code == (200 if reads else 302)
    assert client.get(f"/admin/orders/{order.number}/").status_code == (200 if reads else 302)
    allowed = {
        slug for slug in ACTIONS if client.get(f"/admin/orders/{order.number}/{slug}/").status_code == 200
    }
    assert allowed == may
    for slug in set(ACTIONS) - may:
        client.post(
            f"/admin/orders/{order.number}/{slug}/", {"seen": order.updated_at.isoformat(), "reason": "x"}
        )
    untouched = Order.objects.get(pk=order.pk)
    assert untouched.updated_at == order.updated_at
    assert ("Orders" in page(client, "/admin/")) is reads


@pytest.mark.parametrize("path", ["", "results/", "{number}/", "{number}/ship/"])
def test_shoppers_and_strangers_are_sent_away(path: str) -> None:
    order = place_order()
    stranger, shopper = Client(), Client()
    shopper.force_login(StaffFactory())
    url = f"/admin/orders/{path.format(number=order.number)}"

    assert stranger.get(url).status_code == 302
    assert shopper.get(url).status_code == 302


def test_the_screen_takes_as_many_queries_for_eight_lines_as_for_one(
    ops: Client, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    small, large = place_order(quantities=(1,)), place_order(quantities=(1,) * 8)
    page(ops, f"/admin/orders/{small.number}/")
    with django_assert_max_num_queries(30) as few:
        page(ops, f"/admin/orders/{small.number}/")

    with django_assert_max_num_queries(len(few)):
        page(ops, f"/admin/orders/{large.number}/")
