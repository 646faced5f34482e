"""The editor of collections: what it refuses, what it shows of a draft, and two versions in words."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from taggit.models import Tag

from shop.catalogue.models import Attribute, ProductCollection
from tests.factories.catalogue import (
    AttributeFactory,
    BrandFactory,
    CategoryFactory,
    ProductCollectionFactory,
)
from tests.factories.customers import UserFactory
from tests.factories.search import product_on_sale

pytestmark = pytest.mark.django_db

CHEAP = {"field": "price", "op": "lte", "value": "10.00"}


@pytest.fixture
def admin() -> Client:
    client = Client()
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return client


def preview(client: Client, rule: Any) -> dict[str, Any]:
    body = rule if isinstance(rule, str) else json.dumps(rule)
    answer = client.post(reverse("search_rule_preview"), body, content_type="application/json")
    assert answer.status_code == 200
    return answer.json()


def form(rule: Any, **more: str) -> dict[str, str]:
    return {
        "name": "Gifts",
        "slug": "gifts",
        "description": "",
        "kind": "by_rule",
        "rule": rule if isinstance(rule, str) else json.dumps(rule),
        "image_alt": "",
        "items-TOTAL_FORMS": "0",
        "items-INITIAL_FORMS": "0",
        "items-MIN_NUM_FORMS": "0",
        "items-MAX_NUM_FORMS": "1000",
        "seo_title": "",
        "seo_description": "",
        **more,
    }


def test_a_collection_by_rule_is_made_and_published_in_the_editor(admin):
    product_on_sale(title="Cheap", price="5.00")
    add = reverse(ProductCollection.snippet_viewset.get_url_name("add"))
    assert b"data-rule-builder" in admin.get(add).content

    answer = admin.post(add, form(CHEAP, **{"action-publish": "1"}))

    assert answer.status_code == 302
    assert ProductCollection.objects.get().rule == CHEAP
    assert "Cheap" in Client().get("/collections/gifts/").content.decode()


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ("", "Add at least one condition, or choose the products by hand."),
        ("{", "Enter a valid JSON"),
        ({"all": [CHEAP, {"field": "price", "op": "lte", "value": "x"}]}, "Condition 2: Write a number"),
        ({"field": "brand", "op": "in", "value": ["nobody"]}, "There is no “nobody” any more"),
    ],
)
def test_the_editor_refuses_a_rule_that_cannot_count(admin, rule, sentence):
    add = reverse(ProductCollection.snippet_viewset.get_url_name("add"))

    answer = admin.post(add, form(rule, **{"action-publish": "1"}))

    assert sentence in answer.content.decode()
    assert not ProductCollection.objects.exists()


def test_the_preview_shows_what_a_draft_would_match(admin, django_assert_max_num_queries):
    for number in range(14):
        product_on_sale(title=f"Lamp {number}", price="5.00")
    product_on_sale(title="Dear", price="50.00")

    preview(admin, CHEAP)  # makes the sizes of the pictures
    with django_assert_max_num_queries(10):
        found = preview(admin, CHEAP)

    assert (found["count"], len(found["products"]), found["errors"]) == (14, 12, [])
    assert found["words"] == "price is at most 10.00"
    first = found["products"][0]
    assert (first["title"], first["stock"]) == ("Lamp 13", "in_stock")
    assert "5.00" in first["price"]
    assert first["image"]


def test_errors_of_the_preview_have_their_paths(admin):
    ProductCollectionFactory(slug="ruled", kind="by_rule", rule=CHEAP)
    AttributeFactory(slug="width", kind=Attribute.Kind.NUMBER, makes_variants=False)
    rule = {
        "all": [
            {"field": "collection", "op": "in", "value": ["ruled"]},
            {"not": {"field": "attribute.width", "op": "in", "value": ["x"]}},
            {"field": "attribute.gone", "op": "in", "value": ["x"]},
        ]
    }

    assert {error["path"] for error in preview(admin, rule)["errors"]} == {
        "all.0.value",
        "all.1.not.op",
        "all.2.field",
    }
    assert preview(admin, "{")["errors"]
    assert preview(admin, "[" * 50_000)["errors"]
    assert preview(admin, "null")["errors"]


def test_words_are_offered_by_a_part_of_their_name(admin):
    CategoryFactory(slug="lamps", name="Lamps", parent=CategoryFactory(slug="living", name="Living"))
    BrandFactory(slug="halden", name="Halden Ceramics")
    Tag.objects.create(name="Gifts", slug="gifts")
    AttributeFactory(slug="colour", values=["red", "blue"])
    ProductCollectionFactory(slug="picked", name="Picked")
    ProductCollectionFactory(slug="ruled", name="Picked by rule", kind="by_rule", rule=CHEAP)

    def offered(field: str, typed: str) -> list[str]:
        answer = admin.get(reverse("search_rule_words"), {"field": field, "q": typed})
        return [found["name"] for found in answer.json()["words"]]

    assert offered("category", "lam") == ["Living / Lamps"]
    assert offered("brand", "cera") == ["Halden Ceramics"]
    assert offered("tag", "gif") == ["Gifts"]
    assert offered("attribute.colour", "") == ["Red", "Blue"]
    assert offered("collection", "picked") == ["Picked"]
    assert offered("price", "") == []


def test_only_those_who_write_rules_may_ask():
    nosy = Client()
    nosy.force_login(UserFactory(is_staff=True))

    for name in ("search_rule_preview", "search_rule_words"):
        assert nosy.get(reverse(name)).status_code in (302, 405)
    assert nosy.post(reverse("search_rule_preview"), "{}", content_type="application/json").status_code == 302


def test_two_versions_of_a_rule_are_compared_in_words(admin):
    BrandFactory(slug="halden", name="Halden Ceramics")
    collection = ProductCollectionFactory(kind="by_rule", rule=CHEAP)
    before = collection.latest_revision
    collection.rule = {"all": [CHEAP, {"field": "brand", "op": "in", "value": ["halden"]}]}
    after = collection.save_revision()
    compare = ProductCollection.snippet_viewset.get_url_name("revisions_compare")

    page = admin.get(reverse(compare, args=[collection.pk, before.pk, after.pk])).content.decode()

    assert "brand is Halden Ceramics" in page
    assert "&quot;op&quot;" not in page
