"""
Reading XLSX without trusting it.

An XLSX is a ZIP of XML. What it would unpack to is known before anything is unpacked, entities are refused
by defusedxml (openpyxl uses it when it is there), formulas are read as the value that was last shown.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time
from typing import Any, BinaryIO, Final
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from shop.spreadsheets.cells import LARGEST_CELL, decode_from_xlsx
from shop.spreadsheets.errors import UnreadableFile

MAX_ENTRIES: Final = 500
MAX_UNPACKED: Final = 1024 * 1024 * 1024
# Texts that cells share are held in memory while rows are read.
MAX_SHARED_TEXTS: Final = 100 * 1024 * 1024
# XML of a table packs to a tenth or so; a bomb to a thousandth.
MAX_RATIO: Final = 200
SMALL: Final = 10 * 1024 * 1024

_MAX_SHEET_ROWS: Final = 1_048_576

Rows = Iterator[tuple[int, Sequence[str]]]

_BROKEN: Final = (
    zipfile.BadZipFile,
    InvalidFileException,
    ParseError,
    DefusedXmlException,
    KeyError,
    ValueError,
    IndexError,
    TypeError,
    AttributeError,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
)


def read_workbook(file: BinaryIO, *, name: str) -> tuple[Rows, list[str], Callable[[str], str]]:
    """
    Open the first sheet that is not hidden.

    :raises UnreadableFile: at once, or while rows are read
    """
    try:
        _check_archive(file, name=name)
        # With data_only=True a formula is what it last showed, or nothing; it is never run or kept.
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    except UnreadableFile:
        raise
    except _BROKEN as error:
        raise _damaged(name) from error
    if not sheets:
        raise UnreadableFile(f"{name} has no sheet that is shown.")
    notes = [f"Only the sheet “{sheets[0].title}” was read."] if len(sheets) > 1 else []
    return _rows(sheets[0], name), notes, str


def _damaged(name: str) -> UnreadableFile:
    return UnreadableFile(f"{name} is damaged, or no XLSX file. Open it, save it as .xlsx, and try again.")


def _check_archive(file: BinaryIO, *, name: str) -> None:
    with zipfile.ZipFile(file) as archive:
        entries = archive.infolist()
    file.seek(0)
    if len(entries) > MAX_ENTRIES:
        raise UnreadableFile(
            f"{name} has more than {MAX_ENTRIES} parts inside. Save it anew without pictures."
        )
    total = 0
    for entry in entries:
        total += entry.file_size
        packed = max(entry.compress_size, 1)
        if entry.flag_bits & 0x1:
            raise UnreadableFile(f"{name} has a password. Save it without one.")
        if entry.file_size > SMALL and entry.file_size / packed > MAX_RATIO:
            raise UnreadableFile(f"{name} unpacks to far more than it holds, and was not opened.")
        if "sharedstrings" in entry.filename.lower() and entry.file_size > MAX_SHARED_TEXTS:
            raise UnreadableFile(f"{name} holds too much text for one file. Split it, or save it as CSV.")
    if total > MAX_UNPACKED:
        raise UnreadableFile(f"{name} unpacks to more than 1 GB, and was not opened.")


def _rows(sheet: Any, name: str) -> Rows:
    # What the sheet says of its own size is not asked: it may claim a million columns.
    sheet.reset_dimensions()
    rows = sheet.iter_rows(max_row=_MAX_SHEET_ROWS, values_only=True)
    number = 0
    try:
        for number, cells in enumerate(rows, start=1):
            yield number, [_text(cell) for cell in cells]
    except UnreadableFile:
        raise
    except _BROKEN as error:
        raise UnreadableFile(f"{name} is damaged after row {number}.") from error


def _text(cell: Any) -> str:
    """What stands in a cell, as text that the columns understand."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return decode_from_xlsx(cell[: LARGEST_CELL * 2])
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        # 0.1 + 0.2 is 0.30000000000000004 in the file; Excel itself shows 15 digits.
        return str(int(cell)) if cell.is_integer() and abs(cell) < 10**15 else f"{cell:.15g}"
    if isinstance(cell, datetime | date | time):
        return cell.isoformat()
    return str(cell)
