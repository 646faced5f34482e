"""Files that are broken, huge or meant to harm get a clear answer, and change nothing."""

from __future__ import annotations

import io
import zipfile

import pytest

from shop.catalogue.models import Category, ProductPage
from shop.spreadsheets.errors import UnknownColumns, UnreadableFile
from shop.spreadsheets.models import ImportItem, ImportRun
from tests.factories.catalogue import CategoryFactory, product_index
from tests.spreadsheets.files_of import csv_of, imported, problems_of, staged, tried, xlsx_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def zipped(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return file.getvalue()


def with_part(name: str, content: bytes) -> bytes:
    """A good workbook of which one part is exchanged."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(xlsx_of([["handle", "title"], ["a", "A"]]))) as good,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as bad,
    ):
        for entry in good.namelist():
            bad.writestr(entry, content if entry == name else good.read(entry))
    return made.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
NAMESPACE = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;&a;">]>'
    b"<worksheet "
    + NAMESPACE
    + b'><sheetData><row r="1"><c t="str"><v>&b;</v></c></row></sheetData></worksheet>'
)

HOSTILE = {
    "empty": b"",
    "only a header": b"handle,title\n",
    "no header": b"\n\n",
    "binary": bytes(range(256)) * 10,
    "old excel": b"\xd0\xcf\x11\xe0" + b"\x00" * 600,
    "one line of 2 MB": b"handle,title\n" + b"x" * 2_000_000,
    "a quote never closed": b'handle,title\n"a,' + b"b,c\n" * 100_000,
    "a cell too large": b"handle,title\na," + b"x" * 150_000 + b"\n",
    "more cells than headers": b"handle,title\na,b,c\n",
    "a header twice": b"handle,title,Title\na,b,c\n",
    "too many columns": ",".join(f"c{number}" for number in range(400)).encode() + b"\n",
    "nul": b"handle,title\na,b\x00c\n" * 100,
    "a zip that is no workbook": zipped(hello=b"world"),
    "a bomb": zipped(**{"[Content_Types].xml": b"", "xl__worksheets__sheet1.xml": b"0" * 60_000_000}),
    "a workbook cut in half": xlsx_of([["handle"], ["a"]])[:2000],
    "entities": with_part(SHEET, LAUGHS),
    "xml that ends early": with_part(SHEET, b"<worksheet " + NAMESPACE + b"><sheetData><row"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_a_reason_and_leaves_nothing(name: str) -> None:
    with pytest.raises(UnreadableFile) as refusal:
        staged(HOSTILE[name], name="goods.xlsx" if HOSTILE[name].startswith(b"PK") else "goods.csv")

    assert len(refusal.value.detail) > 20
    assert not ImportRun.objects.exists()
    assert not ImportItem.objects.exists()


def test_columns_that_name_no_product_are_refused() -> None:
    with pytest.raises(UnknownColumns, match="No column names a product"):
        staged(b"colour,price\nred,5\n")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_encodings_are_found(encoding: str) -> None:
    product_index()

    report = tried("handle;title\nstuhl;Stühle für Gäste: 5 €\n".encode(encoding))

    item = report.run.items.get()
    assert item.report["label"] == "Stühle für Gäste: 5 €"
    assert any("Windows-1252" in note for note in report.run.notes) == (encoding == "cp1252")


def test_a_workbook_of_somebody_else_is_read_as_it_looks() -> None:
    product_index()

    run = staged(
        xlsx_of(
            [["handle", "title", "weight_grams", "sku"], ["a", "=1+1", 1200.0, 42], [], ["b", "B", 7, "x"]]
        ),
        name="goods.xlsx",
    )

    first, second = run.items.order_by("position")
    assert first.data == [[2, {"handle": "a", "weight_grams": "1200", "sku": "42"}]], "a formula is never run"
    assert second.data[0][0] == 4


def test_a_sku_that_is_in_a_file_twice_refuses_both_products() -> None:
    product_index()

    report = imported(
        csv_of(
            {"handle": "a", "title": "A", "sku": "ONE"},
            {"handle": "b", "title": "B", "sku": "one"},
            {"handle": "c", "title": "C", "sku": "two"},
        )
    )

    assert problems_of(report) == [(2, "sku", "duplicate"), (3, "sku", "duplicate")]
    assert [page.slug for page in ProductPage.objects.all()] == ["c"]


def test_a_circle_of_categories_is_refused() -> None:
    CategoryFactory(slug="a", name="A")

    report = imported(
        csv_of(
            {"slug": "a", "name": "A", "parent": "b"},
            {"slug": "b", "name": "B", "parent": "c"},
            {"slug": "c", "name": "C", "parent": "a"},
            {"slug": "d", "name": "D", "parent": ""},
        ),
        kind="categories",
    )

    assert {code for _, _, code in problems_of(report)} <= {"cycle", "unknown_category"}
    assert report.counts["refused"] == 3
    assert set(Category.objects.values_list("slug", "parent__slug")) == {("a", None), ("d", None)}
