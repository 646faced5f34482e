"""The cart's page offers what merchandisers put beside the goods that are in it."""

from __future__ import annotations

import pytest
from django.test import Client

from content.cart_context import MOST, list_cross_sells
from shop.catalogue.models import ProductPage, ProductRelation, ProductVariant
from tests.factories.search import product_on_sale

pytestmark = pytest.mark.django_db
HEADING = "Goes well with it"


def put_beside(page: ProductPage, *others: ProductPage, kind: str = "cross_sell") -> None:
    page.relations = [ProductRelation(product=other, kind=kind) for other in others]
    page.save_revision().publish()


def cart_page(client: Client, page: ProductPage) -> str:
    sku = ProductVariant.objects.filter(product=page).values_list("sku", flat=True)[0]
    client.post("/cart/add/", {"sku": sku, "quantity": "1"})
    return client.get("/cart/").content.decode()


def test_what_goes_with_the_goods_is_offered_once_and_not_what_is_there_already(client: Client) -> None:
    lamp, bulb, shade = (product_on_sale(title=title) for title in ("Lamp", "Bulb", "Shade"))
    put_beside(lamp, bulb, shade)
    put_beside(shade, bulb, lamp)

    alone = cart_page(client, lamp)
    both = cart_page(client, shade)

    assert HEADING in alone
    assert alone.index(f'href="{bulb.url}"') < alone.index(f'href="{shade.url}"')
    assert both.count(f'href="{bulb.url}"') == 1
    offered = both[both.index(HEADING) :]
    assert f'href="{lamp.url}"' not in offered
    assert f'href="{shade.url}"' not in offered


def test_other_relations_and_sold_out_goods_are_not_offered(client: Client) -> None:
    lamp, other = product_on_sale(title="Lamp"), product_on_sale(title="Other")
    gone = product_on_sale(title="Gone", on_hand=0)
    put_beside(lamp, other, kind="related")
    assert HEADING not in cart_page(client, lamp)

    put_beside(lamp, gone)

    assert HEADING not in cart_page(client, lamp)


def test_it_costs_two_statements_however_much_there_is(
    client: Client, django_assert_max_num_queries: object
) -> None:

    lamp = product_on_sale(title="Lamp")
    put_beside(lamp, *(product_on_sale() for _ in range(MOST + 2)))
    list_cross_sells(product_ids=[lamp.pk], currency="EUR")

    with django_assert_max_num_queries(2):  # type: ignore[operator]
        offered = list_cross_sells(product_ids=[lamp.pk], currency="EUR")

    assert len(offered) == MOST
