"""The report of an import, row by row: for its page, and as a file for spreadsheets."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import Model

from shop.catalogue.models import Category, ProductPage
from shop.core.jobs.report import escape_formula
from shop.spreadsheets.models import ImportItem, ImportRun
from shop.spreadsheets.selectors import list_reported

ROWS_AT_ONCE: Final = 500
CELLS_SHOWN: Final = 12
ROWS_NAMED: Final = 8
HEADINGS: Final = ("rows", "key", "title", "result", "what", "row", "column", "before", "after", "message")


class _Line:
    """Takes what ``csv`` writes and hands it on."""

    def write(self, text: str) -> str:
        return text


@dataclass(frozen=True, slots=True)
class Change:
    """One cell: what was and what will be."""

    row: int
    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with a cell, and the mend."""

    row: int
    label: str
    message: str


@dataclass(frozen=True, slots=True)
class ReportedItem:
    """One product or category of the report, in words."""

    action: str
    action_label: str
    key: str
    title: str
    rows: str
    is_there: bool
    object_id: int | None
    changes: list[Change] = field(default_factory=list)
    errors: list[Trouble] = field(default_factory=list)
    warnings: list[Trouble] = field(default_factory=list)
    cells: list[tuple[str, str]] = field(default_factory=list)


def key_in_words(key: str) -> str:
    """Return ``LAMP-OAK`` for ``sku:LAMP-OAK``: what the file itself says."""
    return key.partition(":")[2] or key


def rows_in_words(rows: list[int]) -> str:
    """Return ``Row 2`` or ``Rows 2, 3, 4``, cut short."""
    if len(rows) == 1:
        return f"Row {rows[0]}"
    named = ", ".join(str(number) for number in rows[:ROWS_NAMED])
    return f"Rows {named}" + (f" and {len(rows) - ROWS_NAMED} more" if len(rows) > ROWS_NAMED else "")


def describe_items(
    items: Iterable[ImportItem], *, kind: str, labels: Mapping[str, str]
) -> list[ReportedItem]:
    """Some items of a report in words; one query, for which of their goods are there."""
    items = list(items)
    model: type[Model] = Category if kind == ImportRun.Kind.CATEGORIES else ProductPage
    ids = [item.object_id for item in items if item.object_id]
    there = set(model._default_manager.filter(pk__in=ids).values_list("pk", flat=True)) if ids else set()
    return [_describe(item, there, labels) for item in items]


def _describe(item: ImportItem, there: set[int], labels: Mapping[str, str]) -> ReportedItem:
    report: Mapping[str, Any] = item.report
    title = str(report.get("label", "") or "")
    return ReportedItem(
        action=item.action,
        action_label=str(item.get_action_display()),
        key=key_in_words(item.key),
        title=key_in_words(item.key) if title == item.key else title,
        rows=rows_in_words(report.get("rows", [])),
        is_there=item.object_id in there,
        object_id=item.object_id,
        changes=[
            Change(
                change["row"], labels.get(change["column"], change["column"]), change["old"], change["new"]
            )
            for change in report.get("changes", [])
        ],
        errors=_troubles(report.get("errors", []), labels),
        warnings=_troubles(report.get("warnings", []), labels),
        cells=_cells(item, labels) if item.action == ImportItem.Action.CREATED else [],
    )


def _troubles(problems: Iterable[Mapping[str, Any]], labels: Mapping[str, str]) -> list[Trouble]:
    return [
        Trouble(problem["row"], labels.get(problem["column"], problem["column"]), problem["message"])
        for problem in problems
    ]


def _cells(item: ImportItem, labels: Mapping[str, str]) -> list[tuple[str, str]]:
    """What the first row says of something new."""
    if not item.data:
        return []
    _, cells = item.data[0]
    return [(labels.get(name, name), text[:200]) for name, text in list(cells.items())[:CELLS_SHOWN]]


def iterate_report(run: ImportRun) -> Iterator[str]:
    """Yield the lines of the report as CSV, with memory for some hundred items only."""
    writer = csv.writer(_Line())
    # The mark by which Excel knows UTF-8.
    yield "\ufeff" + writer.writerow(HEADINGS)
    for item in list_reported(run).iterator(chunk_size=ROWS_AT_ONCE):
        for line in _lines(item):
            yield writer.writerow([escape_formula(str(cell)) for cell in line])


def _lines(item: ImportItem) -> Iterator[tuple[Any, ...]]:
    report: Mapping[str, Any] = item.report
    rows = " ".join(str(number) for number in report.get("rows", []))
    head = (rows, key_in_words(item.key), report.get("label", ""), item.action)
    told = False
    for change in report.get("changes", []):
        told = True
        yield (*head, "change", change["row"], change["column"], change["old"], change["new"], "")
    for what in ("errors", "warnings"):
        for problem in report.get(what, []):
            told = True
            yield (*head, what[:-1], problem["row"], problem["column"], "", "", problem["message"])
    if not told:
        yield (*head, "", "", "", "", "", "")
