"""What is wrong is found whole, with its row, and nothing of a refused product is applied."""

from __future__ import annotations

import pytest

from shop.catalogue.models import Brand, Category, ProductPage, ProductVariant
from shop.core.models import OutboxEvent
from shop.inventory.models import StockItem
from shop.pricing.models import Price
from shop.spreadsheets.errors import ImportNotReady
from shop.spreadsheets.services import plan_import, start_import
from tests.factories.catalogue import ProductFactory, VariantFactory, product_index
from tests.spreadsheets.files_of import csv_of, imported, problems_of, staged, tried
from tests.spreadsheets.test_import import lamp, second, shop

__all__ = ["shop"]

pytestmark = pytest.mark.django_db


def test_every_error_of_a_product_is_told_and_none_of_its_rows_is_applied() -> None:
    report = imported(
        csv_of(
            lamp(**{"price.base": "12,5,0", "weight_grams": "heavy", "image.1.src": "nowhere.jpg"}),
            second(**{"barcode": "123", "tax_class": "luxury", "option.colour": "red"}),
            {"handle": "chair", "title": "Chair", "sku": "CHAIR"},
        )
    )

    assert sorted(problems_of(report)) == [
        (2, "image.1.src", "unknown_picture"),
        (2, "price.base", "invalid"),
        (2, "weight_grams", "invalid"),
        (3, "barcode", "invalid"),
        (3, "option.colour", "duplicate"),
        (3, "tax_class", "unknown_tax_class"),
    ]
    assert [page.slug for page in ProductPage.objects.all()] == ["chair"]
    assert not Brand.objects.exists()
    assert not Category.objects.filter(name="Lighting").exists()
    assert not Price.objects.exists()


def test_a_dry_run_says_what_the_import_does_and_changes_nothing() -> None:
    content = csv_of(lamp(), second(), {"handle": "bad", "sku": "!"})
    events = OutboxEvent.objects.count()

    trial = tried(content)

    assert not ProductPage.objects.exists()
    assert not Brand.objects.exists()
    assert OutboxEvent.objects.count() == events
    assert imported(content).counts == trial.counts


def test_a_change_is_told_with_what_was_and_what_will_be() -> None:
    imported(csv_of(lamp(), second()))

    report = tried(csv_of({"sku": "lamp-red", "price.base": "39.90", "weight_grams": ""}))

    assert report.run.items.get().report["changes"] == [
        {"row": 2, "column": "price.base", "old": "49.90", "new": "39.90"},
        {"row": 2, "column": "weight_grams", "old": "1200", "new": ""},
    ]


def test_blank_cells_leave_values_alone_when_asked_to() -> None:
    imported(csv_of(lamp(), second()))

    report = imported(csv_of({"sku": "LAMP-RED", "price.base": "", "weight_grams": ""}), blanks="keep")

    assert report.counts["unchanged"] == 1


def test_a_sku_of_another_product_is_refused() -> None:
    VariantFactory(sku="TAKEN", product=ProductFactory(title="Chair"))

    report = imported(csv_of(lamp(sku="taken"), second()))

    assert (2, "sku", "sku_taken") in problems_of(report)
    assert "belongs to “Chair”" in report.run.items.get().report["errors"][0]["message"]
    assert ProductPage.objects.count() == 1


def test_products_are_found_by_external_id_then_handle_then_sku() -> None:
    imported(csv_of(lamp(), second()))

    imported(csv_of({"external_id": "4711", "handle": "new-handle", "title": "Renamed"}))
    imported(csv_of({"sku": "LAMP-BLUE", "summary": "Found by its SKU, and that is that."}))

    page = ProductPage.objects.get()
    assert (page.slug, page.slug_key, page.url_path) == (
        "new-handle",
        "new-handle",
        "/home/products/new-handle/",
    )
    assert (page.title, page.summary) == ("Renamed", "Found by its SKU, and that is that.")
    assert ProductVariant.objects.count() == 2


def test_an_unknown_brand_is_made_or_refused_as_chosen() -> None:
    content = csv_of(lamp())

    assert problems_of(tried(content, create_brands=False)) == [(2, "brand", "unknown_brand")]
    assert problems_of(tried(content, create_categories=False)) == [(2, "categories", "unknown_category")]
    assert problems_of(tried(content)) == []


def test_what_cannot_go_live_becomes_a_draft_with_a_warning_or_is_refused() -> None:
    content = csv_of(lamp(**{"image.1.src": "", "image.1.alt": ""}))

    assert problems_of(tried(content, unready="refuse")) == [(2, "status", "not_ready")]
    report = imported(content)
    again = imported(content)

    assert report.counts["warnings"] == 1
    assert not ProductPage.objects.get().live
    assert again.counts["unchanged"] == 1


def test_less_stock_than_is_promised_is_refused() -> None:
    imported(csv_of(lamp(), second()))
    StockItem.objects.update(reserved=5)

    report = imported(csv_of({"sku": "LAMP-RED", "stock.main": "4"}))

    assert problems_of(report) == [(2, "stock.main", "stock_below_reserved")]


def test_goods_that_come_later_in_the_file_are_linked_at_the_end() -> None:
    report = imported(
        csv_of(
            {"handle": "set", "title": "Set", "related": "lamp", "sku": "SET", "parts": "LAMP x 2"},
            {"handle": "lamp", "title": "Lamp", "sku": "LAMP"},
            {"handle": "odd", "title": "Odd", "related": "nothing", "sku": "ODD"},
        )
    )

    assert problems_of(report) == [(4, "related", "unknown_product")]
    page = ProductPage.objects.get(slug="set")
    assert [str(row.product) for row in page.relations.all()] == ["Lamp"]
    part = ProductVariant.objects.get(sku="SET").components.get()
    assert (part.component.sku, part.quantity) == ("LAMP", 2)


def test_an_import_is_started_once() -> None:
    run = staged(csv_of(lamp()))
    start_import(run=run, actor=None)

    with pytest.raises(ImportNotReady):
        start_import(run=run, actor=None)
    run.refresh_from_db()
    with pytest.raises(ImportNotReady):
        plan_import(run=run)


def test_a_draft_beside_what_is_live_keeps_its_other_edits() -> None:
    imported(csv_of(lamp(), second()))
    page = ProductPage.objects.get()
    page.summary = "Somebody is writing this, and it is not done yet."
    page.save_revision()

    imported(csv_of({"handle": "oak-lamp", "title": "Oak lamp, new", "tags": "sale"}))

    page.refresh_from_db()
    assert (page.title, page.has_unpublished_changes) == ("Oak lamp, new", True)
    draft = page.get_latest_revision_as_object()
    assert (draft.title, draft.summary) == (
        "Oak lamp, new",
        "Somebody is writing this, and it is not done yet.",
    )
    page.get_latest_revision().publish()
    page = ProductPage.objects.get()
    assert (page.title, list(page.tags.names())) == ("Oak lamp, new", ["sale"])
    assert page.media.count() == page.product_categories.count() == 1


def test_an_external_id_survives_an_old_revision() -> None:
    imported(csv_of(lamp()))
    page = ProductPage.objects.get()
    first = page.get_latest_revision()
    imported(csv_of({"handle": "oak-lamp", "external_id": "4712"}))

    first.publish()

    assert ProductPage.objects.get().external_id == "4712"


def test_the_folder_is_named_when_there_is_none() -> None:
    product_index().delete()

    assert problems_of(tried(csv_of(lamp()))) == [(2, "", "forbidden")]
