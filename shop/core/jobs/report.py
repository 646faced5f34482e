"""A job's report as a file for spreadsheets."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Final

from shop.core.models import BackgroundJob

HEADINGS: Final = ("row", "status", "what", "detail")
# What spreadsheets take for the beginning of a formula.
FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
ROWS_AT_ONCE: Final = 1000


class _Line:
    """Takes what ``csv`` writes and hands it on."""

    def write(self, text: str) -> str:
        return text


def escape_formula(text: str) -> str:
    """Return the text so that no spreadsheet runs it: what could begin a formula gets an apostrophe."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def iterate_csv(job: BackgroundJob) -> Iterator[str]:
    """Yield the lines of the report, with memory for a thousand rows only."""
    writer = csv.writer(_Line())
    # The mark by which Excel knows UTF-8.
    yield "\ufeff" + writer.writerow(HEADINGS)
    columns = ("position", "status", "label", "detail")
    rows = job.rows.order_by("position").values_list(*columns).iterator(chunk_size=ROWS_AT_ONCE)
    for position, status, label, detail in rows:
        yield writer.writerow([position, status, escape_formula(label), escape_formula(detail)])
