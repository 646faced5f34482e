"""Small files for tests, and the doors that they go through."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

from openpyxl import Workbook
from PIL import Image

from shop.core.jobs import run_inline
from shop.core.models import BackgroundJob
from shop.spreadsheets.models import ImportRun
from shop.spreadsheets.options import ImportOptions
from shop.spreadsheets.services import (
    Report,
    export,
    plan_import,
    report_of,
    stage_import,
    start_import,
)


def csv_of(*rows: dict[str, Any]) -> bytes:
    """A CSV of these rows; the headers are all of their names."""
    headers = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, headers, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def picture(colour: str = "#aa8844", kind: str = "PNG", size: tuple[int, int] = (64, 48)) -> bytes:
    """A picture of one colour."""
    drawn = io.BytesIO()
    Image.new("RGB", size, colour).save(drawn, kind)
    return drawn.getvalue()


def zip_of(files: Mapping[str, bytes], *, packing: int = zipfile.ZIP_STORED) -> bytes:
    """An archive of these files."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", packing) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def xlsx_of(rows: Sequence[Sequence[Any]]) -> bytes:
    """An XLSX as somebody's spreadsheet program would write it."""
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def staged(content: bytes, *, name: str = "goods.csv", mapping: str = "", **options: Any) -> ImportRun:
    kind = options.pop("kind", ImportRun.Kind.PRODUCTS)
    actor = options.pop("actor", None)
    pictures = options.pop("pictures", None)
    return stage_import(
        file=io.BytesIO(content),
        name=name,
        kind=kind,
        mapping=mapping,
        options=ImportOptions(**options),
        pictures=io.BytesIO(pictures) if pictures is not None else None,
        actor=actor,
    )


def tried(content: bytes, **options: Any) -> Report:
    """What a dry run says."""
    actor = options.get("actor")
    return plan_import(run=staged(content, **options), actor=actor)


def imported(content: bytes, **options: Any) -> Report:
    """What the import says, done to its end."""
    actor = options.get("actor")
    run = staged(content, **options)
    job = run_inline(start_import(run=run, actor=actor, inline=True))
    assert job.status == BackgroundJob.Status.DONE, job.error
    run.refresh_from_db()
    return report_of(run=run, is_trial=False)


def exported(file_format: str = "csv", **options: Any) -> bytes:
    file = io.BytesIO()
    export(file=file, file_format=file_format, **options)
    return file.getvalue()


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def problems_of(report: Report) -> list[tuple[int, str, str]]:
    """Row, column and code of everything that was refused."""
    return [
        (problem["row"], problem["column"], problem["code"])
        for item in report.items()
        for problem in item.report["errors"]
    ]
