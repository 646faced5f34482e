"""
Reading a file as a table, row by row, whatever it claims to be.

Nothing here trusts the file: not its name, its size, its encoding, nor what is packed into it.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, Final

from shop.spreadsheets.cells import LARGEST_CELL
from shop.spreadsheets.errors import UnreadableFile

MAX_ROWS: Final = 200_000
MAX_COLUMNS: Final = 300
MAX_BYTES: Final = 200 * 1024 * 1024
LONGEST_HEADER: Final = 200

_SAMPLE: Final = 64 * 1024
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(slots=True)
class Table:
    """
    The headers of a file and its rows: ``(row number as a spreadsheet program shows it, texts)``.

    Rows without any text are left out; what was noticed on the way is in ``notes``.
    """

    headers: list[str]
    rows: Iterator[tuple[int, list[str]]]
    notes: list[str] = field(default_factory=list)


def read_table(file: BinaryIO, *, name: str) -> Table:
    """
    Open a CSV or XLSX file by what is in it. The file must stay open while rows are read.

    :raises UnreadableFile: at once, or while rows are read
    """
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    if size == 0:
        raise UnreadableFile(f"{name} is empty. Save it once more and try again.")
    if size > MAX_BYTES:
        raise UnreadableFile(f"{name} has more than {MAX_BYTES // 1024 // 1024} MB. Split it.")
    start = file.read(8)
    file.seek(0)
    if start.startswith(b"PK\x03\x04"):
        from shop.spreadsheets.workbooks import read_workbook

        return _bounded(*read_workbook(file, name=name))
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableFile(
            f"{name} is an old Excel file (.xls) or has a password. Save it as .xlsx or CSV."
        )
    return _bounded(*_read_csv(file, name=name))


Rows = Iterator[tuple[int, Sequence[str]]]


def _bounded(rows: Rows, notes: list[str], decode: Callable[[str], str] = str) -> Table:
    """The table of some rows, the first of which holds the headers."""
    first = next(rows, None)
    if first is None:
        raise UnreadableFile("The file has no rows. The first one must hold the names of the columns.")
    headers = _check_headers([decode(text).strip() for text in first[1]])
    return Table(headers=headers, rows=_check_rows(rows, len(headers)), notes=notes)


def _check_headers(headers: list[str]) -> list[str]:
    while headers and not headers[-1]:
        headers.pop()
    if not headers:
        raise UnreadableFile("The first row is empty. It must hold the names of the columns.")
    if len(headers) > MAX_COLUMNS:
        raise UnreadableFile(f"The file has more than {MAX_COLUMNS} columns. Leave out what is not needed.")
    seen: set[str] = set()
    for header in headers:
        if len(header) > LONGEST_HEADER:
            raise UnreadableFile(
                f"The first row must hold the names of the columns; “{header[:40]}…” is too long for one."
            )
        if header and header.casefold() in seen:
            raise UnreadableFile(f"The column “{header}” is there twice. Remove or rename one of them.")
        seen.add(header.casefold())
    return headers


def _check_rows(rows: Rows, width: int) -> Iterator[tuple[int, list[str]]]:
    count = 0
    for number, cells in rows:
        if not any(cells):
            continue
        count += 1
        if count > MAX_ROWS:
            raise UnreadableFile(f"The file has more than {MAX_ROWS} rows. Split it into several files.")
        if len(cells) > width and any(cells[width:]):
            raise UnreadableFile(
                f"Row {number} has more cells than there are headers: a quotation mark or a separator is "
                "probably missing there."
            )
        for cell in cells:
            if len(cell) > LARGEST_CELL:
                raise UnreadableFile(f"Row {number} has a cell of more than {LARGEST_CELL} characters.")
            if "\x00" in cell:
                raise UnreadableFile(f"Row {number} holds a NUL character: the file is damaged, or no text.")
        yield number, [*cells[:width], *[""] * (width - len(cells))]


def _read_csv(file: BinaryIO, *, name: str) -> tuple[Rows, list[str]]:
    encoding, notes = _find_encoding(file, name=name)
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    try:
        sample = text.read(_SAMPLE)
    except UnicodeError as error:
        raise UnreadableFile(f"{name} is no text in {encoding}. Save it as CSV in UTF-8.") from error
    text.seek(0)
    delimiter = _find_delimiter(sample)
    if delimiter != ",":
        notes.append(f"Cells are separated by {'tabs' if delimiter == chr(9) else f'“{delimiter}”'}.")
    return _csv_rows(text, delimiter, name), notes


def _csv_rows(text: io.TextIOWrapper, delimiter: str, name: str) -> Rows:
    # The limit is the module's, not the reader's; nobody else of this process reads CSV with another one.
    csv.field_size_limit(LARGEST_CELL * 2)
    # Lines are cut before the reader collects them, so that a line of 1 GB is never held.
    reader = csv.reader(_bounded_lines(text), delimiter=delimiter)
    number = 1
    try:
        for cells in reader:
            if number == 1 and len(cells) > MAX_COLUMNS * 2:
                raise UnreadableFile(f"{name} has more than {MAX_COLUMNS} columns.")
            yield number, cells
            number += 1
    except csv.Error as error:
        raise UnreadableFile(f"{name}, row {number}: {_explain(error)}") from error
    except UnicodeError as error:
        raise UnreadableFile(
            f"{name} changes its encoding near row {number}. Save it as CSV in UTF-8."
        ) from error
    finally:
        # The file belongs to the caller, who may have closed it already.
        if not text.closed:
            text.detach()


def _explain(error: csv.Error) -> str:
    if "field larger than" in str(error):
        return (
            f"a cell has more than {LARGEST_CELL} characters. A quotation mark that is never closed looks "
            "like that, too."
        )
    return f"this is no CSV ({error})."


def _bounded_lines(text: io.TextIOWrapper) -> Iterator[str]:
    longest = LARGEST_CELL * 4
    while line := text.readline(longest):
        if len(line) == longest and not line.endswith(("\n", "\r")):
            raise UnreadableFile(
                f"A line has more than {longest} characters: the file is no table, or its lines have no ends."
            )
        yield line


def _find_encoding(file: BinaryIO, *, name: str) -> tuple[str, list[str]]:
    start = file.read(_SAMPLE)
    file.seek(0)
    for bom, encoding in _BOMS:
        if start.startswith(bom):
            return encoding, []
    if b"\x00" in start:
        # UTF-16 without a mark: every other byte of plain Latin is a zero.
        half = len(start) // 2 or 1
        if start[1::2].count(0) > half * 0.4:
            return "utf-16-le", ["The file is in UTF-16 without saying so."]
        if start[0::2].count(0) > half * 0.4:
            return "utf-16-be", ["The file is in UTF-16 without saying so."]
        raise UnreadableFile(f"{name} is neither CSV nor XLSX. Save it as one of them.")
    if _is_utf8(file):
        return "utf-8", []
    note = (
        "The file is not in UTF-8; it was read as Windows-1252. Look whether accents and umlauts are right, "
        "or save it as CSV in UTF-8."
    )
    return "cp1252", [note]


def _is_utf8(file: BinaryIO) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while block := file.read(1024 * 1024):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    finally:
        file.seek(0)
    return True


def _find_delimiter(sample: str) -> str:
    """The separator that the header row has most often, outside of quotation marks."""
    header: list[str] = []
    quoted = False
    for character in sample:
        if character == '"':
            quoted = not quoted
        elif character in "\r\n" and not quoted:
            if header:
                break
        elif not quoted:
            header.append(character)
    counts = {delimiter: header.count(delimiter) for delimiter in (",", ";", "\t", "|")}
    best = max(counts, key=lambda delimiter: counts[delimiter])
    return best if counts[best] else ","
