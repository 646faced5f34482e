"""Products come in from a file as if they had been written one by one, and stand or fall whole."""

from __future__ import annotations

from decimal import Decimal

import pytest
from wagtail.models import Page, ReferenceIndex

from search.models import ProductIndex
from shop.catalogue.models import Category, ProductPage
from shop.core.models import OutboxEvent
from shop.inventory.models import StockItem, StockMovement
from shop.inventory.services import ensure_warehouse
from shop.pricing.models import Price, PriceHistory
from shop.pricing.services import ensure_base_price_list
from tests.factories.catalogue import (
    AttributeFactory,
    ImageFactory,
    TaxClassFactory,
    product_index,
)
from tests.spreadsheets.files_of import csv_of, exported, imported, rows_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def shop() -> None:
    product_index()
    TaxClassFactory(code="standard")
    ensure_base_price_list()
    ensure_warehouse()
    AttributeFactory(slug="colour", values=["red", "blue"])
    AttributeFactory(slug="material", values=["oak", "ash"], makes_variants=False)


def lamp(**cells: str) -> dict[str, str]:
    picture = ImageFactory()
    return {
        "handle": "oak-lamp",
        "external_id": "4711",
        "title": "Oak lamp",
        "summary": "A dimmable lamp of oak, made to last.",
        "body": "<p>Warm <b>light</b>.</p><script>alert(1)</script>",
        "brand": "Halden",
        "categories": "Lighting > Desk lamps",
        "tags": "summer, gifts",
        "attr.material": "oak",
        "image.1.src": f"id:{picture.pk}",
        "image.1.alt": "A lamp on a desk",
        "status": "live",
        "sku": "LAMP-RED",
        "option.colour": "red",
        "barcode": "4006381333931",
        "weight_grams": "1200",
        "price.base": "49.90",
        "compare_at.base": "59.90",
        "tiers.base": "10+ 45.00",
        "stock.main": "12",
        "stock.main.low_from": "3",
    } | cells


def second(**cells: str) -> dict[str, str]:
    return {"handle": "oak-lamp", "sku": "LAMP-BLUE", "option.colour": "blue", "price.base": "51"} | cells


def test_a_new_product_is_whole() -> None:
    report = imported(csv_of(lamp(), second()))

    assert report.counts == {"created": 1, "changed": 0, "unchanged": 0, "refused": 0, "warnings": 0}
    page = ProductPage.objects.get()
    assert (page.slug, page.external_id, page.live, page.title) == ("oak-lamp", "4711", True, "Oak lamp")
    assert page.live_revision_id == page.latest_revision_id is not None
    assert page.brand.name == "Halden"
    assert [str(row.category) for row in page.product_categories.all()] == ["Desk lamps"]
    assert Category.objects.get(name="Desk lamps").parent.name == "Lighting"
    assert sorted(page.tags.names()) == ["gifts", "summer"]
    assert "<b>light</b>" in str(page.body)
    assert "alert" not in str(page.body)
    red, blue = page.variants.all()
    assert (red.sku, red.title, red.barcode, red.weight_grams) == ("LAMP-RED", "Red", "4006381333931", 1200)
    assert (blue.title, blue.tax_class.code) == ("Blue", "standard")
    prices = Price.objects.filter(variant=red).values_list("min_quantity", "amount", "compare_at")
    assert list(prices) == [(1, Decimal("49.90"), Decimal("59.90")), (10, Decimal("45"), None)]
    assert PriceHistory.objects.filter(variant_id=red.pk, reason__startswith="import:").count() == 2
    stock = StockItem.objects.get(variant=red)
    assert (stock.on_hand, stock.low_stock_threshold) == (12, 3)
    movement = StockMovement.objects.get()
    assert (movement.kind, movement.reference.partition(":")[0]) == ("correction", "import")
    assert not any(list(found) for found in Page.find_problems())
    assert ReferenceIndex.get_references_for_object(page).exists()
    assert ProductIndex.objects.filter(product=page).exists()
    assert ProductPage.objects.search("oak").count() == 1


def test_the_same_file_again_writes_nothing() -> None:
    content = csv_of(lamp(), second())
    imported(content)
    revisions, events = (
        ProductPage.objects.get().revisions.count(),
        OutboxEvent.objects.filter(topic="products.changed").count(),
    )

    report = imported(content)

    assert report.counts["unchanged"] == 1
    assert ProductPage.objects.get().revisions.count() == revisions
    assert OutboxEvent.objects.filter(topic="products.changed").count() == events
    assert StockMovement.objects.count() == 1
    assert PriceHistory.objects.count() == 3


def test_an_export_says_what_was_imported() -> None:
    imported(csv_of(lamp(), second()))

    first, other = rows_of(exported())

    assert first["handle"] == other["handle"] == "oak-lamp"
    assert first["categories"] == "Lighting > Desk lamps"
    assert first["tags"] == "gifts, summer".replace(", ", " , ")
    assert (first["price.base"], first["tiers.base"]) == ("49.90", "10+ 45.00")
    assert (first["option.colour"], other["option.colour"], other["title"]) == ("red", "blue", "")
    assert (first["stock.main"], other["stock.main"]) == ("12", "")
