"""The catalogue over HTTP, as a frontend uses it."""

from __future__ import annotations

import json

import pytest
from rest_framework.test import APIClient

from shop.catalogue.models import ProductPage
from tests.factories.catalogue import AttributeFactory, CategoryFactory, ProductCollectionFactory
from tests.factories.search import product_on_sale

pytestmark = pytest.mark.django_db

API = "/api/v1/"


@pytest.fixture
def api():
    return APIClient()


def get(api: APIClient, path: str, status: int = 200, **params) -> dict:
    response = api.get(f"{API}{path}", params)
    assert response.status_code == status, response.content
    return response.json()


def test_a_product_in_a_list_is_flat(api):
    lamps = CategoryFactory(slug="lamps")
    product_on_sale(title="Lamp", price="12.50", compare_at="15.00", categories=[lamps], summary="It shines.")

    (lamp,) = get(api, "products/")["results"]

    assert lamp | {"image": None} == {
        "slug": "lamp",
        "title": "Lamp",
        "url": "/products/lamp/",
        "summary": "It shines.",
        "image": None,
        "price_from": {"amount": "12.50", "currency": "EUR"},
        "compare_at_price": {"amount": "15.00", "currency": "EUR"},
        "lowest_price_30_days": None,
        "is_reduced": False,
        "on_sale": True,
        "currency": "EUR",
        "in_stock": True,
        "rating": None,
        "review_count": 0,
        "categories": ["lamps"],
        "brand": None,
    }
    assert {"url", "alt", "width", "height"} <= set(lamp["image"])


def test_a_product_has_its_variants_attributes_pictures_and_way(api):
    AttributeFactory(slug="colour", values=["red", "blue"])
    lamps = CategoryFactory(slug="lamps", name="Lamps")
    product_on_sale(
        title="Lamp",
        price=["10.00", "12.00"],
        on_hand=3,
        skus=["L-RED", "L-BLUE"],
        variant_attributes=[{"colour": "red"}, {"colour": "blue"}],
        categories=[lamps],
        pictures=2,
        body=[{"type": "paragraph", "value": "<p>Made of <b>oak</b></p>"}],
    )
    product_on_sale(title="Other lamp", categories=[lamps])

    lamp = get(api, "products/lamp/")

    red = lamp["variants"][0]
    assert (red["sku"], red["attributes"], red["price"]) == (
        "L-RED",
        {"colour": "Red"},
        {"amount": "10.00", "currency": "EUR"},
    )
    assert red["stock"] == {"status": "in_stock", "available": 3}
    assert red["options"][0]["value_slug"] == "red"
    assert len(lamp["media"]) == 2
    assert [crumb["name"] for crumb in lamp["breadcrumbs"]] == ["Lamps", "Lamp"]
    assert [related["slug"] for related in lamp["related"]] == ["other-lamp"]
    assert "<b>oak</b>" in lamp["description"]
    assert lamp["seo"]["title"] == "Lamp"


def test_a_list_leads_onwards_and_back_by_its_links(api):
    for number in range(3):
        product_on_sale(title=f"Lamp {number}")

    first = get(api, "products/", limit=2, sort="name")
    second = api.get(first["next"]).json()
    back = api.get(second["previous"]).json()

    assert [p["title"] for p in first["results"] + second["results"]] == ["Lamp 0", "Lamp 1", "Lamp 2"]
    assert (first["previous"], second["next"]) == (None, None)
    assert back["results"] == first["results"]


def test_filters_and_facets_come_by_query_string(api):
    AttributeFactory(slug="colour", values=["red", "blue"])
    product_on_sale(title="Red", variant_attributes=[{"colour": "red"}])
    product_on_sale(title="Blue", variant_attributes=[{"colour": "blue"}])

    found = api.get(f"{API}products/?attr.colour=red&attr.colour=green&facets=true").json()

    assert [product["title"] for product in found["results"]] == ["Red"]
    assert found["facets"][0]["attribute"]["param"] == "attr.colour"
    assert {value["slug"]: value["count"] for value in found["facets"][0]["values"]} == {"red": 1, "blue": 1}
    assert found["summary"]["count"] == 1


@pytest.mark.parametrize(
    "query",
    [
        "sort=cheapest",
        "price_min=abc",
        "price_max=NaN",
        "price_max=-1",
        "price_min=1e400",
        "price_min=1_0",
        "price_max=%D9%A3",
        "limit=0",
        "limit=101",
        "limit=x",
        "limit=",
        "cursor=x",
        "cursor=nx",
        "in_stock=maybe",
        "colour=red",
        "sort=name&sort=price",
        "currency=XXX",
        "attr.=red",
        "attr.colour=",
        "attributes=red",
        "facets=1",
        f"q={'x' * 201}",
    ],
)
def test_what_is_misspelt_is_refused_with_a_problem(api, query):
    product_on_sale()

    response = api.get(f"{API}products/?{query}")

    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["errors"]


