import pytest
from rest_framework.test import APIClient

from search.models import ProductIndex
from search.selectors import get_product_detail
from shop.catalogue.models import ProductRelation
from shop.inventory.services import Demand, reserve_stock
from tests.factories.cart import bundle_of, goods, typed_product
from tests.factories.catalogue import CategoryFactory, ProductFactory
from tests.factories.pricing import PriceFactory

pytestmark = pytest.mark.django_db


def entry_of(variant):
    return ProductIndex.objects.get(product=variant.product_id)


def test_a_bundle_in_a_list_follows_the_prices_of_its_parts():
    lamp = goods("40.00")
    whole = bundle_of([(lamp, 2)], price=None)
    assert entry_of(whole).price_from == 80

    PriceFactory(variant=lamp, amount="30.00")

    assert entry_of(whole).price_from == 60


def test_a_bundle_in_a_list_is_sold_out_when_a_part_falls_short():
    lamp = goods("40.00", stock=3)
    whole = bundle_of([(lamp, 2)])
    assert entry_of(whole).in_stock

    reserve_stock(owner="order:1", demands=[Demand(lamp.pk, 2)], expires_at=None)

    assert not entry_of(whole).in_stock
    assert entry_of(lamp).in_stock


def test_the_product_names_the_parts_and_whether_it_travels():
    lamp = goods("40.00", product=ProductFactory(title="Oak lamp"), sku="LAMP")
    bundle_of([(lamp, 2)], product=ProductFactory(title="Two lamps", slug="two-lamps"))
    goods("9.00", stock=0, product=typed_product("gift_card", slug="card"))

    shown = APIClient().get("/api/v1/products/two-lamps/").json()

    assert shown["variants"][0]["components"] == [{"sku": "LAMP", "title": "Oak lamp", "quantity": 2}]
    assert shown["requires_shipping"] is True
    assert APIClient().get("/api/v1/products/card/").json()["requires_shipping"] is False


def test_a_renamed_part_is_renamed_in_its_bundle():
    lamp = goods("40.00", product=ProductFactory(title="Oak lamp"))
    whole = bundle_of([(lamp, 2)])

    lamp.product.title = "Ash lamp"
    lamp.product.save_revision().publish()

    assert get_product_detail(product_id=whole.product_id).variants[0].components[0].title == "Ash lamp"


def relate(product, *others, kind="related"):
    for place, other in enumerate(others):
        product.relations.add(ProductRelation(product=other, kind=kind, sort_order=place))
    product.save_revision().publish()


def test_what_was_chosen_by_hand_comes_first_and_nothing_twice():
    category = CategoryFactory()
    lamp, bulb, shade = (goods(product=ProductFactory(categories=[category])).product for _ in range(3))
    far = goods().product
    hidden = ProductFactory()
    relate(lamp, far, bulb, hidden)

    detail = get_product_detail(product_id=lamp.pk)

    assert [other.id for other in detail.related] == [far.pk, bulb.pk, shade.pk]
    assert detail.cross_sells == ()


def test_what_goes_with_it_is_told_apart():
    lamp, bulb, better = goods().product, goods().product, goods().product
    relate(lamp, bulb, kind="cross_sell")
    relate(lamp, better, kind="up_sell")

    shown = APIClient().get(f"/api/v1/products/{lamp.slug}/").json()

    assert [other["slug"] for other in shown["cross_sells"]] == [bulb.slug]
    assert [other["slug"] for other in shown["up_sells"]] == [better.slug]
