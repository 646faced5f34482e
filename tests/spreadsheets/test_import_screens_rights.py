"""Who may import and export what through the screens, and what hostile files come to."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from wagtail.models import Page

from nexus.schedules import SCHEDULES
from shop.catalogue.models import Category, ProductPage, ProductVariant
from shop.core import clock
from shop.core.jobs import cancel_job, run_due_jobs
from shop.inventory.models import StockItem
from shop.spreadsheets import admin_forms
from shop.spreadsheets.models import ExportFile, ImportRun, ImportUpload
from shop.spreadsheets.private_files import keep_file, private_storage
from shop.spreadsheets.services import export_files, exports
from shop.spreadsheets.services.uploads import RETENTION as KEPT
from tests.factories.catalogue import ProductFactory, VariantFactory
from tests.factories.customers import AdministratorFactory
from tests.orders.placed import place_order
from tests.spreadsheets.files_of import csv_of, imported, rows_of
from tests.spreadsheets.screens import (
    LIST,
    apply,
    folder,
    logged_in,
    merchandiser_of,
    page,
    report_url,
    send,
    staff,
    tried,
)
from tests.spreadsheets.test_import import lamp, shop

__all__ = ["shop"]

pytestmark = pytest.mark.django_db


def outcomes(run: ImportRun) -> dict[str, list[str]]:
    """For each item its outcome and the codes of its errors."""
    return {
        item.report["label"]: [item.action, *(error["code"] for error in item.report["errors"])]
        for item in run.items.all()
    }


def kept_uploads() -> set[str]:
    """The names of the files that were sent and are kept."""
    return set(private_storage().listdir("uploads")[1]) if private_storage().exists("uploads") else set()


@pytest.mark.parametrize("role", ["Support", "Analyst"])
def test_support_and_analysts_import_nothing(role: str) -> None:
    client = logged_in(staff(role))

    for path in (LIST, "/admin/imports/new/", "/admin/imports/columns/"):
        assert client.get(path).status_code == 302
    send(client, csv_of(lamp()))

    assert not ImportUpload.objects.exists()
    assert "/admin/imports/" not in page(client, "/admin/")


def test_a_merchandiser_imports_drafts_into_the_own_folder_and_changes_nothing_live() -> None:
    lamps, chairs = folder("Lamps"), folder("Chairs")
    live = ProductFactory(title="Live lamp", slug="live-lamp", parent=lamps)
    draft = ProductFactory(title="Draft lamp", slug="draft-lamp", parent=lamps)
    draft.unpublish()
    chair = ProductFactory(title="Chair", slug="chair", parent=chairs)
    VariantFactory(product=live, sku="LIVE")
    client = logged_in(merchandiser_of(lamps))

    content = csv_of(
        {"handle": "live-lamp", "title": "Live lamp", "summary": "Changed", "sku": "LIVE"},
        {"handle": "draft-lamp", "title": "Draft lamp", "summary": "Changed", "sku": ""},
        {"handle": "chair", "title": "Chair", "summary": "Changed", "sku": ""},
        lamp(title="New lamp", brand="", **{"stock.main": "", "stock.main.low_from": ""})
        | {"categories": ""},
    )
    run = apply(client, tried(client, content))

    assert outcomes(run) == {
        "Live lamp": ["refused", "forbidden"],
        "Draft lamp": ["changed"],
        "Chair": ["refused", "forbidden"],
        "New lamp": ["created"],
    }
    created = ProductPage.objects.get(slug="oak-lamp")
    assert created.get_parent().pk == lamps.pk
    assert not created.live, "a merchandiser never publishes"
    for product in (live, chair, draft):
        product.refresh_from_db()
        assert product.summary != "Changed" or product == draft
    assert draft.get_latest_revision_as_object().summary == "Changed"
    assert "you may not publish here" in page(client, report_url(run), outcome="warnings")


def test_prices_of_live_products_are_imported_by_whoever_may_change_prices() -> None:
    imported(csv_of(lamp()))
    client = logged_in(staff("Merchandiser"))

    run = apply(client, tried(client, csv_of({"sku": "LAMP-RED", "price.base": "39.90"})))

    assert outcomes(run) == {"Oak lamp": ["changed"]}


def test_no_category_goes_live_by_the_file_of_a_merchandiser() -> None:
    client = logged_in(staff("Merchandiser"))
    assert "Add categories" not in page(client, "/admin/imports/new/")

    content = csv_of({"handle": "mug", "title": "Mug", "sku": "MUG", "categories": "Secret"})
    run = tried(client, content, create_categories="on")

    assert outcomes(run) == {"Mug": ["refused", "unknown_category"]}
    categories = apply(client, tried(client, csv_of({"slug": "gifts", "name": "Gifts"}), kind="categories"))
    assert [item.action for item in categories.items.all()] == ["refused"]
    assert not Category.objects.exists()


def test_ops_import_stock_everywhere_and_nothing_else() -> None:
    imported(csv_of(lamp()))
    client = logged_in(staff("Ops"))

    stock = apply(client, tried(client, csv_of({"sku": "LAMP-RED", "stock.main": "40"})))
    words = tried(client, csv_of({"sku": "LAMP-RED", "summary": "Hi", "stock.main": "50"}))
    titles = tried(client, csv_of({"sku": "LAMP-RED", "variant.title": "Crimson"}))
    new = tried(client, csv_of({"sku": "NEW", "title": "New"}))

    assert outcomes(stock) == {"Oak lamp": ["changed"]}
    assert StockItem.objects.get().on_hand == 40
    for run in (words, titles, new):
        assert [found[0] for found in outcomes(run).values()] == ["refused"]
        assert "forbidden" in next(iter(outcomes(run).values()))


def test_locks_and_skus_that_were_sold_hold_against_a_file() -> None:
    approver = staff("Approver")
    client = logged_in(approver)
    locked = ProductFactory(title="Locked lamp", slug="locked")
    Page.objects.filter(pk=locked.pk).update(locked=True, locked_by=AdministratorFactory())
    sold = place_order(quantities=(1,)).lines.get().variant
    ProductVariant.objects.filter(pk=sold.pk).update(external_id="v1")

    run = tried(
        client,
        csv_of(
            {"handle": "locked", "title": "Opened lamp"},
            {"handle": sold.product.slug, "title": "Sold", "variant.external_id": "v1", "sku": "OTHER"},
        ),
    )

    found = outcomes(run)
    assert found["Opened lamp"] == ["refused", "locked"]
    assert found["Sold"][0] == "refused"
    assert "sold" in page(client, report_url(run), outcome="refused").lower()


def test_everybody_sees_the_own_imports_and_approvers_see_all() -> None:
    lamps, chairs = folder("Lamps"), folder("Chairs")
    hers, his = logged_in(merchandiser_of(lamps)), logged_in(merchandiser_of(chairs))
    run = tried(hers, csv_of({"handle": "mug", "title": "Mug", "sku": "MUG"}), name="hers.csv")
    approver = logged_in(staff("Approver"))

    assert "hers.csv" in page(hers, LIST)
    assert "hers.csv" not in page(his, LIST)
    for name in ("import", "import_progress", "import_csv", "apply_import"):
        assert his.get(reverse(f"spreadsheets_{name}", args=[run.public_id])).status_code == 404
    assert his.post(reverse("spreadsheets_try_import", args=[run.public_id])).status_code == 404
    upload = ImportUpload.objects.get()
    assert his.get(reverse("spreadsheets_upload_columns", args=[upload.public_id])).status_code == 404
    assert "hers.csv" in page(approver, LIST)
    assert "hers.csv" in page(logged_in(AdministratorFactory()), LIST)


def test_whoever_applies_has_tried_it_with_their_own_rights() -> None:
    hers, approver = logged_in(staff("Merchandiser")), logged_in(staff("Approver"))
    imported(csv_of(lamp()))
    run = tried(hers, csv_of({"handle": "oak-lamp", "title": "Oak desk lamp"}))
    assert outcomes(run) == {"Oak desk lamp": ["refused", "forbidden"]}

    shown = page(approver, report_url(run))
    approver.post(reverse("spreadsheets_apply_import", args=[run.public_id]))
    run.refresh_from_db()
    assert "Try it yourself before you apply it." in shown
    assert run.job is None

    approver.post(reverse("spreadsheets_try_import", args=[run.public_id]))
    run_due_jobs()
    apply(approver, run)

    assert ProductPage.objects.get().title == "Oak desk lamp"


def test_a_hostile_or_a_huge_file_is_told_what_is_wrong_and_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client = logged_in(staff("Approver"))
    kept = kept_uploads()
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 60_000_000)

    answers = {
        "unpacks to far more than it holds": send(client, bomb.getvalue(), name="goods.xlsx"),
        "has a cell of more than 100000 characters": send(client, b"sku,title\na," + b"x" * 150_000 + b"\n"),
        "neither CSV nor XLSX": send(client, bytes(range(256)) * 10),
        "has headers and no rows": send(client, b"sku,title\n"),
        "The submitted file is empty": send(client, b""),
    }
    monkeypatch.setattr(admin_forms, "MAX_BYTES", 10)
    answers["0 MB is the most. Split it"] = send(client, csv_of(lamp()))

    for reason, answer in answers.items():
        assert answer.status_code == 422, reason
        assert reason in answer.content.decode()
    assert not ImportRun.objects.exists()
    assert not ImportUpload.objects.exists()
    assert kept_uploads() == kept


def test_a_file_in_an_old_encoding_is_read_and_the_report_says_so() -> None:
    client = logged_in(staff("Approver"))

    run = tried(client, "sku;title\nCHAIR;Stühle für Gäste\n".encode("cp1252"))

    shown = page(client, report_url(run))
    assert "Stühle für Gäste" in shown
    assert "it was read as Windows-1252" in shown


def test_small_exports_are_sent_at_once_as_far_as_the_person_may_see() -> None:
    lamps, chairs = folder("Lamps"), folder("Chairs")
    ProductFactory(title="Lamp", slug="lamp", parent=lamps)
    ProductFactory(title="=Chair", slug="chair", parent=chairs)
    form = {"kind": "products", "file_format": "csv"}
    client = logged_in(merchandiser_of(lamps))

    answer = client.post("/admin/exports/", form)
    everything = logged_in(staff("Approver")).post("/admin/exports/", {**form, "status": "live"})
    nothing = client.post("/admin/exports/", {**form, "tag": "nowhere"})

    assert answer.streaming
    assert "attachment" in answer["Content-Disposition"]
    assert [row["handle"] for row in rows_of(b"".join(answer))] == ["lamp"]
    assert {row["title"] for row in rows_of(b"".join(everything))} == {"Lamp", "'=Chair"}
    assert nothing.status_code == 422
    assert "Nothing fits these conditions" in nothing.content.decode()
    assert client.post("/admin/exports/", {**form, "kind": "categories"}).status_code in (200, 422)


def test_a_large_export_is_written_in_the_background_and_kept_privately(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    monkeypatch.setattr(export_files, "AT_ONCE", 1)
    ProductFactory(slug="lamp")
    ProductFactory(slug="mug")
    client, other = logged_in(staff("Approver")), logged_in(staff("Approver"))

    answer = client.post("/admin/exports/", {"kind": "products", "file_format": "xlsx"}, follow=True)
    assert "<progress" in answer.content.decode()
    run_due_jobs()

    made = ExportFile.objects.get()
    url = reverse("spreadsheets_export_file", args=[made.public_id])
    assert url in page(client, "/admin/exports/")
    assert b"".join(client.get(url)).startswith(b"PK")
    assert other.get(url).status_code == 404
    assert url not in page(other, "/admin/exports/")
    assert made.job.done == made.count == 2
    assert private_storage().exists(made.path)
    assert not str(private_storage().path(made.path)).startswith(str(settings.MEDIA_ROOT / "original_images"))


def test_a_cancelled_export_leaves_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export_files, "AT_ONCE", 1)
    monkeypatch.setattr(exports, "CHUNK", 1)
    ProductFactory(slug="lamp")
    ProductFactory(slug="mug")
    client = logged_in(staff("Approver"))
    client.post("/admin/exports/", {"kind": "products", "file_format": "csv"})
    made = ExportFile.objects.get()
    write = export_files.write_export

    def cancelled_meanwhile(**kwargs: Any) -> Any:
        cancel_job(job=made.job, actor=None)
        return write(**kwargs)

    monkeypatch.setattr(export_files, "write_export", cancelled_meanwhile)
    run_due_jobs()

    made.refresh_from_db()
    assert (made.path, made.job.status) == ("", "cancelled")
    assert client.get(reverse("spreadsheets_export_file", args=[made.public_id])).status_code == 404


def test_the_list_of_products_exports_what_is_ticked() -> None:
    lamp_, mug = ProductFactory(slug="lamp"), ProductFactory(slug="mug")
    client = logged_in(staff("Approver"))
    url = reverse("wagtail_bulk_action", args=["catalogue", "productpage", "export-products"])

    form = client.get(url, {"id": lamp_.pk, "next": "/admin/catalogue/products/"})
    one = client.post(f"{url}?id={lamp_.pk}&next=/admin/catalogue/products/", {"file_format": "csv"})
    found = client.post(f"{url}?id=all&q={mug.title}&next=/admin/catalogue/products/", {"file_format": "csv"})

    assert "1 product." in form.content.decode()
    assert [row["handle"] for row in rows_of(b"".join(one))] == ["lamp"]
    assert "mug" in {row["handle"] for row in rows_of(b"".join(found))}


def test_the_home_page_names_imports_that_wait() -> None:
    client = logged_in(staff("Merchandiser"))
    run = tried(client, csv_of({"handle": "mug", "title": "Mug", "sku": "MUG"}), name="mugs.csv")

    home = page(client, "/admin/")
    assert "Imports that wait to be applied" in home
    assert "The dry run says: 1 created." in home
    apply(client, run)

    assert "Imports that wait to be applied" not in page(client, "/admin/")


def test_old_imports_and_files_are_deleted_by_the_clock() -> None:
    schedule = next(one for one in SCHEDULES if one.task == "shop.spreadsheets.tasks.delete_old_files")
    client = logged_in(staff("Approver"))
    tried(client, csv_of({"handle": "mug", "title": "Mug", "sku": "MUG"}))
    path = keep_file(ContentFile(b"x"), folder="exports")
    ExportFile.objects.create(path=path)
    sent = ImportUpload.objects.get().path

    with clock.at(clock.now() + KEPT - timedelta(hours=1)):
        schedule.load_task()()
    assert ImportUpload.objects.exists()
    assert private_storage().exists(path)
    with clock.at(clock.now() + KEPT + timedelta(hours=1)):
        schedule.load_task()()
    assert not ImportUpload.objects.exists()
    assert not ExportFile.objects.exists()
    assert not private_storage().exists(path)
    assert not private_storage().exists(sent)
    assert ImportRun.objects.exists()
    with clock.at(clock.now() + timedelta(days=91)):
        schedule.load_task()()
    assert not ImportRun.objects.exists()
