"""Files whose columns have other names: asked for once, remembered by name."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from shop.catalogue.models import Category, ProductPage, ProductVariant
from shop.core.jobs import run_due_jobs
from shop.inventory.models import StockItem
from shop.pricing.models import Price
from shop.spreadsheets.models import ColumnMapping, ImportRun, ImportUpload
from shop.spreadsheets.private_files import forget_file
from tests.spreadsheets.files_of import csv_of
from tests.spreadsheets.screens import LIST, apply, logged_in, page, report_url, send, staff, tried
from tests.spreadsheets.test_import import shop

__all__ = ["shop"]

pytestmark = pytest.mark.django_db

HALDEN = csv_of(
    {
        "Artikelnummer": "H-1",
        "Bezeichnung": "Bowl",
        "Preis": "12.50",
        "Bestand": "4",
        "EAN": "",
        "Colli": "6",
    },
    {"Artikelnummer": "H-2", "Bezeichnung": "Mug", "Preis": "9.00", "Bestand": "0", "EAN": "", "Colli": "6"},
)
CHOSEN = {
    "column-0": "sku",
    "column-1": "title",
    "column-2": "price.base",
    "column-3": "stock.main",
    "column-4": "barcode",
    "column-5": "",
}


@pytest.fixture
def hers() -> Any:
    return logged_in(staff("Approver"))


def columns_url() -> str:
    return reverse("spreadsheets_upload_columns", args=[ImportUpload.objects.order_by("-pk")[0].public_id])


def test_headers_that_nobody_knows_lead_to_the_mapping_step_with_guesses(hers: Any) -> None:
    answer = send(hers, HALDEN)

    assert answer["Location"] == columns_url()
    assert not ImportRun.objects.exists()
    shown = page(hers, columns_url())
    assert "“Artikelnummer” means" in shown
    assert "H-1" in shown
    assert '<option value="sku" selected>SKU</option>' in shown
    assert '<option value="title" selected>Title</option>' in shown
    assert '<option value="price.base" selected>' in shown
    assert '<option value="stock.main" selected>' in shown
    assert '<option value="barcode" selected>' in shown
    assert shown.count('<option value="" selected>(leave out)</option>') == 1
    assert '<optgroup label="Prices">' in shown
    assert "say what its columns mean" in page(hers, LIST)


def test_what_was_chosen_is_imported_and_remembered_under_its_name(hers: Any) -> None:
    send(hers, HALDEN)
    answer = hers.post(columns_url(), {**CHOSEN, "name": "Halden"})
    run_due_jobs()
    run = ImportRun.objects.get()
    assert answer["Location"] == report_url(run)
    apply(hers, run)

    assert sorted(ProductVariant.objects.values_list("sku", flat=True)) == ["H-1", "H-2"]
    assert Price.objects.get(variant__sku="H-1").amount == 12.5
    assert StockItem.objects.get(variant__sku="H-1").on_hand == 4
    # The next file is understood by itself, whatever the order of its columns.
    again = tried(
        hers,
        csv_of(
            {"Colli": "6", "EAN": "", "Preis": "13", "Bezeichnung": "Bowl", "Bestand": "4"}
            | {"Artikelnummer": "H-1"}
        ),
    )
    assert again.mapping == "Halden"
    assert "<ins>13.00</ins>" in page(hers, report_url(again))


def test_columns_without_a_name_are_used_for_this_file_only(hers: Any) -> None:
    send(hers, HALDEN)
    hers.post(columns_url(), {**CHOSEN, "name": ""})

    assert ImportRun.objects.get().mapping == "chosen"
    assert not ColumnMapping.objects.exists()
    assert send(hers, HALDEN)["Location"] == columns_url()


def test_a_column_can_be_filled_once_and_something_must_name_the_product(hers: Any) -> None:
    send(hers, HALDEN)

    twice = hers.post(columns_url(), {**CHOSEN, "column-5": "title"})
    nameless = hers.post(columns_url(), {**CHOSEN, "column-0": ""})
    invented = hers.post(columns_url(), {**CHOSEN, "column-0": "stock.moon"})

    assert twice.status_code == nameless.status_code == invented.status_code == 422
    assert "“Title” is filled from “Bezeichnung” already" in twice.content.decode()
    assert "Nothing tells which product a row is of" in nameless.content.decode()
    assert not ImportRun.objects.exists()


def test_one_column_with_another_name_is_asked_for_instead_of_dropped(hers: Any) -> None:
    answer = send(hers, csv_of({"sku": "H-1", "Product name": "Bowl", "note": "x"}))

    assert answer["Location"] == columns_url()
    assert '<option value="title" selected>Title</option>' in page(hers, columns_url())


def test_columns_that_mean_nothing_to_us_are_left_out_and_the_report_says_so(hers: Any) -> None:
    run = tried(hers, csv_of({"sku": "H-1", "title": "Bowl", "note": "x"}))

    shown = page(hers, report_url(run))
    assert "These columns are not known and were left out: note." in shown
    # And they can still be chosen.
    assert columns_url() in shown
    hers.post(columns_url(), {"column-0": "sku", "column-1": "title", "column-2": "summary"})
    assert ImportRun.objects.count() == 2
    assert "summary" in ImportRun.objects.order_by("-pk")[0].columns


def test_somebody_may_ask_to_choose_even_if_all_is_known(hers: Any) -> None:
    answer = send(hers, csv_of({"sku": "H-1", "title": "Bowl"}), mapping="choose")

    assert answer["Location"] == columns_url()


def test_columns_of_categories_are_chosen_and_remembered_apart(hers: Any) -> None:
    content = csv_of({"Key": "gifts", "Kategorie": "Gifts"})
    send(hers, content, kind="categories")
    hers.post(columns_url(), {"column-0": "slug", "column-1": "name", "name": "Tree of Halden"})
    run_due_jobs()
    run = apply(hers, ImportRun.objects.get())

    assert Category.objects.get(slug="gifts").name == "Gifts", run.items.first()
    assert tried(hers, content, kind="categories").mapping == "Tree of Halden"
    # The same headers in a file of products are asked for.
    assert send(hers, content)["Location"] == columns_url()
    refused = send(hers, content, mapping="saved:Tree of Halden")
    assert "is for the other kind of file" in refused.content.decode()


def test_saved_columns_are_listed_renamed_and_deleted(hers: Any) -> None:
    send(hers, HALDEN)
    hers.post(columns_url(), {**CHOSEN, "name": "Halden"})
    send(hers, csv_of({"Artikelnummer": "H-1", "Foo": "x"}))
    taken = hers.post(columns_url(), {"column-0": "sku", "column-1": "", "name": "Halden"})
    hers.post(columns_url(), {"column-0": "sku", "column-1": "", "name": "Short list"})
    mapping = ColumnMapping.objects.get(name="Halden")
    url = reverse("spreadsheets_mapping", args=[mapping.pk])

    assert "Columns of another file are saved as “Halden”" in taken.content.decode()
    assert "Halden" in page(hers, reverse("spreadsheets_mappings"))
    assert "Bezeichnung" in page(hers, url)
    assert hers.post(url, {"name": "Short list"}).status_code == 422
    hers.post(url, {"name": "Halden 2027"})
    assert "Halden 2027" in page(hers, reverse("spreadsheets_mappings"))
    delete = reverse("spreadsheets_delete_mapping", args=[mapping.pk])
    assert "stay as they are" in page(hers, delete)
    hers.post(delete)
    assert not ColumnMapping.objects.filter(pk=mapping.pk).exists()
    assert send(hers, HALDEN)["Location"] == columns_url()


def test_the_mapping_step_says_when_its_file_is_gone(hers: Any) -> None:
    send(hers, HALDEN)
    forget_file(ImportUpload.objects.get().path)

    answer = hers.get(columns_url(), follow=True)

    assert "send it once more" in answer.content.decode()
    assert not ProductPage.objects.exists()
