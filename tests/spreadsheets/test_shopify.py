"""Shopify's product CSV, in both of its generations, comes in with the shipped mapping."""

from __future__ import annotations

from pathlib import Path

import pytest
from wagtail.images import get_image_model

from shop.catalogue.models import ProductPage
from shop.inventory.models import StockItem
from shop.inventory.services import ensure_warehouse
from shop.pricing.models import Price
from shop.pricing.services import ensure_base_price_list
from tests.factories.catalogue import AttributeFactory, ImageFactory, TaxClassFactory, product_index
from tests.spreadsheets.files_of import imported, problems_of

pytestmark = pytest.mark.django_db

FILES = Path(__file__).parent / "files"


@pytest.fixture(autouse=True)
def shop() -> dict[str, int]:
    product_index()
    TaxClassFactory(code="standard")
    ensure_base_price_list()
    ensure_warehouse()
    AttributeFactory(slug="colour", name="Colour", values=["red"])
    AttributeFactory(slug="size", name="Size", values=[])
    return {f"id:{number}": ImageFactory().pk for number in (1, 2, 3)}


def content_of(name: str, pictures: dict[str, int]) -> bytes:
    """The file, with pictures that this shop has in the place of addresses."""
    lines = (FILES / name).read_text()
    for number, pk in enumerate(pictures.values(), start=1):
        lines = lines.replace(f",id:{number},", f",picture {number},")
        get_image_model().objects.filter(pk=pk).update(title=f"picture {number}")
    return lines.encode()


def test_the_older_columns(shop: dict[str, int]) -> None:
    report = imported(content_of("shopify_products.csv", shop))

    assert problems_of(report) == []
    assert (report.run.mapping, report.counts["created"]) == ("shopify", 2)
    lamp = ProductPage.objects.get(slug="harbour-lamp")
    assert (lamp.title, lamp.live, lamp.brand.name) == ("Harbour Lamp", True, "Tidewater Works")
    assert lamp.product_categories.get().category.name == "Lamps"
    assert sorted(lamp.tags.names()) == ["Lamp", "desk", "gifts", "new in"]
    assert "<strong>ash</strong>" in str(lamp.body)
    assert "track" not in str(lamp.body)
    assert [media.alt_text for media in lamp.media.all()] == [
        "Harbour Lamp in red",
        "Harbour Lamp from the side",
        "Detail of the dimmer",
    ]
    red, large, blue = lamp.variants.all()
    assert [variant.sku for variant in (red, large, blue)] == ["HL-RED-S", "HL-RED-L", "HL-BLUE-S"]
    assert (red.weight_grams, red.barcode, str(red.cost)) == (850, "4006381333931", "21.5000")
    assert [value.value.label for value in blue.variant_attributes.all()] == ["Blue", "Small"]
    price = Price.objects.get(variant=red)
    assert (str(price.amount), str(price.compare_at)) == ("49.9000", "59.9000")
    stock = StockItem.objects.get(variant=large)
    assert (stock.on_hand, stock.allows_backorder) == (0, True)
    assert StockItem.objects.get(variant=blue).on_hand == 0
    bowl = ProductPage.objects.get(slug="pebble-bowl")
    assert (bowl.live, bowl.variants.get().sku, bowl.variants.get().weight_grams) == (
        False,
        "PEBBLE-BOWL",
        310,
    )


def test_the_newer_columns(shop: dict[str, int]) -> None:
    report = imported(content_of("shopify_products_2024.csv", shop))

    assert problems_of(report) == []
    lamp = ProductPage.objects.get()
    assert (lamp.slug, lamp.live) == ("harbour-lamp", True)
    assert [variant.title for variant in lamp.variants.all()] == ["Red / Small", "Blue / Small"]
    assert lamp.variants.last().image_id == shop["id:2"]


def test_the_same_file_again_changes_nothing(shop: dict[str, int]) -> None:
    content = content_of("shopify_products.csv", shop)
    imported(content)

    assert imported(content).counts["unchanged"] == 2
