"""The screen "Before you publish": what a product lacks, what changes, and who notices."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from shop.cart.models import Cart
from shop.catalogue.impact import count_impact
from shop.catalogue.models import ProductPage
from shop.core import clock
from tests.factories.cart import cart_with, goods
from tests.factories.catalogue import CategoryFactory, ProductCollectionFactory, ProductFactory
from tests.factories.customers import AdministratorFactory, UserFactory

pytestmark = pytest.mark.django_db


def lamp_on_sale() -> ProductPage:
    lamp = ProductFactory(title="Oak lamp", slug="oak-lamp", summary="A dimmable oak lamp for small desks.")
    goods("49.90", product=lamp)
    return ProductPage.objects.get(pk=lamp.pk)


def screen(client: Client, product: ProductPage) -> Any:
    return client.get(reverse("catalogue_publishing", args=[product.pk]))


def test_open_carts_are_counted_and_finished_ones_are_not() -> None:
    lamp, chair = lamp_on_sale(), goods("90.00")
    variant = lamp.variants.get()
    for _ in range(2):
        cart_with([(variant, 1)])
    cart_with([(chair, 1)])
    expired = cart_with([(variant, 1)])
    Cart.objects.filter(pk=expired.pk).update(expires_at=clock.now() - timedelta(days=1))

    carts = next(impact for impact in count_impact(lamp, UserFactory()) if impact.heading == "Open carts")

    assert carts.count == 2


def test_collections_are_named_with_links_for_those_who_may_open_them() -> None:
    lamp = lamp_on_sale()
    ProductCollectionFactory(name="Gifts", products=[lamp])

    for user, is_linked in ((AdministratorFactory(), True), (UserFactory(), False)):
        found = next(item for item in count_impact(lamp, user) if item.heading == "Collections")

        assert (found.count, found.first[0].name, bool(found.first[0].url)) == (1, "Gifts", is_linked)


def test_the_number_of_queries_does_not_grow(django_assert_max_num_queries: Any) -> None:
    lamp, user = lamp_on_sale(), AdministratorFactory()
    for number in range(8):
        ProductCollectionFactory(name=f"Collection {number}", products=[lamp])
        cart_with([(lamp.variants.get(), 1)])

    with django_assert_max_num_queries(12):
        found = {impact.heading: impact for impact in count_impact(lamp, user)}

    assert (found["Collections"].count, len(found["Collections"].first), found["Collections"].more) == (
        8,
        5,
        3,
    )
    assert found["Open carts"].count == 8


def test_the_screen_shows_changes_findings_and_impact(client: Client) -> None:
    client.force_login(AdministratorFactory())
    lamp = lamp_on_sale()
    draft = lamp.get_latest_revision_as_object()
    draft.title = "Oak lamp, waxed"
    draft.save_revision()

    html = screen(client, lamp).content.decode()

    assert "Ready to publish: 95 of 100" in html
    assert "Describe it" in html
    assert f"/admin/pages/{lamp.pk}/edit/#panel-child-content-body-section" in html
    assert '<span class="addition">, waxed</span>' in html
    assert "Nobody has it in a cart at the moment." in html


def test_the_screen_of_a_product_that_is_not_live_says_so(client: Client) -> None:
    client.force_login(AdministratorFactory())
    draft = ProductFactory(publish=False)

    html = screen(client, draft).content.decode()

    assert "everything is new to shoppers" in html
    assert reverse("catalogue_variants", args=[draft.pk]) in html


def test_the_links_lead_to_panels_that_are_there(client: Client) -> None:
    client.force_login(AdministratorFactory())
    bare = ProductFactory(publish=False, pictures=0, categories=[])

    editor = client.get(reverse("wagtailadmin_pages:edit", args=[bare.pk])).content.decode()

    anchors = re.findall(r'/edit/#(panel-[a-z_-]+)"', editor)
    assert len(anchors) == 4
    assert all(f'id="{anchor}"' in editor for anchor in anchors)
    assert "Ready to publish: 30 of 100" in editor
    assert reverse("catalogue_publishing", args=[bare.pk]) in editor


def test_the_screen_is_for_editors(client: Client) -> None:
    client.force_login(UserFactory(is_staff=True))
    lamp = lamp_on_sale()

    assert screen(client, lamp).status_code == 302


def test_a_list_that_changed_shows_what_came_and_went(client: Client) -> None:
    client.force_login(AdministratorFactory())
    lamp = lamp_on_sale()
    draft = lamp.get_latest_revision_as_object()
    [row] = draft.product_categories.all()
    row.category = CategoryFactory(name="Desk lamps", slug="desk-lamps")
    draft.product_categories = [row]
    draft.save_revision()

    html = screen(client, lamp).content.decode()

    assert '<span class="addition">Desk lamps</span>' in html
