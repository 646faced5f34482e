"""The catalogue over GraphQL, as a frontend uses it."""

from __future__ import annotations

import pytest

from search.selectors import list_products
from shop.catalogue.models import ProductPage
from tests.factories.catalogue import (
    AttributeFactory,
    BrandFactory,
    CategoryFactory,
    ProductCollectionFactory,
)
from tests.factories.search import product_on_sale

pytestmark = pytest.mark.django_db

WHOLE_PRODUCT = """
  id slug title url summary description
  image { url alt width height srcset sources { url width height } }
  priceFrom { amount currency } priceTo { amount currency } compareAtPrice { amount currency }
  onSale inStock brand { slug name } rating reviewCount currency
  variants {
    sku title price { amount currency } compareAtPrice { amount currency }
    attributes { slug name value valueSlug }
    stock { status available } image { url } barcode weightGrams
  }
  media { url alt caption image { url } } attributes { slug name value }
  categories { slug name url } breadcrumbs { name url } related { slug title } seo { title description }
"""

LISTING = """
query ($first: Int!) {
  products(first: $first, sort: NAME) {
    edges { node {
      title url image { url alt width height } priceFrom { amount currency } categories { slug name }
      variants { sku title price { amount currency } stock { status available } }
    } }
  }
}
"""


@pytest.fixture
def shop():
    AttributeFactory(slug="colour", values=["red", "blue"])
    lighting = CategoryFactory(slug="lighting", name="Lighting")
    lamps = CategoryFactory(slug="lamps", name="Lamps", parent=lighting)
    for number in range(4):
        product_on_sale(
            title=f"Lamp {number}",
            price=[f"{number + 1}.00", "9.00"],
            compare_at="10.00" if number == 0 else None,
            variant_attributes=[{"colour": "red"}, {"colour": "blue"}],
            skus=[f"L{number}-RED", f"L{number}-BLUE"],
            categories=[lamps],
            brand=BrandFactory(slug=f"brand-{number % 2}", name=f"Brand {number % 2}")
            if number < 2
            else None,
        )
    list_products()


def nodes(connection: dict) -> list[dict]:
    return [edge["node"] for edge in connection["edges"]]


def test_a_product_by_slug_sku_and_id_is_the_same(shop, data):
    by_slug = data("query ($s: String) { product(slug: $s) {%s} }" % WHOLE_PRODUCT, s="lamp-0")["product"]
    by_sku = data('{ product(sku: "l0-blue") {%s} }' % WHOLE_PRODUCT)["product"]
    by_id = data("query ($i: ID) { product(id: $i) {%s} }" % WHOLE_PRODUCT, i=by_slug["id"])["product"]

    assert by_slug == by_sku == by_id
    assert by_slug["priceFrom"] == {"amount": "1.00", "currency": "EUR"}
    assert by_slug["compareAtPrice"]["amount"] == "10.00"
    red = by_slug["variants"][0]
    assert red["attributes"] == [{"slug": "colour", "name": "Colour", "value": "Red", "valueSlug": "red"}]
    assert red["stock"] == {"status": "in_stock", "available": 10}
    assert [crumb["name"] for crumb in by_slug["breadcrumbs"]] == ["Lighting", "Lamps", "Lamp 0"]
    assert len(by_slug["related"]) == 3


@pytest.mark.parametrize(
    "by", ['slug: "no"', 'sku: "no"', 'id: "0"', 'id: "x"', 'id: "99999999999999999999"']
)
def test_what_is_not_there_is_null(shop, data, by):
    assert data("{ product(%s) { title } }" % by) == {"product": None}


@pytest.mark.parametrize("by", ["", '(slug: "a", sku: "b")'])
def test_a_product_is_named_in_exactly_one_way(ask, by):
    errors = ask("{ product%s { title } }" % by)["errors"]

    assert errors[0]["extensions"]["code"] == "BAD_USER_INPUT"


def test_a_list_filters_sorts_counts_and_leads_on(shop, data):
    query = """query ($after: String) {
      products(first: 1, after: $after, sort: PRICE_DESC, filter: {
        category: "lighting", priceMax: 2.5, inStock: true, attributes: [{slug: "colour", values: ["red"]}]
      }) { totalCount pageInfo { hasNextPage hasPreviousPage endCursor } edges { cursor node { title } } }
    }"""

    first = data(query)["products"]
    second = data(query, after=first["pageInfo"]["endCursor"])["products"]

    assert first["totalCount"] == 2
    assert [node["title"] for node in nodes(first) + nodes(second)] == ["Lamp 1", "Lamp 0"]
    assert (first["pageInfo"]["hasNextPage"], second["pageInfo"]["hasNextPage"]) == (True, False)


def test_exact_amounts_come_as_string_or_number(shop, data):
    query = "query ($p: Decimal) { products(filter: {priceMax: $p}) { totalCount } }"

    assert data(query, p="1.00")["products"]["totalCount"] == 1
    assert data(query, p=2)["products"]["totalCount"] == 2
    assert data('{ products(filter: {priceMax: "2.0"}) { totalCount } }')["products"]["totalCount"] == 2


