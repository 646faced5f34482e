"""The number of SQL statements of every read, whatever the length of the list."""

from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from search.selectors import get_category, get_product_detail, list_products
from search.values import AttributeFilter, ProductFilter
from tests.factories.catalogue import AttributeFactory, CategoryFactory
from tests.factories.search import product_on_sale

pytestmark = pytest.mark.django_db

PRICES = ["1.00", "2.00", "3.00", "4.00"]


@pytest.fixture
def shop():
    AttributeFactory(slug="colour", values=["red", "blue"])
    AttributeFactory(slug="size", values=["small", "large"])
    lamps = CategoryFactory(slug="lamps", parent=CategoryFactory(slug="lighting"))
    values = [{"colour": colour, "size": size} for colour in ("red", "blue") for size in ("small", "large")]
    for number in range(5):
        product_on_sale(title=f"Lamp {number}", price=PRICES, categories=[lamps], variant_attributes=values)
    list_products()  # makes the sizes of the pictures


@pytest.mark.parametrize("first", [1, 5])
def test_a_list_with_prices_pictures_categories_and_stock(shop, first, django_assert_num_queries):
    with django_assert_num_queries(5):  # settings, rows, tree, pictures, stock
        page = list_products(first=first, with_variants=True)

    assert len(page.products) == first
    assert len(page.products[0].variants) == 4


@pytest.mark.parametrize("first", [1, 5])
def test_a_filtered_list_with_facets(shop, first, django_assert_num_queries):
    filters = ProductFilter(
        category="lighting",
        price_min=1,
        price_max=5,
        attributes=(AttributeFilter("colour", ("red",)), AttributeFilter("size", ("small",))),
    )

    with django_assert_num_queries(10):  # as above, number of all, and four for facets
        page = list_products(
            filters=filters, first=first, with_variants=True, with_facets=True, with_total=True
        )

    assert (len(page.products), page.total_count) == (first, 5)


def test_a_product_page(shop, django_assert_num_queries):
    # settings, row, tree, gallery, attributes, chosen by hand, rules, best-sellers, pictures, stock
    with django_assert_num_queries(10):
        product = get_product_detail(slug="lamp-0")

    assert (len(product.variants), len(product.related)) == (4, 4)


def test_a_category_page(shop, django_assert_num_queries):
    with django_assert_num_queries(5):  # tree, category, settings, counts, children
        get_category(slug="lighting")


@pytest.mark.parametrize(
    ("path", "statements"),
    [
        ("products/", 4),
        ("products/lamp-0/", 10),
        ("categories/", 4),
        ("categories/lamps/", 4),
        ("collections/", 1),
    ],
)
def test_rest_adds_no_statement_of_its_own(shop, path, statements, django_assert_num_queries):
    client = APIClient()

    with django_assert_num_queries(statements):
        assert client.get(f"/api/v1/{path}").status_code == 200
