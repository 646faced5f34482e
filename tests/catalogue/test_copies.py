"""Copies of products get goods of their own; aliases sell those of their original."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from content.models import LandingPage
from search.models import ProductIndex
from shop.catalogue.models import ProductIndexPage, ProductPage, ProductVariant
from shop.catalogue.services import InvalidVariants, SlugTaken, create_variant, save_variants
from shop.catalogue.services.copy import _copiers, copy_product, register_variant_copier
from shop.core.errors import ErrorItem
from shop.core.jobs import run_due_jobs
from shop.core.models import BackgroundJob
from shop.inventory.models import StockItem
from shop.pricing.models import Price
from tests.factories.catalogue import AttributeFactory, ProductFactory, product_index, site_home
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


def test_a_copy_that_cannot_have_variants_is_not_made_at_all(client: Client, lamp: ProductPage) -> None:
    register_variant_copier(_refuse)
    client.force_login(AdministratorFactory())

    try:
        answer = client.post(
            reverse("wagtailadmin_pages:copy", args=[lamp.pk]),
            {
                "new_title": "Lamp two",
                "new_slug": "lamp-two",
                "new_parent_page": lamp.get_parent().pk,
                "copy_variants": "on",
            },
            follow=True,
        )
    finally:
        _copiers.remove(_refuse)

    assert "Nothing has been copied. Somebody took L-S-2." in answer.content.decode()
    assert ProductPage.objects.count() == 1


def _refuse(pairs: Any, actor: Any, at: Any) -> None:
    raise InvalidVariants(errors=[ErrorItem("taken", "Somebody took L-S-2.")])


def test_the_service_copies_page_and_variants_as_a_draft(lamp: ProductPage) -> None:
    twin = copy_product(product=lamp, parent=lamp.get_parent(), title="Twin", slug="twin")

    assert (twin.title, twin.live, twin.variants.count()) == ("Twin", False, 2)
    assert twin.get_latest_revision_as_object().title == "Twin"
    with pytest.raises(SlugTaken):
        copy_product(product=lamp, parent=lamp.get_parent(), title="Lamp", slug="lamp")


def copy_folder(client: Client, folder: ProductIndexPage) -> ProductIndexPage:
    client.force_login(AdministratorFactory())
    answer = client.post(
        reverse("wagtailadmin_pages:copy", args=[folder.pk]),
        {
            "new_title": "Other lamps",
            "new_slug": "other-lamps",
            "new_parent_page": folder.get_parent().pk,
            "copy_subpages": "on",
        },
    )
    assert answer.status_code == 302
    found: ProductIndexPage = ProductIndexPage.objects.get(slug="other-lamps")
    return found


def filed_lamps() -> ProductIndexPage:
    AttributeFactory(slug="size", values=["s", "m"])
    folder: ProductIndexPage = product_index().add_child(
        instance=ProductIndexPage(title="Lamps", slug="lamps")
    )
    inner = folder.add_child(instance=ProductIndexPage(title="Desk lamps", slug="desk-lamps"))
    sellable_variant(ProductFactory(title="Oak", parent=folder), "19.90", sku="OLD-OAK")
    desk = ProductFactory(title="Desk", parent=inner)
    sellable_variant(desk, "29.90", sku="OLD-DESK-S", attributes={"size": "s"})
    sellable_variant(desk, "39.90", sku="OLD-DESK-M", attributes={"size": "m"})
    return folder


def test_a_copied_folder_has_products_with_variants_of_their_own(client: Client) -> None:
    twin = copy_folder(client, filed_lamps())

    made = ProductVariant.objects.filter(product__in=ProductPage.objects.descendant_of(twin))
    assert sorted(made.values_list("product__title", "sku", "prices__amount")) == [
        ("Desk", "DESK-2-M", Decimal("39.90")),
        ("Desk", "DESK-2-S", Decimal("29.90")),
        ("Oak", "OAK-2", Decimal("19.90")),
    ]
    assert not ProductPage.objects.descendant_of(twin).live().exists()


def test_many_products_of_a_copied_folder_get_their_variants_in_the_background(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shop.catalogue.copying.INLINE", 1)

    twin = copy_folder(client, filed_lamps())
    before = ProductVariant.objects.filter(product__in=ProductPage.objects.descendant_of(twin)).count()
    run_due_jobs(seconds=10)

    made = ProductVariant.objects.filter(product__in=ProductPage.objects.descendant_of(twin))
    assert (before, made.count()) == (0, 3)
    assert BackgroundJob.objects.get().status == BackgroundJob.Status.DONE


def test_a_copy_may_do_without(client: Client, lamp: ProductPage) -> None:
    assert not copy(client, lamp).variants.exists()


def test_an_alias_sells_the_variants_of_its_original(client: Client, lamp: ProductPage) -> None:
    alias = copy(client, lamp, alias="on", copy_variants="on")

    assert alias.variants_source == lamp
    assert not alias.variants.exists()
    page = client.get(alias.get_url()).content.decode()
    assert "L-S" in page
    assert list(ProductIndex.objects.values_list("product_id", flat=True)) == [lamp.pk]


@pytest.mark.parametrize("has_goods", [True, False])
def test_search_engines_are_led_from_an_alias_to_its_original(
    client: Client, lamp: ProductPage, has_goods: bool
) -> None:
    if not has_goods:
        save_variants(product=lamp, archive=list(lamp.variants.values_list("pk", flat=True)))
    alias = copy(client, lamp, alias="on")

    page = client.get(alias.get_url()).content.decode()
    sitemap = client.get("/sitemap.xml").content.decode()

    [canonical] = re.findall(r'<link rel="canonical" href="https?://[^/]+([^"]*)"', page)
    assert canonical == lamp.get_url() != alias.get_url()
    assert alias.get_url() not in sitemap
    assert (lamp.get_url() in sitemap) is has_goods


def test_an_editorial_alias_leads_to_its_original_too(client: Client) -> None:
    page = site_home().add_child(instance=LandingPage(title="About", slug="about"))
    alias = page.create_alias(update_slug="about-again")

    shown = client.get(alias.get_url()).content.decode()
    sitemap = client.get("/sitemap.xml").content.decode()

    [canonical] = re.findall(r'<link rel="canonical" href="https?://[^/]+([^"]*)"', shown)
    assert canonical == page.get_url()
    assert "/about/" in sitemap
    assert "/about-again/" not in sitemap


def test_nobody_gives_an_alias_variants_of_its_own(client: Client, lamp: ProductPage) -> None:
    alias = copy(client, lamp, alias="on")

    with pytest.raises(InvalidVariants) as refused:
        create_variant(product=alias, sku="EXTRA")

    assert [error.detail for error in refused.value.errors] == [
        "“Lamp” is an alias and has no variants of its own: it sells those of “Lamp”. Change them there."
    ]
    assert not ProductVariant.objects.filter(sku="EXTRA").exists()


def test_the_list_shows_what_an_alias_sells(client: Client, lamp: ProductPage) -> None:
    copy(client, lamp, alias="on")

    shown = client.get("/admin/catalogue/products/").context["object_list"]

    assert [page.listing_cells["skus"] for page in shown] == ["L-S, L-M", "L-S, L-M"]


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
