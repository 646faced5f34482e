import pytest
from rest_framework.test import APIClient

from shop.cart.selectors import list_shipping_options, price_cart
from shop.cart.services import CartChanges, update_cart
from shop.core import clock
from shop.inventory.models import Reservation
from shop.orders.models import OrderEvent
from shop.payments.services import mark_paid
from tests.factories.cart import bundle_of, cart_with, goods, ready_cart, typed_product
from tests.factories.inventory import StockItemFactory
from tests.factories.orders import place, post_checkout
from tests.factories.pricing import PriceFactory

pytestmark = pytest.mark.django_db


def gift_card(price="50.00", **variant):
    return goods(price, stock=0, product=typed_product("gift_card"), **variant)


def cart_of(*lines, email="ada@example.com"):
    cart = cart_with(lines)
    update_cart(cart=cart, changes=CartChanges(email=email), at=clock.now())
    cart.refresh_from_db()
    return price_cart(cart, at=clock.now())


def test_a_cart_that_ships_nothing_needs_neither_address_nor_method():
    priced = cart_of((gift_card(), 2))

    answer = post_checkout(priced)

    assert answer.status_code == 201
    order = answer.json()["order"]
    assert order["addresses"] == {"shipping": None, "billing": None}
    assert order["totals"]["shipping"]["amount"] == "0.00"
    assert order["lines"][0]["requires_shipping"] is False


def test_only_what_is_really_needed_is_missing():
    digital, mixed = cart_of((gift_card(), 1), email=""), cart_of((gift_card(), 1), (goods(), 1), email="")

    missing = [[error["attr"] for error in post_checkout(cart).json()["errors"]] for cart in (digital, mixed)]

    assert missing == [["email"], ["email", "shipping_address", "shipping_method"]]


def test_a_cart_says_whether_anything_in_it_travels():
    priced = cart_of((gift_card(), 1))

    shown = APIClient().get(f"/api/v1/carts/{priced.cart.pk}/").json()

    assert shown["requires_shipping"] is False
    assert list_shipping_options(priced.cart, at=clock.now()) == []


def test_a_parcel_weighs_only_what_travels():
    card, lamp = gift_card(weight_grams=20), goods(weight_grams=700)
    priced = ready_cart([(card, 3), (lamp, 2)])

    assert [line.weight_grams for line in priced.lines] == [0, 700]
    assert priced.shipping is not None


def test_a_bundle_travels_when_one_of_its_parts_does_and_weighs_what_they_weigh():
    card, lamp = gift_card(weight_grams=20), goods(weight_grams=700)
    cards, present = bundle_of([(card, 2)]), bundle_of([(card, 1), (lamp, 2)])

    assert not cart_of((cards, 1)).requires_shipping
    (line,) = cart_of((present, 1)).lines
    assert (line.requires_shipping, line.weight_grams) == (True, 1400)


def test_an_order_that_ships_nothing_is_fulfilled_once_it_is_paid():
    order = place(cart_of((gift_card(), 1))).order
    assert (order.fulfilment_status, Reservation.objects.count()) == ("unfulfilled", 0)

    mark_paid(order=order, actor=None, at=clock.now())

    order.refresh_from_db()
    assert (order.status, order.fulfilment_status) == ("completed", "fulfilled")
    kinds = list(OrderEvent.objects.filter(order=order).values_list("kind", flat=True))
    assert kinds == ["placed", "confirmed", "paid", "fulfilled", "completed"]


def test_counted_digital_goods_leave_the_shelf_when_they_are_paid():
    licence = goods("9.00", stock=2, product=typed_product("digital"))
    order = place(cart_of((licence, 2))).order

    mark_paid(order=order, actor=None, at=clock.now())

    item = licence.stock_items.get()
    assert (item.on_hand, item.reserved) == (0, 0)


def test_money_is_taken_though_goods_on_backorder_are_not_there_yet():
    licence = goods("9.00", stock=0, product=typed_product("digital"))
    StockItemFactory(variant=licence, on_hand=0, allows_backorder=True)
    order = place(cart_of((licence, 1))).order

    mark_paid(order=order, actor=None, at=clock.now())

    order.refresh_from_db()
    assert (order.payment_status, order.fulfilment_status) == ("paid", "unfulfilled")


def test_the_pages_of_the_checkout_leave_the_delivery_out(client):
    card = gift_card()
    client.post("/cart/add/", {"sku": card.sku, "quantity": 1})

    address = client.get("/checkout/")
    moved = client.post("/checkout/", {"email": "ada@example.com", "note": ""})
    payment = client.get(moved["Location"])

    assert "no address is needed" in address.content.decode()
    assert moved.status_code == 303
    assert moved["Location"].endswith("/payment/")
    assert "Travels by" not in payment.content.decode()


def test_a_bundle_is_ordered_with_its_parts_at_their_prices():
    lamp, bulb = goods("49.90", stock=5), goods("5.00", stock=9)
    whole = bundle_of([(lamp, 1), (bulb, 2)], price=None)
    priced = ready_cart([(whole, 3), (bulb, 3)])

    order = place(priced).order

    line = order.lines.get(variant=whole)
    assert str(line.unit_price) == "59.9000"
    assert [(part["sku"], part["quantity"]) for part in line.components] == [(lamp.sku, 1), (bulb.sku, 2)]
    assert bulb.stock_items.get().reserved == 9


def test_a_cart_of_bundles_and_their_parts_tells_which_line_is_short():
    bulb = goods("5.00", stock=7)
    whole = bundle_of([(bulb, 2)], sku="SET-1")
    priced = ready_cart([(bulb, 2), (whole, 3)])

    answer = post_checkout(priced)

    assert [line.available for line in priced.lines] == [7, 2]
    assert answer.status_code == 409
    assert [(line["sku"], line["available"]) for line in answer.json()["lines"]] == [("SET-1", 2)]


def test_what_a_bundle_held_is_sent_although_it_holds_something_else_by_now():
    from shop.catalogue.services.bundles import PartDraft, set_components
    from shop.orders.services import ship_order

    lamp, bulb = goods(stock=5), goods(stock=5)
    whole = bundle_of([(lamp, 2)])
    order = place(ready_cart([(whole, 1)])).order
    set_components(
        variant=whole, parts=[PartDraft(bulb.pk)], priced_by_parts=False, actor=None, at=clock.now()
    )

    ship_order(order=order, lines=None, carrier="DHL", tracking_number="1", at=clock.now(), actor=None)

    assert (lamp.stock_items.get().on_hand, bulb.stock_items.get().on_hand) == (3, 5)


def test_a_mixed_order_sends_what_travels_and_hands_the_rest_over_with_it():
    from shop.orders.services import ship_order

    order = place(ready_cart([(gift_card(), 1), (goods(), 1)])).order

    parcel = ship_order(
        order=order, lines=None, carrier="DHL", tracking_number="1", at=clock.now(), actor=None
    )

    order.refresh_from_db()
    assert [line.order_line.requires_shipping for line in parcel.lines.all()] == [True]
    assert order.fulfilment_status == "fulfilled"


def test_reading_a_cart_with_bundles_costs_one_query_more(django_assert_max_num_queries):
    part = goods(stock=9)
    priced = ready_cart([(bundle_of([(part, size)]), 1) for size in (1, 2, 3)])
    PriceFactory(variant=part, amount="3.00")

    with django_assert_max_num_queries(10):
        price_cart(priced.cart, at=clock.now())
