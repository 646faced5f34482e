"""Carts over REST: what a shopper sees, and what strangers and odd input do not get."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from rest_framework.test import APIClient
from wagtail.models import PageViewRestriction

from shop.cart.models import Cart, CartAddress
from shop.catalogue.services import archive_variant
from shop.core import clock
from shop.shipping.models import ShippingMethod
from tests.factories.cart import cart_with, german_vat, goods, ready_cart, several_goods, standard_delivery
from tests.factories.catalogue import ImageFactory, ProductFactory
from tests.factories.customers import CustomerGroupFactory, UserFactory, berlin_address
from tests.factories.inventory import StockItemFactory
from tests.factories.orders import placed_order
from tests.factories.pricing import PriceFactory, PriceListFactory

pytestmark = pytest.mark.django_db


def guest() -> APIClient:
    return APIClient()


def signed_in(user: Any) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


def path(cart: Any, rest: str = "") -> str:
    return f"/api/v1/carts/{getattr(cart, 'pk', cart)}/{rest}"


def add(cart: Any, sku: str, quantity: Any = 1, client: APIClient | None = None) -> Any:
    body = {"sku": sku, "quantity": quantity}
    return (client or guest()).post(path(cart, "lines/"), body, format="json")


def read(cart: Any, client: APIClient | None = None) -> Any:
    return (client or guest()).get(path(cart)).json()


def warnings(cart: Any) -> list[str]:
    return [warning["code"] for warning in read(cart)["warnings"]]


def test_a_new_cart_is_empty_and_in_the_shops_currency() -> None:
    response = guest().post("/api/v1/carts/", {}, format="json")

    assert response.status_code == 201
    cart = response.json()
    assert (cart["currency"], cart["lines"], cart["vouchers"]) == ("EUR", [], [])
    assert cart["totals"]["total"] == {"amount": "0.00", "currency": "EUR"}
    assert response["Cache-Control"] == "private, no-store"


def test_a_currency_without_prices_is_refused() -> None:
    response = guest().post("/api/v1/carts/", {"currency": "JPY"}, format="json")

    assert (response.status_code, response.json()["code"]) == (400, "currency_not_sold")


def test_a_line_shows_what_is_bought() -> None:
    lamp = goods("49.90", stock=5, product=ProductFactory(title="Lamp"), title="Oak")
    PriceFactory(variant=lamp, price_list=PriceListFactory(kind="sale"), amount="39.90")
    cart = cart_with([])

    response = add(cart, lamp.sku.lower(), 2)

    assert response.status_code == 201
    line = response.json()["lines"][0]
    assert line["image"]["alt"] == "Lamp, view 1"
    assert line["image"]["url"].endswith((".png", ".jpg", ".webp"))
    assert {name: line[name] for name in ("sku", "title", "variant_title", "quantity", "available")} == {
        "sku": lamp.sku,
        "title": "Lamp",
        "variant_title": "Oak",
        "quantity": 2,
        "available": 5,
    }
    assert line["unit_price"]["amount"] == "39.90"
    assert line["compare_at_price"]["amount"] == "49.90"
    assert line["total"]["amount"] == "79.80"
    assert line["url"].startswith(("/", "http"))


def test_a_variants_own_picture_comes_before_the_products() -> None:
    own = ImageFactory(colour="#aa0000")
    lamp = goods(image_id=own.pk, product=ProductFactory(title="Lamp"), title="Red")

    line = add(cart_with([]), lamp.sku).json()["lines"][0]

    assert line["image"]["alt"] == "Lamp Red"


def test_the_same_sku_again_adds_up() -> None:
    lamp = goods()
    cart = cart_with([(lamp, 2)])

    response = add(cart, lamp.sku, 3)

    assert [line["quantity"] for line in response.json()["lines"]] == [5]


def test_lines_stay_in_the_order_in_which_they_were_added() -> None:
    variants = several_goods(4)
    cart = cart_with([(variant, 1) for variant in reversed(variants)])

    assert [line["sku"] for line in read(cart)["lines"]] == [v.sku for v in reversed(variants)]


def test_quantity_can_be_set_and_nought_takes_the_line_out() -> None:
    cart = cart_with([(goods(), 2)])
    line = path(cart, f"lines/{read(cart)['lines'][0]['id']}/")

    assert guest().patch(line, {"quantity": 7}, format="json").json()["lines"][0]["quantity"] == 7
    assert guest().patch(line, {"quantity": 0}, format="json").json()["lines"] == []
    assert guest().patch(line, {"quantity": 1}, format="json").status_code == 404


def test_a_line_can_be_deleted() -> None:
    cart = cart_with([(goods(), 2)])

    response = guest().delete(path(cart, f"lines/{read(cart)['lines'][0]['id']}/"))

    assert (response.status_code, response.json()["lines"]) == (200, [])


def test_a_line_of_another_cart_cannot_be_touched() -> None:
    mine, other = cart_with([]), cart_with([(goods(), 2)])
    line_id = read(other)["lines"][0]["id"]

    assert guest().delete(path(mine, f"lines/{line_id}/")).status_code == 404
    assert read(other)["lines"][0]["quantity"] == 2


@pytest.mark.parametrize("quantity", [-1, 0, 1000, 10**9, 1.5, True, None, "2", "NaN", [1], {"a": 1}])
def test_odd_quantities_are_refused(quantity: Any) -> None:
    lamp = goods()
    cart = cart_with([])

    response = add(cart, lamp.sku, quantity)

    assert response.status_code == 400
    assert read(cart)["lines"] == []


def test_a_cart_never_holds_more_than_999_of_one_thing() -> None:
    lamp = goods(stock=2000)
    cart = cart_with([(lamp, 999)])

    response = add(cart, lamp.sku, 1)

    assert (response.status_code, response.json()["code"]) == (400, "quantity_too_large")


@pytest.mark.parametrize("sku", ["NOPE", "", "a" * 65, "x\u0000y", None, 5, "'; DROP TABLE cart_cart; --"])
def test_what_is_not_on_sale_cannot_be_added(sku: Any) -> None:
    response = add(cart_with([]), sku)

    assert response.status_code == 400


def test_drafts_archived_private_and_unpriced_goods_cannot_be_added() -> None:
    draft = goods(product=ProductFactory(publish=False))
    archived, private, unpriced = goods(), goods(), goods()
    archive_variant(variant=archived)
    PageViewRestriction.objects.create(page=private.product, restriction_type="login")
    unpriced.prices.all().delete()
    cart = cart_with([])

    answers = [add(cart, variant.sku) for variant in (draft, archived, private, unpriced)]

    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(400, "unknown_sku")}
    assert read(cart)["lines"] == []


def test_a_page_made_private_above_takes_its_goods_off_sale() -> None:
    lamp = goods()
    cart = cart_with([(lamp, 1)])
    parent = lamp.product.get_parent()
    PageViewRestriction.objects.create(page=parent, restriction_type="login")

    shown = read(cart)

    assert shown["lines"][0]["unit_price"] is None
    assert shown["lines"][0]["available"] == 0
    assert shown["totals"]["total"]["amount"] == "0.00"
    assert [warning["code"] for warning in shown["warnings"]] == ["line_unavailable"]


def test_a_changed_price_is_told_until_the_shopper_has_acted_on_the_cart() -> None:
    lamp = goods("10.00")
    cart = cart_with([(lamp, 1)])
    PriceFactory(variant=lamp, amount="12.00")

    assert warnings(cart) == ["price_changed"]
    assert warnings(cart) == ["price_changed"]
    answer = guest().patch(path(cart), {"email": "ada@example.com"}, format="json").json()
    assert [warning["code"] for warning in answer["warnings"]] == ["price_changed"]
    assert answer["lines"][0]["unit_price"]["amount"] == "12.00"
    assert warnings(cart) == []


def test_too_little_stock_is_told_and_backorders_are_not() -> None:
    scarce, to_come = goods(stock=1), goods(stock=0)
    StockItemFactory(variant=to_come, on_hand=0, allows_backorder=True)
    cart = cart_with([(scarce, 3), (to_come, 3)])

    shown = read(cart)

    assert [warning["code"] for warning in shown["warnings"]] == ["insufficient_stock"]
    assert [line["available"] for line in shown["lines"]] == [1, 999]


def test_an_address_is_checked_for_its_country_field_by_field() -> None:
    cart = cart_with([])
    wrong = berlin_address(postal_code="1").as_json()

    response = guest().patch(path(cart), {"shipping_address": wrong}, format="json")

    assert response.status_code == 400
    assert [error["attr"] for error in response.json()["errors"]] == ["shipping_address.postal_code"]
    assert read(cart)["shipping_address"] is None


def test_addresses_can_be_entered_changed_and_taken_away() -> None:
    cart = cart_with([])
    for line1 in ("Torstraße 1", "Torstraße 2"):
        body = {"shipping_address": berlin_address(line1=line1).as_json()}
        shown = guest().patch(path(cart), body, format="json").json()
        assert shown["shipping_address"]["line1"] == line1

    shown = guest().patch(path(cart), {"shipping_address": None}, format="json").json()

    assert shown["shipping_address"] is None
    assert not CartAddress.objects.exists()


def test_methods_are_offered_for_address_and_total_and_one_is_chosen() -> None:
    standard_delivery()
    cart = cart_with([(goods("10.00"), 1)])
    assert guest().get(path(cart, "shipping-methods/")).json()["code"] == "shipping_address_required"
    guest().patch(path(cart), {"shipping_address": berlin_address().as_json()}, format="json")

    options = guest().get(path(cart, "shipping-methods/")).json()["results"]
    shown = guest().patch(path(cart), {"shipping_method": options[0]["code"]}, format="json").json()

    assert options[0]["price"] == {"amount": "4.90", "currency": "EUR"}
    assert shown["shipping_method"] == "standard-de"
    assert shown["totals"]["total"]["amount"] == "14.90"


def test_a_method_that_does_not_serve_the_cart_is_refused() -> None:
    cart = cart_with([(goods(), 1)])
    guest().patch(path(cart), {"shipping_address": berlin_address().as_json()}, format="json")

    response = guest().patch(path(cart), {"shipping_method": "rocket"}, format="json")

    assert (response.status_code, response.json()["code"]) == (400, "shipping_method_unavailable")
    assert read(cart)["shipping_method"] is None


def test_a_method_that_is_withdrawn_is_told() -> None:
    priced = ready_cart()
    ShippingMethod.objects.update(is_active=False)

    assert warnings(priced.cart) == ["shipping_method_unavailable"]


def test_tax_is_shown_for_the_country_of_the_address() -> None:
    german_vat("19")
    cart = cart_with([(goods("11.90"), 1)])

    shown = read(cart)

    assert shown["totals"]["tax"]["amount"] == "1.90"
    assert shown["tax_lines"][0]["rate"] == "19.000"


@pytest.mark.parametrize(
    "body",
    [
        {"total": "0.01"},
        {"lines": []},
        {"unit_price": {"amount": "0.01", "currency": "EUR"}},
        {"email": "not an address"},
        {"email": 5},
        {"note": "x" * 1001},
        {"note": "a\u0000b"},
        {"shipping_address": []},
        {"shipping_address": {"first_name": "Ada"}},
        {"shipping_method": {"code": "x"}},
        [],
        "text",
    ],
)
def test_odd_changes_are_refused_and_change_nothing(body: Any) -> None:
    cart = cart_with([(goods(), 1)])
    before = read(cart)

    response = guest().patch(path(cart), body, format="json")

    assert response.status_code == 400
    assert read(cart) == before


def test_an_unknown_foreign_or_expired_cart_does_not_exist() -> None:
    owner = UserFactory()
    personal = cart_with([], user=owner)
    old = cart_with([])
    Cart.objects.filter(pk=old.pk).update(expires_at=clock.now())
    stranger = signed_in(UserFactory())

    for client, cart in (
        (guest(), uuid.uuid4()),
        (guest(), personal),
        (stranger, personal),
        (guest(), old),
    ):
        assert client.get(path(cart)).status_code == 404
        assert client.patch(path(cart), {"note": "hello"}, format="json").status_code == 404
        assert add(cart, goods().sku, client=client).status_code == 404
    assert signed_in(owner).get(path(personal)).status_code == 200


def test_a_guests_cart_becomes_the_persons_merged_with_the_one_they_had() -> None:
    user = UserFactory()
    lamp, chair = several_goods(2)
    former = cart_with([(lamp, 1)], user=user)
    guests = cart_with([(lamp, 2), (chair, 1)])

    response = signed_in(user).post(path(guests, "claim/"))

    assert response.status_code == 200
    assert {line["sku"]: line["quantity"] for line in response.json()["lines"]} == {lamp.sku: 3, chair.sku: 1}
    assert response.json()["email"] == user.email
    assert guest().get(path(guests)).status_code == 404
    assert not Cart.objects.filter(pk=former.pk).exists()
    assert signed_in(user).post(path(guests, "claim/")).json()["lines"] == response.json()["lines"]


def test_a_claim_needs_a_log_in_and_takes_no_foreign_cart() -> None:
    personal = cart_with([], user=UserFactory())

    assert guest().post(path(cart_with([]), "claim/")).status_code == 401
    assert signed_in(UserFactory()).post(path(personal, "claim/")).status_code == 404


def test_an_address_moves_with_a_merged_cart() -> None:
    user = UserFactory()
    former = ready_cart(user=user).cart
    guests = cart_with([])

    shown = signed_in(user).post(path(guests, "claim/")).json()

    assert shown["shipping_address"]["city"] == "Berlin"
    assert not Cart.objects.filter(pk=former.pk).exists()
    assert CartAddress.objects.count() == 1


def test_a_person_pays_the_prices_of_their_group() -> None:
    trade = CustomerGroupFactory()
    lamp = goods("20.00")
    PriceFactory(
        variant=lamp, price_list=PriceListFactory(kind="override", customer_group=trade), amount="15.00"
    )
    user = UserFactory(group=trade)

    assert read(cart_with([(lamp, 1)]))["totals"]["total"]["amount"] == "20.00"
    assert read(cart_with([(lamp, 1)], user=user), signed_in(user))["totals"]["total"]["amount"] == "15.00"


def test_a_cart_that_was_ordered_can_be_read_and_not_changed() -> None:
    order = placed_order()

    assert read(order.cart_id)["completed_at"]
    response = guest().patch(path(order.cart_id), {"note": "wait"}, format="json")

    assert (response.status_code, response.json()["code"]) == (409, "cart_completed")
