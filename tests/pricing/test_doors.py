"""What shoppers are told of prices, through every door: cart, REST, GraphQL and pages."""

from __future__ import annotations

import json
from contextlib import ExitStack
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient
from wagtail.models import Site

from search.models import ProductGroupPrice
from shop.core import clock
from shop.core.models import ShopSettings
from shop.customers.api.authentication import encode_session
from shop.customers.services import open_session
from shop.pricing.models import CurrencySettings, OfferedCurrency
from shop.pricing.services import PriceChange, plan_price
from shop.pricing.tasks import apply_due_price_lists
from tests.factories.customers import CustomerGroupFactory, UserFactory
from tests.factories.pricing import PriceFactory, PriceListFactory
from tests.factories.search import product_on_sale

pytestmark = pytest.mark.django_db

GRAPHQL = """query ($currency: String) { product(slug: "lamp", currency: $currency) {
  priceFrom { amount currency } compareAtPrice { amount } lowestPrice30Days { amount } isReduced
  variants { price { amount } lowestPrice30Days { amount } tiers { minQuantity price { amount } } } } }"""


def bearer(user: Any) -> dict[str, str]:
    session = open_session(user=user, lifetime=timedelta(days=1), at=clock.now())
    return {"Authorization": f"Bearer {encode_session(session)['access']}"}


def in_rest(headers: dict[str, str] | None = None, **query: str) -> Any:
    return Client().get("/api/v1/products/lamp/", query, headers=headers)


def in_graphql(headers: dict[str, str] | None = None, **variables: str) -> Any:
    body = json.dumps({"query": GRAPHQL, "variables": variables})
    answer = Client().post("/graphql/", body, content_type="application/json", headers=headers)
    return answer.json()["data"]["product"]


def in_cart(user: Any = None, quantity: int = 1, **body: str) -> dict[str, Any]:
    client = APIClient()
    if user is not None:
        client.force_authenticate(user)
    cart = client.post("/api/v1/carts/", body).json()["id"]
    answer = client.post(f"/api/v1/carts/{cart}/lines/", {"sku": "LAMP", "quantity": quantity})
    assert answer.status_code == 201, answer.content
    return answer.json()


def prices_at_every_door(user: Any = None, browser: Client | None = None) -> set[str]:
    headers = bearer(user) if user else None
    rest = in_rest(headers).json()
    listed = Client().get("/api/v1/products/", headers=headers).json()["results"][0]
    page = (browser or Client()).get("/products/lamp/").content.decode()
    in_page = page.partition("data-price>")[2].partition("€")[2].partition("<")[0]
    return {
        rest["price_from"]["amount"] if "price_from" in rest else rest["variants"][0]["price"]["amount"],
        rest["variants"][0]["price"]["amount"],
        listed["price_from"]["amount"],
        in_graphql(headers)["priceFrom"]["amount"],
        in_graphql(headers)["variants"][0]["price"]["amount"],
        in_cart(user)["lines"][0]["unit_price"]["amount"],
        in_page,
    }


@pytest.fixture
def lamp() -> Any:
    return product_on_sale(title="Lamp", price="20.00", skus=["LAMP"]).variants.get()


def test_everybody_is_told_one_price_at_every_door(lamp: Any) -> None:
    assert prices_at_every_door() == {"20.00"}


def test_the_group_of_the_caller_counts_at_every_door_and_nobody_may_keep_the_answer(lamp: Any) -> None:
    trade = CustomerGroupFactory()
    agreed = PriceListFactory(kind="override", customer_group=trade)
    PriceFactory(variant=lamp, price_list=agreed, amount="15.00")
    user = UserFactory(group=trade)
    browser = Client()
    browser.force_login(user)

    assert prices_at_every_door(user, browser) == {"15.00"}
    assert prices_at_every_door() == {"20.00"}
    assert in_rest(bearer(user))["Cache-Control"] == "private, no-store"
    assert in_rest({"Authorization": "Bearer forged"})["Cache-Control"] == "public, no-cache"
    assert "Authorization" in in_rest()["Vary"]
    assert "no-store" in browser.get("/products/lamp/")["Cache-Control"]


def test_lists_of_a_group_are_sorted_filtered_and_counted_by_its_own_prices(lamp: Any) -> None:
    product_on_sale(title="Vase", price="18.00")
    trade = CustomerGroupFactory()
    PriceFactory(
        variant=lamp, price_list=PriceListFactory(kind="override", customer_group=trade), amount="15.00"
    )
    headers = bearer(UserFactory(group=trade))

    def titles(headers: dict[str, str] | None, **query: str) -> list[str]:
        answer = Client().get("/api/v1/products/", query, headers=headers).json()
        return [found["title"] for found in answer["results"]]

    assert titles(None, sort="price") == ["Vase", "Lamp"]
    assert titles(headers, sort="price") == ["Lamp", "Vase"]
    assert titles(headers, sort="-price") == ["Vase", "Lamp"]
    assert titles(headers, price_max="16", facets="true") == ["Lamp"]
    assert titles(headers, on_sale="true") == ["Lamp"]
    assert titles(None, on_sale="true") == []
    first = Client().get("/api/v1/products/", {"sort": "price", "limit": 1}, headers=headers).json()
    onwards = Client().get(first["next"], headers=headers).json()
    assert [found["title"] for found in onwards["results"]] == ["Vase"]


