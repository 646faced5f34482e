"""Variants that are on sale for a time only: what lists, pages and the clock make of it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from search.choice import choose_variant
from search.models import ProductIndex
from search.selectors import get_product_detail
from shop.catalogue.models import ProductPage, ProductVariant
from shop.catalogue.services import update_variant
from shop.catalogue.services.pictures import VariantPicture, set_variant_pictures
from shop.catalogue.services.windows import apply_due_windows
from shop.core import clock
from shop.core.models import OutboxEvent
from shop.pricing.services import ensure_base_price_list
from tests.factories.catalogue import AttributeFactory, ImageFactory, ProductFactory
from tests.factories.search import sellable_variant

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def lamp() -> ProductPage:
    ensure_base_price_list()
    AttributeFactory(slug="colour", values=["red", "blue"])
    return ProductFactory(title="Lamp")


@pytest.fixture
def red(lamp: ProductPage) -> ProductVariant:
    return sellable_variant(lamp, "30.00", sku="RED", attributes={"colour": "red"})


@pytest.fixture
def blue(lamp: ProductPage, red: ProductVariant) -> ProductVariant:
    """Cheaper, and on sale in an hour for one hour."""
    now = clock.now()
    return sellable_variant(
        lamp,
        "20.00",
        sku="BLUE",
        attributes={"colour": "blue"},
        available_from=now + HOUR,
        available_until=now + 2 * HOUR,
    )


def entry(product: ProductPage) -> ProductIndex:
    return ProductIndex.objects.get(product=product)


def test_a_variant_before_its_sale_counts_in_no_list(lamp: ProductPage, blue: ProductVariant) -> None:
    found = entry(lamp)

    assert found.price_from == found.price_to == Decimal("30.00")
    assert [row.value.slug for row in found.facets.select_related("value")] == ["red"]


def test_the_clock_brings_it_into_the_lists_and_out_again(lamp: ProductPage, blue: ProductVariant) -> None:
    with clock.at(clock.now() + HOUR * 1.5):
        assert apply_due_windows() == 1
        assert entry(lamp).price_from == Decimal("20.00")
    with clock.at(clock.now() + HOUR * 3):
        assert apply_due_windows() == 1
        assert entry(lamp).price_from == Decimal("30.00")


def test_each_turn_is_announced_once(blue: ProductVariant) -> None:
    OutboxEvent.objects.all().delete()

    with clock.at(clock.now() + HOUR * 1.5):
        assert [apply_due_windows(), apply_due_windows()] == [1, 0]

    assert OutboxEvent.objects.filter(topic="variant.changed").count() == 1


def test_what_is_saved_inside_of_its_window_needs_no_announcement(blue: ProductVariant) -> None:
    update_variant(variant=blue, available_from=clock.now() - HOUR)

    assert apply_due_windows() == 0


def test_a_product_that_is_not_on_sale_yet_is_listed_as_out_of_stock(lamp: ProductPage) -> None:
    sellable_variant(lamp, "20.00", sku="SOON", available_from=clock.now() + HOUR)

    found = entry(lamp)

    assert (found.price_from, found.in_stock, found.stock_status) == (Decimal("20.00"), False, "out_of_stock")


def test_the_page_shows_it_as_unavailable_with_the_reason(
    client: Client, lamp: ProductPage, blue: ProductVariant
) -> None:
    detail = get_product_detail(product_id=lamp.pk)
    choice = choose_variant(detail, "")
    values = {value.slug: value for axis in choice.axes for value in axis.values}

    assert choice.variant is not None
    assert choice.variant.sku == "RED"
    assert (values["blue"].is_buyable, values["blue"].reason) == (False, "Not on sale yet")
    page = client.get(f"{lamp.get_url()}?variant=BLUE").content.decode()
    assert "On sale from " in page
    assert "Not on sale yet</button>" in page


def test_the_moment_decides_even_before_the_clock_has_swept(lamp: ProductPage, blue: ProductVariant) -> None:
    with clock.at(clock.now() + HOUR * 1.5):
        found = {variant.sku: variant for variant in get_product_detail(product_id=lamp.pk).variants}

    assert found["BLUE"].availability == "available"
    assert found["BLUE"].stock.is_buyable


def test_the_api_names_window_limit_sizes_and_pictures(client: Client, lamp: ProductPage) -> None:
    picture = ImageFactory()
    variant = sellable_variant(lamp, sku="BIG", length_mm=380, max_per_order=2)
    set_variant_pictures(
        variant=variant, image_id=None, further=[VariantPicture(image_id=picture.pk, alt_text="From above")]
    )

    answer: dict[str, Any] = client.get(f"/api/v1/products/{lamp.slug}/").json()["variants"][0]

    assert (answer["length_mm"], answer["width_mm"], answer["max_per_order"]) == (380, None, 2)
    assert (answer["availability"], answer["available_from"]) == ("available", None)
    assert [image["alt"] for image in answer["images"]] == ["From above"]


def test_graphql_names_them_too(client: Client, lamp: ProductPage, blue: ProductVariant) -> None:
    query = (
        '{ product(slug: "lamp") { variants { sku availability availableFrom maxPerOrder images { alt } } } }'
    )

    answer = client.post("/graphql/", {"query": query}, content_type="application/json").json()

    found = {variant["sku"]: variant for variant in answer["data"]["product"]["variants"]}
    assert found["BLUE"]["availability"] == "not_available_yet"
    assert found["BLUE"]["availableFrom"].startswith(f"{blue.available_from:%Y-%m-%d}")
    assert found["RED"]["availableFrom"] is None
