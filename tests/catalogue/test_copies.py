"""Copies of products get goods of their own; aliases sell those of their original."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from search.models import ProductIndex
from shop.catalogue.models import ProductPage, ProductVariant
from shop.inventory.models import StockItem
from shop.pricing.models import Price
from tests.factories.catalogue import AttributeFactory, ProductFactory
from tests.factories.customers import AdministratorFactory
from tests.factories.search import sellable_variant

pytestmark = pytest.mark.django_db


@pytest.fixture
def lamp() -> ProductPage:
    AttributeFactory(slug="size", values=["s", "m"])
    page = ProductFactory(title="Lamp")
    sellable_variant(page, "19.90", sku="L-S", barcode="4006381333931", attributes={"size": "s"}, width_mm=40)
    sellable_variant(page, "29.90", sku="L-M", attributes={"size": "m"}, external_id="erp-1")
    return page


def copy(client: Client, page: ProductPage, **fields: Any) -> ProductPage:
    client.force_login(AdministratorFactory())
    answer = client.post(
        reverse("wagtailadmin_pages:copy", args=[page.pk]),
        {"new_title": "Lamp two", "new_slug": "lamp-two", "new_parent_page": page.get_parent().pk, **fields},
    )
    assert answer.status_code == 302
    found: ProductPage = ProductPage.objects.get(slug="lamp-two")
    return found


def test_a_copy_has_the_same_variants_under_new_skus_with_prices_and_no_stock(
    client: Client, lamp: ProductPage
) -> None:
    twin = copy(client, lamp, copy_variants="on")

    made = list(ProductVariant.objects.filter(product=twin))
    assert [(variant.sku, variant.title) for variant in made] == [("LAMP-TWO-S", "S"), ("LAMP-TWO-M", "M")]
    assert {(variant.barcode, variant.external_id) for variant in made} == {("", None)}
    assert made[0].width_mm == 40
    prices = Price.objects.filter(variant__in=made).order_by("amount")
    assert [price.amount for price in prices] == [Decimal("19.90"), Decimal("29.90")]
    assert not StockItem.objects.filter(variant__in=made).exists()


def test_a_copy_may_do_without(client: Client, lamp: ProductPage) -> None:
    assert not copy(client, lamp).variants.exists()


def test_an_alias_sells_the_variants_of_its_original(client: Client, lamp: ProductPage) -> None:
    alias = copy(client, lamp, alias="on", copy_variants="on")

    assert alias.variants_source == lamp
    assert not alias.variants.exists()
    page = client.get(alias.get_url()).content.decode()
    assert "L-S" in page
    assert f'rel="canonical" href="http://localhost{lamp.get_url()}"' in page or lamp.get_url() in page
    assert list(ProductIndex.objects.values_list("product_id", flat=True)) == [lamp.pk]


@pytest.mark.parametrize("screen", ["catalogue_variants", "catalogue_variant_matrix"])
def test_the_screens_of_an_alias_lead_to_its_original(client: Client, lamp: ProductPage, screen: str) -> None:
    alias = copy(client, lamp, alias="on")

    answer = client.get(reverse(screen, args=[alias.pk]), follow=True)

    assert answer.redirect_chain[0][0] == reverse(screen, args=[lamp.pk])
    assert "is an alias and has no variants of its own" in answer.content.decode()


def test_an_alias_goes_with_its_original(client: Client, lamp: ProductPage) -> None:
    alias = copy(client, lamp, alias="on")

    lamp.unpublish()

    alias.refresh_from_db()
    assert not alias.live


def test_a_translation_sells_the_variants_of_its_sibling(lamp: ProductPage, settings: Any) -> None:
    settings.WAGTAIL_I18N_ENABLED = True
    other = ProductFactory(title="Lampe")
    ProductPage.objects.filter(pk=other.pk).update(translation_key=lamp.translation_key, locale=_german())
    other.refresh_from_db()

    assert other.variants_source == lamp
    assert lamp.variants_source == lamp


def _german() -> Any:
    from wagtail.models import Locale

    return Locale.objects.get_or_create(language_code="de")[0]
