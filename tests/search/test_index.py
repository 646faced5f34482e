"""The index is written with the fact: whatever was done last shows in the very next read."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from wagtail.models import PageViewRestriction

from search.models import ProductIndex
from search.selectors import ProductNotFound, get_product_detail, list_products
from search.selectors.popularity import list_ordered_products
from search.services import rebuild_index, refresh_popularity
from search.values import ProductFilter, ProductSort
from shop.catalogue.models import ProductPage
from shop.catalogue.services import archive_variant
from shop.core import clock
from shop.core.money import Money
from shop.inventory.services import move_stock
from shop.pricing.services import PriceChange, ensure_base_price_list, set_prices
from tests.factories.catalogue import BrandFactory, ProductFactory, VariantFactory
from tests.factories.inventory import StockItemFactory
from tests.factories.orders import placed_order
from tests.factories.pricing import PriceFactory, PriceListFactory
from tests.factories.search import product_on_sale, sellable_variant

pytestmark = pytest.mark.django_db


def listed() -> list[str]:
    return [product.title for product in list_products().products]


def test_a_published_product_with_a_price_is_listed():
    product_on_sale(title="Reading lamp", price=["12.50", "10.00"], compare_at="15.00")

    lamp = list_products(with_variants=True).products[0]

    assert (lamp.title, lamp.price_from, lamp.price_to) == (
        "Reading lamp",
        Money(Decimal("10.00"), "EUR"),
        Money(Decimal("12.50"), "EUR"),
    )
    assert lamp.compare_at_price == Money(Decimal("15.00"), "EUR")
    assert (lamp.on_sale, lamp.in_stock, len(lamp.variants)) == (True, True, 2)
    assert lamp.url == f"/products/{lamp.slug}/"
    assert lamp.image.alt == "Reading lamp, view 1"
    assert lamp.image.srcset.endswith("w")


def test_a_product_without_price_cannot_be_bought_and_is_not_listed():
    VariantFactory(product=ProductFactory())

    assert listed() == []


def test_a_draft_is_not_listed_until_it_is_published():
    draft = product_on_sale(title="Canary", publish=False)
    assert listed() == []

    draft.get_latest_revision().publish()

    assert listed() == ["Canary"]


def test_an_unpublished_or_deleted_product_is_gone_at_once():
    lamp, chair = product_on_sale(title="Lamp"), product_on_sale(title="Chair")

    ProductPage.objects.get(pk=lamp.pk).unpublish()
    ProductPage.objects.get(pk=chair.pk).delete()

    assert listed() == []
    assert not ProductIndex.objects.exists()


def test_a_page_with_a_view_restriction_above_it_is_not_listed():
    lamp = product_on_sale(title="Lamp")

    restriction = PageViewRestriction.objects.create(
        page=lamp.get_parent(), restriction_type=PageViewRestriction.LOGIN
    )
    assert listed() == []

    restriction.delete()
    assert listed() == ["Lamp"]


def test_a_new_title_shows_in_the_next_answer():
    lamp = product_on_sale(title="Lamp")

    page = ProductPage.objects.get(pk=lamp.pk)
    page.title = "Better lamp"
    page.save_revision().publish()

    assert listed() == ["Better lamp"]


def test_saving_a_draft_changes_nothing_that_shoppers_see():
    lamp = product_on_sale(title="Lamp")

    page = ProductPage.objects.get(pk=lamp.pk)
    page.title = "Canary"
    page.save_revision()

    assert listed() == ["Lamp"]
    assert get_product_detail(slug=lamp.slug).title == "Lamp"


def test_a_change_of_price_shows_in_the_next_answer():
    lamp = product_on_sale(price="10.00")
    change = PriceChange(
        variant_id=lamp.variants.get().pk,
        price_list_code=ensure_base_price_list().code,
        amount=Decimal("8.00"),
    )

    set_prices(changes=[change], actor=None, reason="test")

    assert list_products().products[0].price_from == Money(Decimal("8.00"), "EUR")


def test_a_reduced_list_makes_the_base_price_the_one_struck_through():
    lamp = product_on_sale(price="10.00")
    PriceFactory(variant=lamp.variants.get(), price_list=PriceListFactory(kind="sale"), amount="7.00")

    product = list_products().products[0]

    assert (product.price_from.amount, product.compare_at_price.amount, product.on_sale) == (7, 10, True)


def test_the_last_unit_takes_the_product_out_of_those_in_stock():
    lamp = product_on_sale(on_hand=1)
    assert list_products(filters=ProductFilter(in_stock=True)).products

    variant = lamp.variants.get()
    move_stock(
        variant_id=variant.pk,
        warehouse=variant.stock_items.get().warehouse,
        kind="adjustment",
        quantity=-1,
        reference="test",
    )

    assert not list_products(filters=ProductFilter(in_stock=True)).products
    assert list_products().products[0].stock_status == "out_of_stock"


def test_an_archived_variant_is_no_longer_offered():
    lamp = product_on_sale(price=["10.00", "20.00"], skus=["A-1", "A-2"])

    archive_variant(variant=lamp.variants.get(sku="A-1"), actor=None)

    assert [variant.sku for variant in get_product_detail(slug=lamp.slug).variants] == ["A-2"]
    assert list_products().products[0].price_from.amount == 20


def test_the_stock_of_a_list_is_that_of_the_moment():
    lamp = product_on_sale(on_hand=7)
    variant = lamp.variants.get()

    move_stock(
        variant_id=variant.pk,
        warehouse=variant.stock_items.get().warehouse,
        kind="receipt",
        quantity=3,
        reference="test",
    )

    assert list_products(with_variants=True).products[0].variants[0].stock.available == 10


def test_each_currency_has_prices_of_its_own():
    lamp = product_on_sale(price="10.00")
    PriceFactory(variant=lamp.variants.get(), price_list=PriceListFactory(currency="JPY"), amount="1500")

    assert list_products(currency="JPY").products[0].price_from == Money(Decimal(1500), "JPY")
    assert list_products().products[0].price_from == Money(Decimal("10.00"), "EUR")


def test_rebuilding_mends_what_was_lost_and_removes_what_may_not_be_there():
    lost, hidden = product_on_sale(title="Lost"), product_on_sale(title="Hidden")
    ProductIndex.objects.filter(product=lost).delete()
    ProductPage.objects.filter(pk=hidden.pk).update(live=False)

    assert list(rebuild_index()) == [2]

    assert listed() == ["Lost"]


def test_indexing_many_costs_no_more_statements_than_indexing_two(django_assert_max_num_queries):
    for number in range(12):
        page = product_on_sale(title=f"Lamp {number}", price=["1.00", "2.00"], brand=BrandFactory())
        sellable_variant(page, "3.00")

    with django_assert_max_num_queries(30):
        list(rebuild_index())


def test_a_product_that_nobody_may_see_is_not_found():
    draft = product_on_sale(publish=False)

    with pytest.raises(ProductNotFound):
        get_product_detail(product_id=draft.pk)


def test_a_brand_that_is_deleted_is_named_no_more():
    brand = BrandFactory(name="Halden")
    product_on_sale(brand=brand)

    brand.delete()

    assert list_products().products[0].brand is None


def test_backorders_count_as_in_stock():
    page = ProductFactory()
    variant = VariantFactory(product=page)
    PriceFactory(variant=variant)
    StockItemFactory(variant=variant, on_hand=0, allows_backorder=True)

    product = list_products().products[0]

    assert (product.in_stock, product.stock_status) == (True, "backorder")


def test_beside_a_reduced_price_stands_the_lowest_of_the_thirty_days_before():
    now = clock.now()
    variant = VariantFactory(product=ProductFactory(title="Lamp", slug="lamp"))
    for amount, days_ago in [("8.00", 90), ("10.00", 60), ("9.00", 10)]:
        PriceFactory(variant=variant, amount=amount, at=now - timedelta(days=days_ago))
    PriceFactory(variant=variant, price_list=PriceListFactory(kind="sale"), amount="7.00", at=now)

    (offered,) = get_product_detail(slug="lamp").variants

    assert (offered.price.amount, offered.compare_at_price.amount) == (7, 9)
    assert offered.lowest_price_30_days.amount == 9


def test_what_sells_is_popular():
    first, second = product_on_sale(title="First"), product_on_sale(title="Second")
    order = placed_order([(first.variants.get(), 3)])

    refresh_popularity(list_ordered_products(order.pk))

    popular = list_products(sort=ProductSort.POPULARITY).products
    assert [product.id for product in popular] == [first.pk, second.pk]