@pytest.mark.parametrize("query", ["", "a", "lamp"])
def test_suggestions_refuse_an_unknown_currency_whatever_is_typed(api, query):
    problem = get(api, "search/suggest/", status=400, q=query, currency="XXX")

    assert problem["code"] == "currency_not_sold"


@pytest.mark.parametrize("query", ["q=%00", "category=a%00b", "attr.colour=%00", "%00=x"])
def test_control_characters_are_refused(api, query):
    assert api.get(f"{API}products/?{query}").status_code == 400


def test_an_answer_that_is_known_already_is_not_sent_again(api):
    lamp = product_on_sale(title="Lamp")
    for path in ("products/", "products/lamp/", "categories/", "collections/", "search/?q=lamp"):
        etag = api.get(f"{API}{path}")["ETag"]
        assert api.get(f"{API}{path}", headers={"If-None-Match": etag}).status_code == 304

    page = ProductPage.objects.get(pk=lamp.pk)
    page.title = "New lamp"
    page.save_revision().publish()

    assert api.get(f"{API}products/", headers={"If-None-Match": etag}).status_code == 200


def test_the_tree_is_flat_with_parent_and_depth(api):
    lighting = CategoryFactory(slug="lighting", name="Lighting", description="Light for all")
    CategoryFactory(slug="lamps", parent=lighting)

    tree = get(api, "categories/")

    assert [(c["slug"], c["parent"], c["depth"]) for c in tree["results"]] == [
        ("lighting", None, 1),
        ("lamps", "lighting", 2),
    ]
    assert [child["slug"] for child in get(api, "categories/lighting/")["children"]] == ["lamps"]
    paged = get(api, "categories/", limit=1)
    assert [c["slug"] for c in api.get(paged["next"]).json()["results"]] == ["lamps"]


def test_collections_list_their_products_in_their_own_order(api):
    first, second = product_on_sale(title="A"), product_on_sale(title="B")
    ProductCollectionFactory(slug="picks", products=[second, first])

    assert get(api, "collections/")["results"][0]["slug"] == "picks"
    assert get(api, "collections/picks/")["product_count"] == 2
    assert [p["title"] for p in get(api, "products/", collection="picks")["results"]] == ["B", "A"]


def test_search_answers_with_products_categories_and_content(api):
    product_on_sale(title="Desk lamp", categories=[CategoryFactory(slug="desks", name="Desks")])

    found = get(api, "search/", q="desk")

    assert found["products"]["count"] == len(found["products"]["results"]) == 1
    assert [category["slug"] for category in found["categories"]] == ["desks"]
    assert found["content"] == []
    assert {hit["kind"] for hit in get(api, "search/suggest/", q="des")["results"]} == {"product", "category"}
    get(api, "search/", status=400)


@pytest.mark.parametrize("path", ["products/x/", "categories/x/", "collections/x/", "products/x!y/"])
def test_what_is_not_there_is_a_problem_404(api, path):
    response = api.get(f"{API}{path}")

    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")


def test_a_stale_token_does_not_keep_anybody_from_the_catalogue(api):
    assert api.get(f"{API}products/", headers={"Authorization": "Bearer stale"}).status_code == 200


def test_no_draft_shows_on_any_read(api):
    secret = {"title": "Canary", "summary": "Canary", "seo_title": "Canary"}
    hidden = CategoryFactory(slug="canary", name="Canary", live=False)
    draft = product_on_sale(publish=False, **secret)
    live = product_on_sale(title="Lamp", categories=[hidden, CategoryFactory(slug="lamps")])
    page = ProductPage.objects.get(pk=live.pk)
    page.title = page.summary = "Canary"
    page.save_revision()
    ProductCollectionFactory(name="Canary", slug="canary", live=False, products=[live])
    ProductCollectionFactory(slug="picks", products=[draft, live])

    for path in (
        "products/",
        "products/?facets=true",
        "products/?collection=picks",
        "products/lamp/",
        "categories/",
        "categories/lamps/",
        "collections/",
        "collections/picks/",
        "search/?q=lamp",
        "search/suggest/?q=lam",
    ):
        response = api.get(f"{API}{path}")
        assert response.status_code == 200
        assert "canary" not in json.dumps(response.json()).lower(), path
    for path in ("products/canary/", "categories/canary/", "collections/canary/"):
        get(api, path, status=404)
    assert get(api, "search/", q="canary")["products"]["results"] == []
