"""A rule says the same in SQL and in Python, of any catalogue."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from taggit.models import Tag

from search.models import ProductIndex, ProductIndexCategory, ProductIndexFacet
from search.selectors.rules import find_categories, list_matching, load_known
from shop.catalogue.models import (
    Attribute,
    AttributeValue,
    ProductAttribute,
    ProductCollectionItem,
    ProductPage,
    ProductTag,
    ProductType,
)
from shop.catalogue.predicates import conditions_of, matches, parse
from tests.factories import rules as names
from tests.factories.catalogue import (
    AttributeFactory,
    BrandFactory,
    CategoryFactory,
    ProductCollectionFactory,
    ProductFactory,
)

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
PRODUCTS = 5


def several(words):
    return st.lists(st.sampled_from(words), unique=True)


PRODUCT = st.fixed_dictionaries(
    {
        "price": st.integers(0, 20),
        "on_sale": st.booleans(),
        "stock": st.sampled_from(names.STOCK),
        "age": st.integers(0, 12 * 24),
        "brand": st.sampled_from([*names.BRANDS, ""]),
        "type": st.sampled_from([*names.TYPES, ""]),
        "categories": several(names.CATEGORIES),
        "tags": several(names.TAGS),
        "is_picked": st.booleans(),
        "colours": several(names.COLOURS),
        "width": st.sampled_from(["", "wide", "1", "5", "7.5", "10"]),
        "dimmable": st.sampled_from(["", "yes", "no"]),
        "made": st.sampled_from(["", "soon", "2026-11-03", "2026-11-20"]),
    }
)


class Shop:
    """Products whose properties are set anew for every example, row by row."""

    def __init__(self):
        living = CategoryFactory(slug="living")
        lamps = CategoryFactory(slug="lamps", parent=living)
        self.categories = {
            "living": living,
            "lamps": lamps,
            "desk-lamps": CategoryFactory(slug="desk-lamps", parent=lamps),
            "garden": CategoryFactory(slug="garden"),
        }
        self.brands = {slug: BrandFactory(slug=slug) for slug in names.BRANDS}
        self.types = {slug: ProductType.objects.create(name=slug, slug=slug) for slug in names.TYPES}
        self.tags = {slug: Tag.objects.create(name=slug, slug=slug) for slug in names.TAGS}
        self.colour = AttributeFactory(slug="colour", values=names.COLOURS)
        self.colours = {value.slug: value for value in AttributeValue.objects.filter(attribute=self.colour)}
        self.typed = {
            slug: AttributeFactory(slug=slug, kind=kind, makes_variants=False)
            for slug, kind in (
                ("width", Attribute.Kind.NUMBER),
                ("dimmable", Attribute.Kind.BOOLEAN),
                ("made", Attribute.Kind.DATE),
            )
        }
        self.pages = [ProductFactory(pictures=0, categories=[]) for _ in range(PRODUCTS)]
        self.collection = ProductCollectionFactory(slug="picked")
        ProductCollectionFactory(slug="unseen", live=False, products=self.pages)

    def fill(self, products):
        for model in (ProductIndex, ProductTag, ProductCollectionItem, ProductAttribute):
            model.objects.all().delete()
        for page, held in zip(self.pages, products, strict=False):
            self._fill_one(page, held)

    def _fill_one(self, page, held):
        entry = ProductIndex.objects.create(
            product=page,
            currency="EUR",
            price_from=Decimal(held["price"]),
            price_to=Decimal(held["price"]),
            on_sale=held["on_sale"],
            stock_status=held["stock"],
            published_at=NOW - timedelta(hours=held["age"]),
            brand_slug=held["brand"],
            category_ids=[self.categories[slug].pk for slug in held["categories"]],
        )
        ProductIndexCategory.objects.bulk_create(
            ProductIndexCategory(entry=entry, category=self.categories[slug]) for slug in held["categories"]
        )
        ProductIndexFacet.objects.bulk_create(
            ProductIndexFacet(entry=entry, attribute=self.colour, value=self.colours[slug])
            for slug in held["colours"]
        )
        ProductPage.objects.filter(pk=page.pk).update(product_type=self.types.get(held["type"]))
        ProductTag.objects.bulk_create(
            ProductTag(content_object=page, tag=self.tags[slug]) for slug in held["tags"]
        )
        ProductAttribute.objects.bulk_create(
            ProductAttribute(page=page, attribute=attribute, text=held[slug])
            for slug, attribute in self.typed.items()
            if held[slug]
        )
        if held["is_picked"]:
            ProductCollectionItem.objects.create(collection=self.collection, product=page)


def test_sql_and_python_agree_on_any_rule_and_any_catalogue():
    shop = Shop()
    seen = set()

    @settings(max_examples=150, deadline=None)
    @given(
        st.lists(PRODUCT, min_size=1, max_size=PRODUCTS),
        st.lists(names.rules(), min_size=1, max_size=5),
    )
    def agree(products, rules):
        shop.fill(products)
        for rule in rules:
            node = parse(rule)
            categories = find_categories(node)
            by_sql = list_matching(node, categories=categories, currency="EUR", at=NOW)
            known = load_known(
                [page.pk for page in shop.pages],
                fields={condition.field for condition in conditions_of(node)},
                categories=[categories],
                currency="EUR",
                at=NOW,
            )
            by_python = {product_id for product_id, facts in known.facts.items() if matches(node, facts)}

            assert set(by_sql.values_list("product_id", flat=True)) == by_python
            seen.add(0 < len(by_python) < len(products))

    agree()
    assert seen == {True, False}