def test_the_prices_of_a_group_leave_the_index_with_its_list(lamp: Any) -> None:
    trade = CustomerGroupFactory()
    agreed = PriceListFactory(kind="override", customer_group=trade)
    price = PriceFactory(variant=lamp, price_list=agreed, amount="15.00")
    assert ProductGroupPrice.objects.count() == 1

    price.price_list.is_active = False
    from shop.pricing.services import save_price_list

    save_price_list(price_list=price.price_list, actor=None)

    assert ProductGroupPrice.objects.count() == 0
    assert prices_at_every_door(UserFactory(group=trade)) == {"20.00"}


def test_a_list_for_the_shops_site_counts_and_one_for_another_site_does_not(lamp: Any) -> None:
    site = Site.objects.get(is_default_site=True)
    ShopSettings.objects.create(site=site)
    elsewhere = Site.objects.create(hostname="b2b.example.com", root_page=site.root_page)
    for code, its_site, amount in (("here", site, "17.00"), ("there", elsewhere, "1.00")):
        PriceFactory(
            variant=lamp, price_list=PriceListFactory(code=code, kind="sale", site=its_site), amount=amount
        )

    assert prices_at_every_door() == {"17.00"}


def test_tiers_stand_on_the_page_in_both_apis_and_in_the_cart(lamp: Any) -> None:
    PriceFactory(variant=lamp, amount="18.00", min_quantity=10)
    tiers = [{"min_quantity": 1, "price": "20.00"}, {"min_quantity": 10, "price": "18.00"}]

    rest = in_rest().json()["variants"][0]["tiers"]
    assert [one | {"price": one["price"]["amount"]} for one in rest] == tiers
    assert [
        {"min_quantity": one["minQuantity"], "price": one["price"]["amount"]}
        for one in in_graphql()["variants"][0]["tiers"]
    ] == tiers
    page = Client().get("/products/lamp/").content.decode()
    assert "Price each, by quantity" in page
    assert "€18.00" in page
    assert in_cart(quantity=9)["lines"][0]["unit_price"]["amount"] == "20.00"
    assert in_cart(quantity=10)["lines"][0]["unit_price"]["amount"] == "18.00"


def test_beside_a_reduced_price_stands_the_lowest_of_30_days_everywhere_and_an_rrp_is_no_reduction(
    lamp: Any,
) -> None:
    product_on_sale(title="Vase", price="18.00", compare_at="25.00")
    PriceFactory(
        variant=lamp, amount="15.00", price_list=PriceListFactory(kind="sale", valid_from=clock.now())
    )

    listed = {one["title"]: one for one in Client().get("/api/v1/products/").json()["results"]}
    assert listed["Lamp"]["lowest_price_30_days"] == {"amount": "20.00", "currency": "EUR"}
    assert (listed["Vase"]["on_sale"], listed["Vase"]["is_reduced"]) == (True, False)
    assert listed["Vase"]["lowest_price_30_days"] is None
    assert in_graphql()["lowestPrice30Days"] == {"amount": "20.00"}
    assert in_rest().json()["variants"][0]["lowest_price_30_days"]["amount"] == "20.00"
    line = in_cart()["lines"][0]
    assert (line["compare_at_price"]["amount"], line["lowest_price_30_days"]["amount"]) == ("20.00", "20.00")
    found = Client().get("/search/").content.decode()
    assert found.count("Lowest price of the last 30 days: €20.00") == 1
    assert found.count("RRP") == 1
    assert found.count(">Reduced<") == 1


@pytest.mark.parametrize("how", ["list", "plan", "end"])
def test_a_price_turns_at_its_minute_at_every_door_before_and_after_the_schedule(lamp: Any, how: str) -> None:
    then = clock.now() + timedelta(hours=1)
    if how == "list":
        PriceFactory(variant=lamp, amount="15.00", price_list=PriceListFactory(kind="sale", valid_from=then))
    elif how == "plan":
        plan_price(change=PriceChange(lamp.pk, "base", Decimal("15.00")), starts_at=then, actor=None)
    else:
        ends = PriceListFactory(kind="sale", valid_until=then, valid_from=clock.now() - timedelta(days=1))
        PriceFactory(variant=lamp, amount="15.00", price_list=ends)
    before, after = ("15.00", "20.00") if how == "end" else ("20.00", "15.00")

    with clock.at(then - timedelta(seconds=1)):
        assert prices_at_every_door() == {before}
    with clock.at(then):
        assert prices_at_every_door() == {after}
        apply_due_price_lists()
        assert prices_at_every_door() == {after}


