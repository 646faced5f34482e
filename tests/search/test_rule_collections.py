"""Collections by rule: what matches is in them, in the very next answer after any change."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from rest_framework.test import APIClient
from wagtail.models import Site

from search.models import LiveRule, RuleMember
from search.selectors import get_collection, list_collections, list_products
from search.selectors.collections import list_collections_of
from search.services import index_products
from search.tasks import refresh_rules_by_age
from search.values import ProductFilter, ProductSort
from shop.catalogue.models import Category, ProductCollection, ProductPage, ProductType, ProductVariant
from shop.catalogue.services import move_category
from shop.core import clock
from shop.core.models import ShopSettings
from shop.core.relay import deliver_due
from shop.inventory.services import move_stock
from shop.pricing.services import PriceChange, ensure_base_price_list, set_prices
from tests.factories.catalogue import (
    AttributeFactory,
    BrandFactory,
    CategoryFactory,
    ProductCollectionFactory,
)
from tests.factories.pricing import PriceFactory, PriceListFactory
from tests.factories.search import product_on_sale, sellable_variant

pytestmark = pytest.mark.django_db


def by_rule(field: str, op: str, value: object, *, slug: str = "ruled", **more: object) -> ProductCollection:
    return ProductCollectionFactory(
        slug=slug,
        kind=ProductCollection.Kind.BY_RULE,
        rule={"field": field, "op": op, "value": value},
        **more,
    )


def price(amount: str, variant: ProductVariant) -> None:
    change = PriceChange(
        variant_id=variant.pk, price_list_code=ensure_base_price_list().code, amount=Decimal(amount)
    )
    set_prices(changes=[change], actor=None, reason="test")


def titles(slug: str = "ruled", **arguments: object) -> list[str]:
    return [
        product.title
        for product in list_products(filters=ProductFilter(collection=slug), **arguments).products
    ]


def test_a_published_rule_has_what_matches_newest_first():
    product_on_sale(title="Cheap", price="5.00")
    product_on_sale(title="Dear", price="50.00")
    product_on_sale(title="Fair", price="10.00")

    by_rule("price", "lte", "10.00")

    assert titles() == ["Fair", "Cheap"]
    assert titles(sort=ProductSort.PRICE_ASC) == ["Cheap", "Fair"]
    assert get_collection(slug="ruled").product_count == 2


def test_what_is_published_later_comes_in_and_what_no_longer_matches_goes_out():
    by_rule("price", "lte", "10.00")
    lamp = product_on_sale(title="Lamp", price="5.00")
    assert titles() == ["Lamp"]

    variant = lamp.variants.get()
    price("20.00", variant)
    assert titles() == []

    price("7.00", variant)
    assert titles() == ["Lamp"]

    ProductPage.objects.get(pk=lamp.pk).unpublish()
    assert titles() == []
    assert not RuleMember.objects.exists()


def test_a_rule_on_stock_follows_every_change_of_status():
    lamp = product_on_sale(title="Lamp", on_hand=1)
    by_rule("stock", "in", ["out_of_stock"])
    assert titles() == []

    item = lamp.variants.get().stock_items.get()
    move_stock(warehouse=item.warehouse, variant_id=item.variant_id, kind="adjustment", quantity=-1)

    assert titles() == ["Lamp"]


def test_the_live_rule_counts_and_never_the_draft():
    product_on_sale(title="Cheap", price="5.00")
    product_on_sale(title="Dear", price="50.00")
    collection = by_rule("price", "lte", "10.00")

    collection.rule = {"field": "price", "op": "gte", "value": "20.00"}
    draft = collection.save_revision()
    assert titles() == ["Cheap"]

    draft.publish()
    assert titles() == ["Dear"]


def test_an_unpublished_deleted_or_hand_made_collection_has_no_rule():
    product_on_sale(title="Cheap", price="5.00")
    for slug in ("gone", "hidden", "picked"):
        by_rule("price", "lte", "10.00", slug=slug)

    ProductCollection.objects.get(slug="gone").delete()
    ProductCollection.objects.get(slug="hidden").unpublish()
    picked = ProductCollection.objects.get(slug="picked")
    picked.kind = ProductCollection.Kind.BY_HAND
    picked.save_revision().publish()

    assert not LiveRule.objects.exists()
    assert not RuleMember.objects.exists()
    assert titles("picked") == []


def test_a_draft_with_a_rule_is_nowhere_until_it_is_published():
    product_on_sale(title="Cheap", price="5.00")
    by_rule("price", "lte", "10.00", live=False)
    assert titles() == []

    ProductCollection.objects.get(slug="ruled").get_latest_revision().publish()

    assert titles() == ["Cheap"]


def test_a_rule_on_a_category_follows_the_tree():
    living, lamps = CategoryFactory(slug="living"), CategoryFactory(slug="lamps")
    product_on_sale(title="Lamp", categories=[lamps])
    by_rule("category", "in", ["living"])
    assert titles() == []

    move_category(category=lamps, parent=living)
    assert titles() == ["Lamp"]

    held = Category.objects.get(slug="living")
    held.slug = "living-room"
    held.save()
    assert titles() == ["Lamp"], "the rule is about the category, whatever its address"


def test_a_rule_may_name_a_collection_that_was_put_together_by_hand():
    lamp, chair = product_on_sale(title="Lamp"), product_on_sale(title="Chair")
    picked = ProductCollectionFactory(slug="picked", products=[lamp])
    by_rule("collection", "not_in", ["picked"])
    assert titles() == ["Chair"]

    picked.items = []
    picked.save_revision().publish()
    assert titles() == ["Chair", "Lamp"]

    product_on_sale(title="Vase")
    ProductCollectionFactory(slug="chosen", products=[chair])
    by_rule("collection", "in", ["chosen", "picked"], slug="both")
    assert titles("both") == ["Chair"]


def test_a_rule_on_tags_types_brands_and_attributes():
    AttributeFactory(slug="colour", values=["red", "blue"])
    lamp_type = ProductType.objects.create(name="Lamp", slug="lamp")
    halden = BrandFactory(slug="halden")
    rules = {
        "by-tag": ("tag", "in", ["gifts"]),
        "by-type": ("type", "in", ["lamp"]),
        "by-brand": ("brand", "in", ["halden"]),
        "by-colour": ("attribute.colour", "in", ["blue"]),
    }
    for slug, rule in rules.items():
        by_rule(*rule, slug=slug)

    lamp = product_on_sale(
        title="Lamp",
        price=["1.00", "2.00"],
        variant_attributes=[{"colour": "red"}, {"colour": "blue"}],
        brand=halden,
    )
    lamp.tags.add("gifts")
    lamp.product_type = lamp_type
    lamp.save_revision().publish()
    product_on_sale(title="Chair")

    assert {slug: titles(slug) for slug in rules} == {slug: ["Lamp"] for slug in rules}
    assert {found.slug for found in list_collections_of([lamp.pk])} == set(rules)


def test_a_renamed_type_is_followed_by_the_relay():
    lamp_type = ProductType.objects.create(name="Lamp", slug="lamp")
    lamp = product_on_sale(title="Lamp")
    lamp.product_type = lamp_type
    lamp.save_revision().publish()
    by_rule("type", "in", ["light"])

    lamp_type.slug = "light"
    lamp_type.save()
    deliver_due()

    assert titles() == ["Lamp"]


def test_products_grow_out_of_a_rule_with_the_next_run_of_the_schedule():
    product_on_sale(title="Lamp")
    by_rule("age_days", "lt", 30)
    assert titles() == ["Lamp"]

    with clock.at(clock.now() + timedelta(days=30, minutes=1)):
        refresh_rules_by_age()

        assert titles() == []


def test_prices_of_a_rule_are_those_of_the_shops_own_currency():
    lamp = product_on_sale(title="Lamp", price="5.00")
    yen = PriceListFactory(currency="JPY", kind="base")
    PriceFactory(variant=lamp.variants.get(), price_list=yen, amount="900")
    by_rule("price", "lte", "10.00")
    assert titles() == titles(currency="JPY") == ["Lamp"]

    held = ShopSettings.for_site(Site.objects.get())
    held.default_currency = "JPY"
    held.save()

    assert titles() == []


def test_the_order_by_hand_is_kept_beside_rules():
    lamp, chair = product_on_sale(title="Lamp"), product_on_sale(title="Chair")
    ProductCollectionFactory(slug="picked", products=[lamp, chair])

    assert titles("picked") == ["Lamp", "Chair"]
    assert {found.slug: found.product_count for found in list_collections()} == {"picked": 2}


def test_pages_of_a_collection_by_rule_continue_where_they_ended():
    for number in range(5):
        product_on_sale(title=f"Lamp {number}")
    by_rule("price", "lte", "10.00")

    first = list_products(filters=ProductFilter(collection="ruled"), first=2)
    second = list_products(
        filters=ProductFilter(collection="ruled"), first=2, after=first.page_info.end_cursor, with_total=True
    )

    assert [product.title for product in (*first.products, *second.products)] == [
        "Lamp 4",
        "Lamp 3",
        "Lamp 2",
        "Lamp 1",
    ]
    assert second.total_count == 5


def test_rest_graphql_and_the_page_show_it():
    product_on_sale(title="Lamp", price="5.00")
    product_on_sale(title="Dear", price="50.00")
    by_rule("price", "lte", "10.00", name="Gifts")
    client = APIClient()

    listed = client.get("/api/v1/products/?collection=ruled&facets=true").json()
    collection = client.get("/api/v1/collections/ruled/").json()
    graph = client.post(
        "/graphql/",
        {"query": '{ collection(slug: "ruled") { productCount products { edges { node { title } } } } }'},
        format="json",
    ).json()
    page = client.get("/collections/ruled/")

    assert [product["title"] for product in listed["results"]] == ["Lamp"]
    assert listed["summary"]["count"] == collection["product_count"] == 1
    assert graph["data"]["collection"]["productCount"] == 1
    assert graph["data"]["collection"]["products"]["edges"][0]["node"]["title"] == "Lamp"
    assert "Lamp" in page.content.decode()
    assert "Dear" not in page.content.decode()


@pytest.mark.parametrize("rules", [1, 12])
def test_indexing_costs_the_same_number_of_statements_however_many_rules(
    rules, django_assert_max_num_queries
):
    lamp = product_on_sale(title="Lamp")
    sellable_variant(lamp, "7.00")
    for number in range(rules):
        ProductCollectionFactory(
            kind=ProductCollection.Kind.BY_RULE,
            rule={
                "any": [
                    {"field": "tag", "op": "in", "value": [f"tag-{number}"]},
                    {"field": "type", "op": "in", "value": ["lamp"]},
                    {"field": "attribute.colour", "op": "in", "value": ["red"]},
                    {"field": "price", "op": "lt", "value": str(number)},
                ]
            },
        )
    index_products([lamp.pk])  # reads the rules

    with django_assert_max_num_queries(26):
        index_products([lamp.pk])
