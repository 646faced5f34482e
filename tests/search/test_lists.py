"""Filters, orders, pages and facets of product lists."""

from __future__ import annotations

from decimal import Decimal

import pytest

from search.selectors import (
    CategoryNotFound,
    CurrencyNotSold,
    InvalidCursor,
    get_category,
    get_collection,
    list_categories,
    list_collections,
    list_products,
    list_products_by_ids,
    search_everything,
    suggest,
)
from search.values import AttributeFilter, ProductFilter, ProductSort
from shop.catalogue.models import Category, ProductCollection
from tests.factories.catalogue import (
    AttributeFactory,
    BrandFactory,
    CategoryFactory,
    ProductCollectionFactory,
    ProductFactory,
)
from tests.factories.search import product_on_sale, sellable_variant

pytestmark = pytest.mark.django_db


def titles(**arguments) -> list[str]:
    return [product.title for product in list_products(**arguments).products]


def by(**conditions) -> list[str]:
    return sorted(titles(filters=ProductFilter(**conditions)))


def test_a_category_holds_what_its_descendants_hold_each_product_once():
    lighting = CategoryFactory(slug="lighting")
    lamps = CategoryFactory(slug="lamps", parent=lighting)
    bulbs = CategoryFactory(slug="bulbs", parent=lighting)
    product_on_sale(title="Lamp with bulb", categories=[lamps, bulbs])
    product_on_sale(title="Chair")

    counts = {category.slug: category.product_count for category in list_categories()}

    assert by(category="lighting") == by(category="lamps") == ["Lamp with bulb"]
    assert (counts["lighting"], counts["lamps"], counts["bulbs"]) == (1, 1, 1)
    assert by(category="no-such-category") == []


def test_a_hidden_category_hides_what_is_below_it_but_not_the_products():
    lighting = CategoryFactory(slug="lighting")
    lamps = CategoryFactory(slug="lamps", parent=lighting)
    product_on_sale(title="Lamp", categories=[lamps])

    Category.objects.get(pk=lighting.pk).unpublish()

    assert [category.slug for category in list_categories()] == []
    assert list_products().products[0].categories == ()
    assert by(category="lamps") == []
    assert titles() == ["Lamp"]
    with pytest.raises(CategoryNotFound):
        get_category(slug="lamps")


def test_a_category_names_its_parent_children_and_way():
    lighting = CategoryFactory(slug="lighting", name="Lighting", description="Light for all")
    CategoryFactory(slug="lamps", name="Lamps", parent=lighting)

    category, lamps = get_category(slug="lighting"), get_category(slug="lamps")

    assert [child.slug for child in category.children] == ["lamps"]
    assert (lamps.parent, lamps.depth, lamps.url) == ("lighting", 2, "/categories/lamps/")
    assert [crumb.name for crumb in lamps.breadcrumbs] == ["Lighting", "Lamps"]
    assert category.description == "Light for all"


def test_categories_below_one_go_as_deep_as_asked():
    lighting = CategoryFactory(slug="lighting")
    lamps = CategoryFactory(slug="lamps", parent=lighting)
    CategoryFactory(slug="desk-lamps", parent=lamps)
    CategoryFactory(slug="chairs")

    def slugs(**arguments):
        return sorted(category.slug for category in list_categories(**arguments))

    assert slugs(depth=1) == ["chairs", "lighting"]
    assert slugs(parent="lighting") == ["desk-lamps", "lamps"]
    assert slugs(parent="lighting", depth=1) == ["lamps"]
    assert slugs(parent="nothing") == []


def test_a_collection_keeps_the_order_of_the_hand_and_pages_through_it():
    made = [product_on_sale(title=title) for title in "CAB"]
    ProductCollectionFactory(slug="picks", products=[made[1], made[2], made[0]])
    in_collection = ProductFilter(collection="picks")

    first = list_products(filters=in_collection, first=2)
    rest = list_products(filters=in_collection, first=2, after=first.page_info.end_cursor)

    assert [p.title for p in first.products + rest.products] == ["A", "B", "C"]
    assert get_collection(slug="picks").product_count == 3


def test_a_draft_collection_is_nowhere():
    ProductCollectionFactory(slug="picks", products=[product_on_sale(title="Lamp")])
    ProductCollection.objects.get().unpublish()

    assert list_collections() == []
    assert by(collection="picks") == []


