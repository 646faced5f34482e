"""A file through the screens: sent, tried, its report read, applied."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from shop.catalogue.models import Category, ProductPage
from shop.core.jobs import cancel_job, run_due_jobs
from shop.core.models import BackgroundJob
from shop.pricing.models import Price
from shop.spreadsheets.models import ImportRun, ImportUpload
from shop.spreadsheets.services import uploads
from tests.spreadsheets.files_of import csv_of, exported, imported, rows_of
from tests.spreadsheets.screens import LIST, apply, logged_in, page, report_url, send, staff, tried
from tests.spreadsheets.test_import import lamp, second, shop

__all__ = ["shop"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def hers() -> Any:
    return logged_in(staff("Approver"))


def test_the_empty_list_tells_the_next_step_and_brings_examples(hers: Any) -> None:
    listed = page(hers, LIST)

    assert "No imports yet" in listed
    assert "/admin/imports/new/" in listed
    assert reverse("spreadsheets_example_products") in listed
    assert reverse("spreadsheets_columns") in listed
    assert "price.base" in page(hers, reverse("spreadsheets_columns"))


@pytest.mark.parametrize("kind", ["products", "categories"])
def test_the_examples_are_imported_as_they_are(hers: Any, kind: str) -> None:
    example = hers.get(reverse(f"spreadsheets_example_{kind}")).content

    run = tried(hers, example, kind=kind)

    shown = page(hers, report_url(run))
    assert "Waits to be applied" in shown
    assert run.items.exclude(action="created").count() == 0, [item.report for item in run.items.all()]


def test_a_file_is_tried_first_and_changes_nothing(hers: Any) -> None:
    run = tried(hers, csv_of(lamp(), second()))

    shown = page(hers, report_url(run))

    assert "This is what would happen. Nothing has changed yet." in shown
    assert "Would be created" in shown
    assert "Oak lamp" in shown
    assert "oak-lamp, Rows 2, 3" in shown
    assert "Apply…" in shown
    assert not ProductPage.objects.exists()


def test_progress_is_shown_while_the_dry_run_is_at_work(hers: Any) -> None:
    send(hers, csv_of(lamp()))
    run = ImportRun.objects.get()

    shown = page(hers, report_url(run))
    progress = hers.get(reverse("spreadsheets_import_progress", args=[run.public_id])).json()

    assert "Dry run at work" in shown
    assert "<progress" in shown
    assert reverse("spreadsheets_import_progress", args=[run.public_id]) in shown
    assert progress["progress"] == "0 of 1"
    assert "Apply…" not in shown
    assert hers.post(reverse("spreadsheets_apply_import", args=[run.public_id])).status_code == 302
    run.refresh_from_db()
    assert run.job is None


def test_applying_asks_with_counts_and_leaves_refused_rows_out(hers: Any) -> None:
    run = tried(hers, csv_of(lamp(), {"handle": "bad", "title": "Bad", "sku": "BAD", "price.base": "much"}))

    question = page(hers, reverse("spreadsheets_apply_import", args=[run.public_id]))
    assert "<strong>1</strong> product will be created." in question
    assert "1 refused: it is left out." in question

    run = apply(hers, run)

    assert [product.slug for product in ProductPage.objects.all()] == ["oak-lamp"]
    shown = page(hers, report_url(run))
    assert "The import is done." in shown
    assert reverse("wagtailadmin_pages:edit", args=[ProductPage.objects.get().pk]) in shown
    assert "Try it again" not in shown
    # A second click finds it applied.
    again = hers.post(reverse("spreadsheets_apply_import", args=[run.public_id]), follow=True)
    assert "only once" in again.content.decode()
    assert BackgroundJob.objects.filter(params__trial=False).count() == 1


def test_the_report_says_before_and_after_and_the_mend(hers: Any) -> None:
    imported(csv_of(lamp(), second()))
    product = ProductPage.objects.get()

    run = tried(hers, csv_of({"sku": "LAMP-RED", "price.base": "39.90"}, {"sku": "NEW", "title": "=1+1"}))
    shown = page(hers, report_url(run))

    assert "<del>49.90</del>" in shown
    assert "<ins>39.90</ins>" in shown
    assert reverse("wagtailadmin_pages:edit", args=[product.pk]) in shown
    lines = b"".join(hers.get(reverse("spreadsheets_import_csv", args=[run.public_id]))).decode("utf-8-sig")
    assert lines.splitlines()[0] == "rows,key,title,result,what,row,column,before,after,message"
    assert "2,oak-lamp,Oak lamp,changed,change,2,price.base,49.90,39.90," in lines
    assert "3,NEW,'=1+1,created," in lines


def test_the_report_is_filtered_by_outcome_and_searched(hers: Any) -> None:
    run = tried(
        hers,
        csv_of(
            {"handle": "mug", "title": "Mug", "sku": "MUG"},
            {"handle": "bowl", "title": "Bowl", "sku": "BOWL", "price.base": "much"},
        ),
    )
    url = report_url(run)

    assert "bowl, Row 3" not in page(hers, url, outcome="created")
    refused = page(hers, url, outcome="refused")
    assert "bowl, Row 3" in refused
    assert "mug, Row 2" not in refused
    assert "Row 3, Price," in refused
    assert "mug, Row 2" in page(hers, url, q="MUG")
    assert "Nothing fits this filter." in page(hers, url, q="lamp")


def test_a_long_report_has_pages_and_a_bounded_number_of_queries(
    hers: Any, django_assert_max_num_queries: Any
) -> None:
    goods = [{"handle": f"mug-{n:03}", "title": f"Mug {n}", "sku": f"MUG-{n}"} for n in range(60)]
    run = apply(hers, tried(hers, csv_of(*goods)))
    page(hers, report_url(run))

    with django_assert_max_num_queries(26):
        first = page(hers, report_url(run))
    second_page = page(hers, report_url(run), p="2", q="mug")

    assert "Page 1 of 3" in first
    assert "mug-024, Row" in first
    assert "mug-025, Row" not in first
    assert "mug-025, Row" in second_page
    assert "?outcome=&amp;q=mug&amp;p=3" in second_page


def test_the_list_costs_no_queries_per_import(hers: Any, django_assert_max_num_queries: Any) -> None:
    for number in range(12):
        send(hers, csv_of({"sku": f"MUG-{number}", "title": "Mug"}), name=f"goods-{number}.csv")
    run_due_jobs()
    page(hers, LIST)

    with django_assert_max_num_queries(16):
        listed = page(hers, LIST)

    assert "goods-11.csv" in listed
    assert "1 created" in listed
    assert "Waits to be applied" in listed
    assert "goods-3.csv" not in page(hers, LIST, state="applied")
    assert "No import fits these filters" in page(hers, LIST, kind="categories")


def test_a_dry_run_is_cancelled_and_goes_on(hers: Any) -> None:
    send(hers, csv_of(lamp()))
    run = ImportRun.objects.get()

    hers.post(reverse("spreadsheets_steer_import", args=[run.public_id, "cancel"]))
    stopped = page(hers, report_url(run))
    hers.post(reverse("spreadsheets_steer_import", args=[run.public_id, "resume"]))
    run_due_jobs()

    assert "The dry run stopped before its end." in stopped
    assert "Go on with it" in stopped
    assert "Waits to be applied" in page(hers, report_url(run))


def test_an_import_that_stopped_shows_what_it_came_to_and_goes_on(
    hers: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from shop.spreadsheets.services import imports

    monkeypatch.setattr(imports, "CHUNK", 1)
    run = tried(hers, csv_of(*({"handle": f"mug-{n}", "title": "Mug", "sku": f"MUG-{n}"} for n in range(3))))
    hers.post(reverse("spreadsheets_apply_import", args=[run.public_id]))
    chunks = iter([False, True])
    run_due_jobs(slice_seconds=0, stop=lambda: next(chunks, True))
    cancel_job(job=BackgroundJob.objects.get(params__trial=False), actor=None)

    stopped = page(hers, report_url(run))
    assert ProductPage.objects.count() == 1
    assert "The import stopped before its end" in stopped
    assert "mug-0, Row 2" in stopped
    assert "mug-1, Row 3" not in stopped
    hers.post(reverse("spreadsheets_steer_import", args=[run.public_id, "resume"]))
    run_due_jobs()

    assert ProductPage.objects.count() == 3
    assert "The import is done." in page(hers, report_url(run))


def test_a_dry_run_cannot_be_applied_while_another_is_at_work(hers: Any) -> None:
    run = tried(hers, csv_of(lamp()))
    hers.post(reverse("spreadsheets_try_import", args=[run.public_id]))

    again = hers.post(reverse("spreadsheets_try_import", args=[run.public_id]), follow=True)

    assert "wait for its end" in again.content.decode()
    hers.post(reverse("spreadsheets_apply_import", args=[run.public_id]))
    run.refresh_from_db()
    assert run.job is None


def test_a_large_file_is_read_in_the_background(hers: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "READ_AT_ONCE", 10)

    answer = send(hers, csv_of(lamp()), follow=True)
    upload = ImportUpload.objects.get()
    reading = page(hers, reverse("spreadsheets_upload", args=[upload.public_id]))
    assert answer.status_code == 302
    assert "The file is being read" in reading
    assert "goods.csv" in page(hers, LIST)
    run_due_jobs()
    run_due_jobs()

    led = hers.get(reverse("spreadsheets_upload", args=[upload.public_id]))
    assert led["Location"] == report_url(ImportRun.objects.get())
    assert "Waits to be applied" in page(hers, led["Location"])


def test_a_large_file_that_is_broken_further_down_says_so(hers: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "READ_AT_ONCE", 10)
    rows = "".join(f"MUG-{n},Mug\n" for n in range(10))

    send(hers, f"sku,title\n{rows}MUG-X,Mug,too,many\n".encode())
    run_due_jobs()

    shown = page(hers, reverse("spreadsheets_upload", args=[ImportUpload.objects.get().public_id]))
    assert "The file could not be read" in shown
    assert "Row 12 has more cells than there are headers" in shown
    assert not ImportRun.objects.exists()


def test_categories_come_in_by_the_same_screens(hers: Any) -> None:
    run = apply(hers, tried(hers, csv_of({"slug": "gifts", "name": "Gifts"}), kind="categories"))

    assert Category.objects.get(slug="gifts").live
    shown = page(hers, report_url(run))
    edit = reverse("wagtailsnippets_catalogue_category:edit", args=[Category.objects.get(slug="gifts").pk])
    assert edit in shown


def test_an_export_that_is_sent_back_has_nothing_to_apply(hers: Any) -> None:
    imported(csv_of(lamp(), second()))

    run = tried(hers, exported())

    shown = page(hers, report_url(run))
    assert rows_of(exported())
    assert "the catalogue is like the file already" in shown
    assert "Apply…" not in shown
    assert Price.objects.count() == 3
