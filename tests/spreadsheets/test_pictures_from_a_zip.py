"""Pictures that come with the file in an archive, and are the product's once it is applied."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from django.core.management import call_command
from wagtail.images import get_image_model

from shop.catalogue.models import Category, ProductPage
from shop.core import clock
from shop.core.jobs import resume_job, run_due_jobs, run_inline
from shop.inventory.services import ensure_warehouse
from shop.pricing.services import ensure_base_price_list
from shop.spreadsheets.models import FetchedPicture, ImportRun
from shop.spreadsheets.services import delete_old_imports, imports, plan_import, start_import
from tests.factories.catalogue import ImageFactory, TaxClassFactory, product_index
from tests.spreadsheets.files_of import csv_of, imported, picture, problems_of, staged, tried, zip_of

pytestmark = pytest.mark.django_db

OAK, ASH = picture("#aa8844"), picture("#ddccaa", "JPEG")


@pytest.fixture(autouse=True)
def shop(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.STORAGES = settings.STORAGES | {
        "private": settings.STORAGES["private"] | {"OPTIONS": {"location": tmp_path / "private"}}
    }
    product_index()
    TaxClassFactory(code="standard")
    ensure_base_price_list()
    ensure_warehouse()


def lamp(source: str, **cells: str) -> dict[str, str]:
    return {
        "handle": "oak-lamp",
        "title": "Oak lamp",
        "categories": "Lighting",
        "image.1.src": source,
        "image.1.alt": "A lamp on a desk",
        "status": "live",
        "sku": "LAMP",
        "price.base": "49.90",
        **cells,
    }


def files_under(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def library() -> Any:
    return get_image_model().objects


def message_of(report: Any) -> str:
    [item] = report.items()
    return str(item.report["errors"][0]["message"])


def test_a_picture_of_the_archive_becomes_the_products() -> None:
    imported(csv_of(lamp("oak_lamp.png")), pictures=zip_of({"oak_lamp.png": OAK}))

    product = ProductPage.objects.get()
    [media] = product.media.all()
    assert product.live
    assert (media.image.title, media.image.width, media.image.height) == ("oak lamp", 64, 48)
    with media.image.open_file() as file:
        assert file.read() == OAK


@pytest.mark.parametrize(
    ("written", "packed"),
    [
        ("lamp.png", "photos/lamp.png"),
        ("desk/lamp.png", "desk/lamp.png"),
        ("desk/lamp.png", "photos/desk/lamp.png"),
        ("Lamp.PNG", "lamp.png"),
        ("desk\\lamp.png", "desk/lamp.png"),
        ("./lamp.png", "lamp.png"),
        ("L\u00e4mpchen.png", "La\u0308mpchen.png"),
        (" lamp.png ", "lamp.png"),
    ],
)
def test_a_name_is_found_in_whatever_folder_and_spelling(written: str, packed: str) -> None:
    files = {packed: OAK, "__MACOSX/photos/._lamp.png": b"litter", "other/unused.txt": b"no picture"}

    assert tried(csv_of(lamp(written)), pictures=zip_of(files)).counts["created"] == 1


def test_a_name_that_two_folders_have_is_refused_until_it_is_clear() -> None:
    files = zip_of({"desk/lamp.png": OAK, "wall/lamp.png": ASH})

    assert "write the folder before it" in message_of(tried(csv_of(lamp("lamp.png")), pictures=files))
    assert tried(csv_of(lamp("wall/lamp.png")), pictures=files).counts["created"] == 1


def test_capitals_tell_two_files_apart_where_they_have_to() -> None:
    imported(csv_of(lamp("Lamp.png")), pictures=zip_of({"lamp.png": ASH, "Lamp.png": OAK}))

    with library().get().open_file() as file:
        assert file.read() == OAK


def test_the_archive_is_asked_before_the_library_and_the_library_for_the_rest() -> None:
    held = ImageFactory(title="lamp.png")
    shelf = ImageFactory(title="shelf.png")

    imported(
        csv_of(lamp("lamp.png"), lamp("shelf.png", handle="shelf", sku="SHELF")),
        pictures=zip_of({"lamp.png": OAK}),
    )

    used = {page.slug: page.media.get().image_id for page in ProductPage.objects.all()}
    assert used["oak-lamp"] != held.pk
    assert used["shelf"] == shelf.pk


def test_a_name_that_neither_has_is_refused() -> None:
    report = tried(csv_of(lamp("gone.png")), pictures=zip_of({"lamp.png": OAK}))

    assert problems_of(report) == [(2, "image.1.src", "unknown_picture")]
    assert "neither in the archive nor in the library" in message_of(report)


def test_the_same_bytes_are_one_picture_of_the_library(tmp_path: Path) -> None:
    files = zip_of({"a.png": OAK, "b.png": OAK})
    rows = [lamp("a.png", **{"variant.image": "b.png"}), lamp("b.png", handle="ash-lamp", sku="ASH")]

    imported(csv_of(*rows), pictures=files)
    again = imported(csv_of(*rows), pictures=files)

    assert ProductPage.objects.count() == 2
    assert library().count() == 1
    assert again.counts["unchanged"] == 2
    assert [name for name in files_under(tmp_path / "media") if "original_images" in name] == [
        library().get().file.name
    ]


def test_a_trial_leaves_nothing_in_the_library_nor_among_the_public_files(tmp_path: Path) -> None:
    report = tried(csv_of(lamp("lamp.png")), pictures=zip_of({"lamp.png": OAK}))

    assert report.counts["created"] == 1
    assert not library().exists()
    assert not files_under(tmp_path / "media")
    assert files_under(tmp_path / "private") == [report.run.pictures_path]


def test_a_product_that_is_refused_leaves_no_picture_in_the_library() -> None:
    imported(csv_of(lamp("lamp.png", **{"price.base": "dear"})), pictures=zip_of({"lamp.png": OAK}))

    assert not library().exists()


def test_pictures_of_variants_and_of_categories_come_from_the_archive_too() -> None:
    files = zip_of({"side.png": OAK, "back.jpg": ASH})
    imported(
        csv_of(lamp("side.png", **{"variant.images": "side.png Side view | back.jpg Back"})), pictures=files
    )
    imported(
        csv_of({"slug": "desk-lamps", "name": "Desk lamps", "image": "back.jpg"}),
        kind=ImportRun.Kind.CATEGORIES,
        pictures=files,
    )

    variant = ProductPage.objects.get().variants.get()
    assert [(held.image.title, held.alt_text) for held in variant.images.order_by("sort_order")] == [
        ("side", "Side view"),
        ("back", "Back"),
    ]
    assert Category.objects.get(slug="desk-lamps").image == library().get(title="back")
    assert library().count() == 2


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<html><script>alert(1)</script></html>",
        b"",
        picture(kind="BMP"),
        OAK[:60],
        zip_of({"lamp.png": OAK}),
    ],
    ids=["SVG", "HTML", "nothing", "BMP", "half a PNG", "ZIP"],
)
def test_what_is_no_picture_is_refused_whatever_it_is_called(content: bytes) -> None:
    report = imported(csv_of(lamp("lamp.png")), pictures=zip_of({"lamp.png": content}))

    assert problems_of(report) == [(2, "image.1.src", "unknown_picture")]
    assert "use JPEG, PNG, GIF, WebP or AVIF" in message_of(report)
    assert not ProductPage.objects.exists()
    assert not library().exists()


def test_a_picture_is_looked_at_once_for_trial_and_import(monkeypatch: pytest.MonkeyPatch) -> None:
    run = staged(csv_of(lamp("lamp.png")), pictures=zip_of({"lamp.png": OAK}))
    plan_import(run=run)
    monkeypatch.delattr("shop.spreadsheets.zip_pictures.look_at")

    assert plan_import(run=run).counts["created"] == 1


def test_old_imports_take_their_archives_with_them(
    tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    tried(csv_of(lamp("lamp.png")), pictures=zip_of({"lamp.png": OAK}))

    with clock.at(clock.now() + timedelta(days=91)), django_capture_on_commit_callbacks(execute=True):
        assert delete_old_imports() == 1

    assert not files_under(tmp_path / "private")
    assert not FetchedPicture.objects.exists()


def test_a_file_that_cannot_be_read_keeps_no_archive(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="headers and no rows"):
        staged(b"handle,title\n", pictures=zip_of({"lamp.png": OAK}))

    assert not ImportRun.objects.exists()
    assert not files_under(tmp_path / "private")


def test_nothing_serves_the_archive(client: Any) -> None:
    run = staged(csv_of(lamp("lamp.png")), pictures=zip_of({"lamp.png": OAK}))

    assert storages["private"].exists(run.pictures_path)
    assert client.get(f"/media/{run.pictures_path}").status_code == 404
    assert client.get(f"/media/../private/{run.pictures_path}").status_code == 400


def test_the_command_takes_an_archive(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], django_capture_on_commit_callbacks: Any
) -> None:
    goods, pictures = tmp_path / "goods.csv", tmp_path / "pictures.zip"
    goods.write_bytes(csv_of(lamp("lamp.png")))
    pictures.write_bytes(zip_of({"lamp.png": OAK}))

    with pytest.raises(SystemExit) as tried_exit, django_capture_on_commit_callbacks(execute=True):
        call_command("import_products", str(goods), "--pictures", str(pictures), "--dry-run", "--json")
    report = json.loads(capsys.readouterr().out)
    left = files_under(tmp_path / "private")
    with pytest.raises(SystemExit) as done_exit:
        call_command("import_products", str(goods), "--pictures", str(pictures))

    assert (tried_exit.value.code, done_exit.value.code) == (0, 0)
    assert report["counts"]["created"] == 1
    assert not left
    assert ProductPage.objects.get().media.get().image.title == "lamp"


def test_an_import_that_stops_between_chunks_goes_on_with_its_pictures(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(imports, "CHUNK", 1)
    run = staged(
        csv_of(lamp("a.png"), lamp("b.jpg", handle="ash-lamp", sku="ASH")),
        pictures=zip_of({"a.png": OAK, "b.jpg": ASH}),
    )
    real = imports.apply_chunk

    def fails_at_the_second(held: ImportRun, items: Any, **options: Any) -> Any:
        if items[0].position > 1:
            raise RuntimeError("the disk is full")
        return real(held, items, **options)

    monkeypatch.setattr(imports, "apply_chunk", fails_at_the_second)
    job = run_inline(start_import(run=run, actor=None, inline=True))
    after_one = (job.status, library().count(), ProductPage.objects.count())
    monkeypatch.setattr(imports, "apply_chunk", real)
    resume_job(job=job, actor=None)
    run_due_jobs()

    assert after_one == ("failed", 1, 1)
    assert [page.media.get().image.title for page in ProductPage.objects.order_by("pk")] == ["a", "b"]
    assert library().count() == 2