def test_lists_are_sorted_by_the_new_price_once_the_schedule_has_run(lamp: Any) -> None:
    product_on_sale(title="Vase", price="18.00")
    then = clock.now() + timedelta(hours=1)
    PriceFactory(variant=lamp, amount="15.00", price_list=PriceListFactory(kind="sale", valid_from=then))

    def cheapest() -> str:
        return Client().get("/api/v1/products/", {"sort": "price"}).json()["results"][0]["title"]

    assert cheapest() == "Vase"
    with clock.at(then):
        apply_due_price_lists()
        assert cheapest() == "Lamp"


def test_what_may_be_kept_is_kept_until_the_next_price_at_most(lamp: Any) -> None:
    feed = reverse("storefront:feed-products")
    assert "max-age=900" in Client().get(feed)["Cache-Control"]

    soon = PriceListFactory(kind="sale", valid_from=clock.now() + timedelta(seconds=90))
    PriceFactory(variant=lamp, amount="15.00", price_list=soon)

    assert 0 <= int(Client().get(feed)["Cache-Control"].rpartition("=")[2]) <= 90
    assert in_rest()["Cache-Control"] == "public, no-cache"


def test_a_shopper_chooses_a_currency_and_the_cart_goes_along(lamp: Any) -> None:
    PriceFactory(variant=lamp, amount="19.00", price_list=PriceListFactory(code="chf", currency="CHF"))
    browser = Client()
    browser.post(reverse("storefront:cart-add"), {"sku": "LAMP", "quantity": 1})

    assert "Prices in EUR" in browser.get("/products/lamp/").content.decode()
    chosen = browser.post(reverse("storefront:currency"), {"currency": "CHF", "next": "/products/lamp/"})

    assert chosen.url == "/products/lamp/"
    assert "CHF" in browser.get("/products/lamp/").content.decode().partition("data-price>")[2][:200]
    cart = browser.get(reverse("storefront:cart")).content.decode()
    assert "19.00" in cart
    assert "instead of" not in cart
    away = {"currency": "CHF", "next": "https://evil.example/"}
    assert browser.post(reverse("storefront:currency"), away).url == "/"
    assert browser.post(reverse("storefront:currency"), {"currency": "XYZ"}).status_code == 400


def test_the_shop_offers_the_currencies_of_its_settings_only(lamp: Any) -> None:
    for currency in ("CHF", "USD"):
        PriceFactory(
            variant=lamp,
            amount="19.00",
            price_list=PriceListFactory(code=currency.lower(), currency=currency),
        )
    settings = CurrencySettings.objects.create(site=Site.objects.get(is_default_site=True))
    OfferedCurrency.objects.create(settings=settings, currency="CHF")

    assert in_rest(currency="CHF").json()["variants"][0]["price"] == {"amount": "19.00", "currency": "CHF"}
    assert in_graphql(currency="CHF")["priceFrom"]["currency"] == "CHF"
    assert in_cart(currency="CHF")["totals"]["total"]["currency"] == "CHF"
    assert in_rest(currency="USD").status_code == 400
    assert APIClient().post("/api/v1/carts/", {"currency": "USD"}).json()["code"] == "currency_not_sold"
    browser = Client()
    browser.cookies["nexus_currency"] = "USD"
    assert "€20.00" in browser.get("/products/lamp/").content.decode()


def test_a_cart_changes_its_currency_over_rest_without_false_alarms(lamp: Any) -> None:
    PriceFactory(variant=lamp, amount="19.00", price_list=PriceListFactory(code="chf", currency="CHF"))
    cart = in_cart()["id"]

    answer = APIClient().patch(f"/api/v1/carts/{cart}/", {"currency": "CHF"}).json()

    assert (answer["currency"], answer["lines"][0]["unit_price"]["amount"]) == ("CHF", "19.00")
    assert answer["warnings"] == []
    refused = APIClient().patch(f"/api/v1/carts/{cart}/", {"currency": "SEK"})
    assert (refused.status_code, refused.json()["code"]) == (400, "currency_not_sold")


def test_a_groups_list_costs_one_statement_more_and_everybody_pays_none(
    lamp: Any, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from search.selectors import list_products
    from shop.pricing.audience import Audience, speak_to

    trade = CustomerGroupFactory()
    PriceFactory(
        variant=lamp, price_list=PriceListFactory(kind="override", customer_group=trade), amount="15.00"
    )
    counts = []
    list_products(with_variants=True)
    for audience in (Audience(), Audience(customer_group_id=trade.pk)):
        with ExitStack() as stack:
            stack.enter_context(speak_to(audience))
            queries = stack.enter_context(CaptureQueriesContext(connection))
            list_products(with_variants=True)
            counts.append(len(queries))

    assert counts[1] == counts[0] + 1
