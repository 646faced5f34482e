"""Whatever gets another slug, the rules that name it go on to match what they matched."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from taggit.models import Tag

from search.models import LiveRule
from search.selectors import list_products
from search.values import ProductFilter
from shop.catalogue.models import (
    Attribute,
    AttributeValue,
    Brand,
    Category,
    ProductCollection,
    ProductType,
    RelatedRule,
)
from tests.factories.catalogue import (
    AttributeFactory,
    BrandFactory,
    CategoryFactory,
    ProductCollectionFactory,
)
from tests.factories.customers import AdministratorFactory
from tests.factories.search import product_on_sale

pytestmark = pytest.mark.django_db

FIELDS = ("category", "brand", "type", "tag", "collection", "attribute.colour")


@pytest.fixture
def lamp() -> Any:
    AttributeFactory(slug="colour", values=["red", "blue"])
    made = product_on_sale(
        title="Lamp",
        categories=[CategoryFactory(slug="lamps")],
        brand=BrandFactory(slug="halden"),
        product_type=ProductType.objects.create(name="Lamp", slug="lamp"),
        variant_attributes=[{"colour": "red"}],
    )
    made.tags.add("gifts")
    made.save_revision().publish()
    picked = ProductCollectionFactory(slug="picked", products=[made])
    picked.save_revision().publish()
    return made


def rule_of(field: str) -> dict[str, Any]:
    words = {
        "category": "lamps",
        "brand": "halden",
        "type": "lamp",
        "tag": "gifts",
        "collection": "picked",
        "attribute.colour": "red",
    }
    return {"all": [{"field": field, "op": "in", "value": [words[field]]}]}


def ruled(field: str) -> ProductCollection:
    collection: ProductCollection = ProductCollectionFactory(
        slug="ruled", kind=ProductCollection.Kind.BY_RULE, rule=rule_of(field)
    )
    collection.save_revision().publish()
    return collection


def rename(field: str) -> None:
    found: Any = {
        "category": Category.objects.filter(slug="lamps"),
        "brand": Brand.objects.filter(slug="halden"),
        "type": ProductType.objects.filter(slug="lamp"),
        "tag": Tag.objects.filter(slug="gifts"),
        "collection": ProductCollection.objects.filter(slug="picked"),
        "attribute.colour": AttributeValue.objects.filter(slug="red"),
    }[field].get()
    found.slug = "another"
    if hasattr(found, "save_revision"):
        found.save_revision().publish()
    else:
        found.save()


def titles() -> list[str]:
    return [one.title for one in list_products(filters=ProductFilter(collection="ruled")).products]


@pytest.mark.parametrize("field", FIELDS)
def test_a_collection_by_rule_goes_on_to_match_at_once(lamp: Any, field: str) -> None:
    collection = ruled(field)
    before = titles()

    rename(field)

    collection.refresh_from_db()
    assert before == titles() == ["Lamp"]
    assert collection.rule["all"][0]["value"] == ["another"]
    assert LiveRule.objects.get(collection=collection).rule == collection.rule
    revision = collection.get_latest_revision()
    assert revision.content["rule"] == collection.rule


def test_an_attribute_that_is_renamed_is_named_so_by_rules(lamp: Any) -> None:
    collection = ruled("attribute.colour")
    colour = Attribute.objects.get(slug="colour")

    colour.slug = "shade"
    colour.save()

    collection.refresh_from_db()
    assert collection.rule["all"][0]["field"] == "attribute.shade"
    assert titles() == ["Lamp"]


def test_both_parts_of_rules_for_related_products_follow(lamp: Any) -> None:
    rule = RelatedRule.objects.create(
        name="Lamps", for_products=rule_of("category"), show={"not": rule_of("category")}
    )

    rename("category")

    rule.refresh_from_db()
    assert rule.for_products["all"][0]["value"] == ["another"]
    assert rule.show["not"]["all"][0]["value"] == ["another"]
    assert {
        row.rule["all"][0]["value"][0] for row in LiveRule.objects.filter(related_rule=rule, part="for")
    } == {"another"}


def test_a_draft_of_a_rule_follows_and_stays_a_draft(lamp: Any) -> None:
    collection = ruled("brand")
    collection.rule = {"any": [*rule_of("tag")["all"], *rule_of("brand")["all"]]}
    draft = collection.save_revision()

    rename("brand")

    draft.refresh_from_db()
    collection.refresh_from_db()
    assert [part["value"] for part in draft.content["rule"]["any"]] == [["gifts"], ["another"]]
    assert collection.rule == {"all": [{"field": "brand", "op": "in", "value": ["another"]}]}


def test_rules_about_other_things_are_left_alone(lamp: Any) -> None:
    collection = ruled("tag")
    written = LiveRule.objects.get(collection=collection).refreshed_at

    rename("brand")

    assert LiveRule.objects.get(collection=collection).refreshed_at == written


def test_a_brand_is_renamed_in_the_admin(client: Client, lamp: Any) -> None:
    ruled("brand")
    client.force_login(AdministratorFactory())
    brand = Brand.objects.get()
    url = reverse(Brand.snippet_viewset.get_url_name("edit"), args=[brand.pk])

    answer = client.post(url, {"name": brand.name, "slug": "halden-co", "description": "", "website": ""})

    assert answer.status_code == 302
    assert Brand.objects.get().slug == "halden-co"
    assert titles() == ["Lamp"]
