"""How goods sell: the panel of the home page."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from content.roles import sync_folder_role, sync_roles
from shop.catalogue.models import ProductIndexPage, ProductPage
from shop.core import clock
from shop.core.money import Money
from shop.orders.models import Order
from shop.orders.sales import get_sales
from tests.factories.catalogue import product_index
from tests.factories.customers import StaffFactory
from tests.orders.placed import place_order

pytestmark = pytest.mark.django_db


def sales(**kwargs: Any) -> Any:
    return get_sales(**{"currency": "EUR", "until": clock.now(), "days": 30, **kwargs})


def home(client: Client) -> str:
    return client.get(reverse("wagtailadmin_home")).content.decode()


def test_every_day_is_there_and_what_is_older_or_cancelled_is_not() -> None:
    place_order(quantities=(2, 1))
    place_order(quantities=(4,), at=clock.now() - timedelta(days=3))
    place_order(quantities=(1,), at=clock.now() - timedelta(days=45))
    cancelled = place_order(quantities=(9,))
    Order.objects.filter(pk=cancelled.pk).update(status=Order.Status.CANCELLED)

    found = sales()

    assert len(found.days) == 30
    assert [day.pieces for day in found.days if day.pieces] == [4, 3]
    assert (found.pieces, found.revenue) == (7, Money(Decimal("279.30"), "EUR"))
    assert [product.pieces for product in found.top] == [4, 2, 1]


def test_only_the_goods_asked_for_are_counted(django_assert_num_queries: Any) -> None:
    order = place_order(quantities=(2, 1))
    first = order.lines.select_related("variant").first()
    chosen = ProductPage.objects.filter(pk=first.variant.product_id)

    with django_assert_num_queries(2):
        found = sales(products=chosen)

    assert found.pieces == first.quantity


def test_other_currencies_are_another_story() -> None:
    place_order(quantities=(2,))

    assert sales(currency="NOK").pieces == 0


def test_merchandisers_of_a_folder_see_what_their_own_goods_sold(client: Client) -> None:
    order = place_order(quantities=(3,))
    empty = product_index().add_child(instance=ProductIndexPage(title="Chairs", slug="chairs"))
    sync_roles()
    sync_folder_role(empty)
    product_title = order.lines.get().variant.product.title

    client.force_login(StaffFactory(role="Merchandiser"))
    everywhere = home(client)
    client.force_login(StaffFactory(role="Merchandiser: Chairs"))
    chairs = home(client)

    assert "3 sold for" in everywhere
    assert product_title in everywhere
    assert "Nothing has been sold in the last 30 days" in chairs


def test_analysts_see_all_sales_and_cannot_open_the_products(client: Client) -> None:
    place_order(quantities=(3,))
    sync_roles()
    client.force_login(StaffFactory(role="Analyst"))

    html = home(client)

    assert "How goods sell" in html
    assert '<svg class="w-w-full' in html
    assert "/edit/" not in html[html.index("How goods sell") :]


def test_staff_without_a_part_in_it_see_no_sales(client: Client) -> None:
    sync_roles()
    person = StaffFactory()
    client.force_login(person)

    assert "goods sell" not in home(client)