def test_filters_narrow_by_price_stock_sale_and_brand():
    product_on_sale(title="Cheap", price="5.00", brand=BrandFactory(slug="halden"))
    product_on_sale(title="Dear", price="50.00", on_hand=0)
    product_on_sale(title="Reduced", price="20.00", compare_at="25.00")

    assert by(price_max=Decimal(20)) == ["Cheap", "Reduced"]
    assert by(price_min=Decimal(20)) == ["Dear", "Reduced"]
    assert by(in_stock=True) == ["Cheap", "Reduced"]
    assert by(in_stock=False) == ["Dear"]
    assert by(on_sale=True) == ["Reduced"]
    assert by(brands=("halden",)) == ["Cheap"]


@pytest.fixture
def coloured_lamps():
    AttributeFactory(slug="colour", values=["red", "blue"])
    AttributeFactory(slug="size", values=["small", "large"])
    AttributeFactory(slug="inner", values=["x"], is_filterable=False)
    product_on_sale(
        title="Red or blue",
        price=["1.00", "2.00"],
        variant_attributes=[{"colour": "red", "size": "small"}, {"colour": "blue", "size": "small"}],
    )
    product_on_sale(title="Red", variant_attributes=[{"colour": "red", "size": "large"}])
    product_on_sale(title="Blue", variant_attributes=[{"colour": "blue", "size": "large"}])


def chosen(**values) -> ProductFilter:
    return ProductFilter(
        attributes=tuple(AttributeFilter(slug, tuple(wanted)) for slug, wanted in values.items())
    )


def test_values_of_one_attribute_are_alternatives_and_attributes_add_up(coloured_lamps):
    assert sorted(titles(filters=chosen(colour=["red"]))) == ["Red", "Red or blue"]
    assert len(titles(filters=chosen(colour=["red", "blue"]))) == 3
    assert titles(filters=chosen(colour=["red"], size=["large"])) == ["Red"]
    assert titles(filters=chosen(colour=["green"])) == []
    assert titles(filters=chosen(inner=["x"])) == []


def test_facets_leave_their_own_filter_out_so_that_several_can_be_chosen(coloured_lamps):
    facets = list_products(filters=chosen(colour=["red"]), with_facets=True).facets

    counts = {facet.slug: {value.slug: value.count for value in facet.values} for facet in facets.attributes}
    selected = [value.slug for facet in facets.attributes for value in facet.values if value.selected]

    assert counts == {"colour": {"red": 2, "blue": 2}, "size": {"small": 1, "large": 1}}
    assert selected == ["red"]


def test_every_count_of_a_facet_is_what_choosing_it_would_list(coloured_lamps):
    for facet in list_products(with_facets=True).facets.attributes:
        for value in facet.values:
            assert value.count == len(titles(filters=chosen(**{facet.slug: [value.slug]})))


def test_facets_tell_prices_stock_sale_brands_and_categories_below():
    lighting = CategoryFactory(slug="lighting")
    lamps = CategoryFactory(slug="lamps", parent=lighting)
    product_on_sale(
        title="A", price="5.00", categories=[lamps], brand=BrandFactory(name="Halden", slug="halden")
    )
    product_on_sale(title="B", price="9.00", compare_at="10.00", on_hand=0, categories=[lighting])

    facets = list_products(
        filters=ProductFilter(category="lighting"), with_facets=True, with_total=True
    ).facets

    assert (facets.price_min.amount, facets.price_max.amount) == (5, 9)
    assert (facets.in_stock_count, facets.on_sale_count) == (1, 1)
    assert [(value.slug, value.count) for value in facets.categories] == [("lamps", 1)]
    assert [(value.slug, value.count) for value in facets.brands.values] == [("halden", 1)]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        (ProductSort.PRICE_ASC, ["Älgö", "Bett", "Zelt"]),
        (ProductSort.PRICE_DESC, ["Zelt", "Bett", "Älgö"]),
        (ProductSort.NAME, ["Älgö", "Bett", "Zelt"]),
        (ProductSort.NEWEST, ["Bett", "Älgö", "Zelt"]),
        (ProductSort.POPULARITY, ["Bett", "Älgö", "Zelt"]),
        (ProductSort.RATING, ["Bett", "Älgö", "Zelt"]),
        (ProductSort.RELEVANCE, ["Bett", "Älgö", "Zelt"]),
    ],
)
def test_every_order_pages_onwards_and_back_without_gap_or_repetition(sort, expected):
    for title, price in [("Zelt", "9.00"), ("Älgö", "1.00"), ("Bett", "2.00")]:
        product_on_sale(title=title, price=price)

    seen, cursor = [], None
    while True:
        page = list_products(sort=sort, first=1, after=cursor)
        seen += [product.title for product in page.products]
        if not page.page_info.has_next_page:
            break
        cursor = page.page_info.end_cursor
    back = list_products(sort=sort, first=2, before=page.page_info.start_cursor)

    assert seen == expected
    assert [product.title for product in back.products] == expected[:2]
    assert (back.page_info.has_previous_page, back.page_info.has_next_page) == (False, True)