def test_facets_stand_beside_the_list(shop, data):
    found = data("""{ products(filter: {attributes: [{slug: "brand", values: ["brand-0"]}]}) {
      facets { attribute { slug name } values { slug name count selected } } priceRange { min { amount } }
    } }""")["products"]

    brand, colour = found["facets"]
    assert [(value["slug"], value["count"], value["selected"]) for value in brand["values"]] == [
        ("brand-0", 1, True),
        ("brand-1", 1, False),
    ]
    assert colour["attribute"] == {"slug": "colour", "name": "Colour"}
    assert found["priceRange"] == {"min": {"amount": "1.00"}}


def test_searching_and_suggesting(shop, data):
    found = data("""{
      searchProducts(query: "lamp 2") { totalCount edges { node { slug } } }
      suggest(query: "lam", first: 2) { kind title url slug }
    }""")

    assert nodes(found["searchProducts"])[0]["slug"] == "lamp-2"
    assert found["suggest"][0] == {
        "kind": "category",
        "title": "Lamps",
        "url": "/categories/lamps/",
        "slug": "lamps",
    }


def test_categories_are_a_tree(shop, data):
    found = data("""{
      categories(depth: 1) {
        slug depth parent { slug } children { slug } productCount description image { url }
      }
      below: categories(parent: "lighting") { slug depth parent { slug } }
      category(slug: "lamps") {
        breadcrumbs { name } products(first: 2) { totalCount edges { node { title } } }
      }
      none: category(slug: "none") { slug }
    }""")

    (lighting,) = found["categories"]
    assert (lighting["children"], lighting["productCount"], lighting["parent"]) == (
        [{"slug": "lamps"}],
        4,
        None,
    )
    assert found["below"] == [{"slug": "lamps", "depth": 2, "parent": {"slug": "lighting"}}]
    assert found["category"]["products"]["totalCount"] == 4
    assert found["none"] is None


def test_collections_keep_their_order(shop, data):
    picked = list(ProductPage.objects.order_by("-title")[:2])
    ProductCollectionFactory(slug="picks", name="Picks", products=picked)

    found = data("""{
      collections { slug productCount }
      collection(slug: "picks") { name products { edges { node { title } } } }
      none: collection(slug: "none") { name }
    }""")

    assert found["collections"] == [{"slug": "picks", "productCount": 2}]
    assert [node["title"] for node in nodes(found["collection"]["products"])] == ["Lamp 3", "Lamp 2"]
    assert found["none"] is None


@pytest.mark.parametrize("first", [1, 4])
def test_a_listing_costs_five_statements_whatever_its_length(shop, data, first, django_assert_num_queries):
    with django_assert_num_queries(5):
        found = data(LISTING, first=first)

    assert len(found["products"]["edges"]) == first


def test_a_product_page_costs_ten_statements(shop, data, django_assert_num_queries):
    with django_assert_num_queries(10):
        data('{ product(slug: "lamp-0") {%s} }' % WHOLE_PRODUCT)


@pytest.mark.parametrize("first", [1, 4])
def test_the_pages_of_a_whole_list_are_loaded_together(shop, data, first, django_assert_max_num_queries):
    with django_assert_max_num_queries(13):
        data("query ($n: Int) { products(first: $n) { edges { node {%s} } } }" % WHOLE_PRODUCT, n=first)


def test_what_is_published_shows_in_the_next_answer(shop, data):
    page = ProductPage.objects.get(slug="lamp-0")
    page.title = "Better lamp"
    page.save_revision().publish()

    assert data('{ product(slug: "lamp-0") { title } }')["product"]["title"] == "Better lamp"


@pytest.mark.parametrize(
    "query",
    [
        "{ products(first: 0) { totalCount } }",
        "{ products(first: 101) { totalCount } }",
        '{ products(after: "x") { edges { cursor } } }',
        '{ products(filter: {priceMin: "NaN"}) { totalCount } }',
        '{ products(filter: {priceMin: "1_0"}) { totalCount } }',
        '{ products(filter: {priceMin: "1e400"}) { totalCount } }',
        '{ products(currency: "XXX") { totalCount } }',
        '{ products(filter: {query: "%s"}) { totalCount } }' % ("x" * 300),
        '{ category(slug: "\\u0000") { slug } products(filter: {category: "\\u0000"}) { totalCount } }',
        "{ categories(depth: 0) { slug } }",
        '{ suggest(query: "la", first: 21) { title } }',
        "{ products(sort: CHEAPEST) { totalCount } }",
    ],
)
def test_bad_input_is_an_error_with_a_code_and_never_a_fault(shop, ask, query):
    (error, *_) = ask(query)["errors"]

    assert error["extensions"]["code"] not in ("INTERNAL_ERROR", None)
    assert "Traceback" not in error["message"]
