"""Writing tables, row by row, as CSV or XLSX."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any, BinaryIO, Final, Protocol

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from shop.spreadsheets.cells import encode_for_xlsx, escape_formula
from shop.spreadsheets.errors import ExportRefused

# Excel's own limit; it would call a file with more in one cell damaged.
LARGEST_XLSX_CELL: Final = 32_767
LAST_XLSX_ROW: Final = 1_048_576


class TableWriter(Protocol):
    """What an export writes to."""

    def write(self, cells: Sequence[str]) -> None:
        """Write a row; texts that look like formulas are made harmless."""
        ...

    def close(self) -> None:
        """Write what is left; the file stays open."""
        ...


class CsvWriter:
    """CSV in UTF-8 with a mark, by which Excel knows it."""

    def __init__(self, file: BinaryIO) -> None:
        self._text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
        self._writer = csv.writer(self._text)

    def write(self, cells: Sequence[str]) -> None:
        self._writer.writerow([escape_formula(cell) for cell in cells])

    def close(self) -> None:
        self._text.flush()
        self._text.detach()


class XlsxWriter:
    """One sheet in which every cell is text, so that no SKU loses a zero and no date is guessed."""

    def __init__(self, file: BinaryIO, *, title: str) -> None:
        self._file = file
        self._book = Workbook(write_only=True)
        self._sheet = self._book.create_sheet(title)
        self._sheet.freeze_panes = "A2"
        self._rows = 0

    def write(self, cells: Sequence[str]) -> None:
        self._rows += 1
        if self._rows > LAST_XLSX_ROW:
            raise ExportRefused("A sheet has no more than 1,048,576 rows. Export to CSV instead.")
        self._sheet.append([self._cell(cell) for cell in cells])

    def _cell(self, text: str) -> Any:
        if not text:
            return None
        encoded = encode_for_xlsx(escape_formula(text))
        if len(encoded) > LARGEST_XLSX_CELL:
            raise ExportRefused(
                f"A cell of XLSX holds {LARGEST_XLSX_CELL} characters; “{text[:40]}…” has {len(encoded)}. "
                "Export to CSV instead."
            )
        cell = WriteOnlyCell(self._sheet, value=encoded)
        # Said, not guessed: “#N/A” would be taken for an error.
        cell.data_type = "s"
        cell.number_format = "@"
        return cell

    def close(self) -> None:
        self._book.save(self._file)


def open_writer(file: BinaryIO, *, file_format: str, title: str) -> TableWriter:
    """Return a writer of ``csv`` or ``xlsx``."""
    return XlsxWriter(file, title=title) if file_format == "xlsx" else CsvWriter(file)