def test_a_cursor_of_another_order_or_of_nobody_is_refused():
    product_on_sale()
    cursor = list_products(sort=ProductSort.NAME).page_info.end_cursor

    for wrong in (cursor, "x", "", "é" * 3, cursor[:-4]):
        with pytest.raises(InvalidCursor):
            list_products(sort=ProductSort.NEWEST, after=wrong)


def test_numbered_pages_skip_rows():
    for number in range(3):
        product_on_sale(title=str(number))

    page = list_products(first=1, offset=1, with_total=True)

    assert (titles(first=1, offset=1), page.total_count) == (["1"], 3)
    assert (page.page_info.has_next_page, page.page_info.has_previous_page) == (True, True)


def test_a_currency_that_nothing_is_priced_in_is_refused():
    product_on_sale()

    with pytest.raises(CurrencyNotSold):
        list_products(currency="CHF")


def test_products_picked_by_hand_keep_their_order_and_lose_what_is_not_public():
    first, hidden, second = (
        product_on_sale(title="1"),
        product_on_sale(publish=False),
        product_on_sale(title="2"),
    )

    picked = list_products_by_ids(product_ids=[second.pk, hidden.pk, first.pk])

    assert [product.title for product in picked] == ["2", "1"]


@pytest.mark.parametrize(
    "query", ["café", "CAFE", "caf tab", "tables", "NX-100/b", "nx100b", "4006381333931", "furniture", "oak"]
)
def test_search_finds_words_beginnings_plurals_codes_and_categories(query):
    oak = AttributeFactory(slug="material", values=["oak"])
    furniture = CategoryFactory(name="Furniture", slug="furniture")
    table = ProductFactory(title="Café table", categories=[furniture], attributes={oak.slug: "oak"})
    sellable_variant(table, sku="NX-100/b", barcode="4006381333931")
    product_on_sale(title="Desk lamp")

    assert titles(filters=ProductFilter(query=query)) == ["Café table"]


@pytest.mark.parametrize("query", ["%", "_", "'", '" OR 1=1', "\\", "((", "*", "lamp nothing"])
def test_what_is_no_word_finds_nothing(query):
    product_on_sale(title="Desk lamp")

    assert titles(filters=ProductFilter(query=query)) == []


def test_a_title_that_is_the_query_comes_first():
    for title in ("Lamp shade", "Lamp", "Clamp", "Shade for a lamp"):
        product_on_sale(title=title)

    assert titles(filters=ProductFilter(query="lamp"))[:2] == ["Lamp", "Lamp shade"]
    assert "Clamp" not in titles(filters=ProductFilter(query="lamp"))


def test_a_hidden_category_cannot_be_felt_by_searching():
    hidden = CategoryFactory(name="Canary", slug="canary", live=False)
    product_on_sale(title="Lamp", categories=[hidden])

    assert titles(filters=ProductFilter(query="canary")) == []


def test_searching_everything_finds_products_and_categories():
    product_on_sale(title="Desk lamp", categories=[CategoryFactory(name="Desks", slug="desks")])

    found = search_everything(query="desk")

    assert [product.title for product in found.products.products] == ["Desk lamp"]
    assert [category.slug for category in found.categories] == ["desks"]
    assert found.products.total_count == 1
    assert search_everything(query="?!").products.products == ()


def test_suggestions_come_as_one_types():
    brand = BrandFactory(name="Desko", slug="desko")
    product_on_sale(title="Desk lamp", categories=[CategoryFactory(name="Desks", slug="desks")], brand=brand)

    kinds = [(hit.kind, hit.title) for hit in suggest(query="des")]

    assert kinds == [("category", "Desks"), ("brand", "Desko"), ("product", "Desk lamp")]
    assert suggest(query="d") == suggest(query="") == []
    assert len(suggest(query="des", first=1)) == 1
