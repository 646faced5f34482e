"""
How a value is written into one cell, so that it comes back as it was.

Spreadsheet programs run cells that begin with = + - @ or a tab as formulas (CWE-1236). Such texts get an
apostrophe in front, and so does a text of apostrophes before one of these; reading takes one off. No other
text is touched, so that the pair is exact in both directions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Final

from django.utils.dateparse import parse_datetime

LARGEST_CELL: Final = 100_000

_FORMULA: Final = re.compile(r"'*[=+\-@\t\r]")
_ESCAPED: Final = re.compile(r"'+[=+\-@\t\r]")
# What XML 1.0 cannot hold, and what its parsers change (carriage returns); written as _xHHHH_ (ECMA-376,
# part 1, section 22.4.2.4), as Excel itself does. An underscore that begins such a text is written so too.
_NOT_IN_XML: Final = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_XML_ESCAPE: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")


class CellRefused(ValueError):
    """A text that cannot be what its column holds; the message says how to mend it."""

    def __init__(self, message: str, *, code: str = "invalid") -> None:
        self.code = code
        super().__init__(message)


def escape_formula(text: str) -> str:
    """The text as it is written, which no spreadsheet program takes for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def unescape_formula(text: str) -> str:
    """The text as it was before :func:`escape_formula`."""
    return text[1:] if _ESCAPED.match(text) else text


def encode_for_xlsx(text: str) -> str:
    """The text in characters that XML can hold and leaves alone."""
    return _NOT_IN_XML.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


def decode_from_xlsx(text: str) -> str:
    """The text as it was before :func:`encode_for_xlsx`, or before Excel did the same."""
    return _XML_ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)


def join_list(parts: Iterable[str], separator: str = "|") -> str:
    """
    Several texts in one cell: ``oak | dimmable``.

    A separator, a backslash and a space at an end are written with a backslash in front.
    """
    return f" {separator} ".join(_protect(part, separator) for part in parts)


def _protect(part: str, separator: str) -> str:
    text = part.replace("\\", "\\\\").replace(separator, f"\\{separator}")
    stripped = text.lstrip()
    leading = text[: len(text) - len(stripped)]
    kept = stripped.rstrip()
    trailing = stripped[len(kept) :]
    return "".join(f"\\{space}" for space in leading) + kept + "".join(f"\\{space}" for space in trailing)


def split_list(text: str, separator: str = "|") -> list[str]:
    """The texts of a cell as :func:`join_list` writes it; empty ones are left out."""
    parts: list[list[tuple[str, bool]]] = [[]]
    is_protected = False
    for character in text:
        if is_protected:
            parts[-1].append((character, True))
            is_protected = False
        elif character == "\\":
            is_protected = True
        elif character == separator:
            parts.append([])
        else:
            parts[-1].append((character, False))
    if is_protected:
        parts[-1].append(("\\", True))
    return [found for found in (_strip(part) for part in parts) if found]


def _strip(part: list[tuple[str, bool]]) -> str:
    """The text without the spaces at its ends that nothing protects."""
    first, last = 0, len(part)
    while first < last and part[first][0].isspace() and not part[first][1]:
        first += 1
    while last > first and part[last - 1][0].isspace() and not part[last - 1][1]:
        last -= 1
    return "".join(character for character, _ in part[first:last])


def parse_whole(text: str, *, at_most: int, at_least: int = 0) -> int | None:
    """
    A whole number, or ``None`` for an empty cell.

    :raises CellRefused: for anything else, and beyond the bounds
    """
    if not text:
        return None
    cleaned = text.strip()
    # Excel shows a column of whole numbers as 12.0 when one cell had a decimal point.
    cleaned = cleaned[:-2] if cleaned.endswith((".0", ",0")) else cleaned
    if not re.fullmatch(r"-?[0-9]{1,12}", cleaned, flags=re.ASCII):
        raise CellRefused(f"“{text[:40]}” is no whole number: write digits only, such as 12.")
    number = int(cleaned)
    if not at_least <= number <= at_most:
        raise CellRefused(f"{number} is out of bounds: write a number from {at_least} to {at_most}.")
    return number


def parse_amount(text: str) -> Decimal | None:
    """
    An amount of money, or ``None`` for an empty cell; "12.50", "12,50" and "1234.5" are understood.

    :raises CellRefused: where the thousands cannot be told from the cents
    """
    cleaned = text.strip().replace("\u00a0", "")
    if not cleaned:
        return None
    if re.fullmatch(r"[0-9]+,[0-9]{1,4}", cleaned, flags=re.ASCII) and not re.fullmatch(
        r"[0-9]{1,3},[0-9]{3}", cleaned, flags=re.ASCII
    ):
        cleaned = cleaned.replace(",", ".")
    if not re.fullmatch(r"[0-9]{1,14}(?:\.[0-9]{1,8})?", cleaned, flags=re.ASCII):
        raise CellRefused(
            f"“{text[:40]}” is no amount: write digits and one point, without currency or thousands, "
            "such as 1234.50."
        )
    try:
        return Decimal(cleaned)
    except InvalidOperation as error:  # pragma: no cover
        raise CellRefused("Write an amount such as 12.50.") from error


def parse_yes_no(text: str) -> bool | None:
    """
    Yes or no, or ``None`` for an empty cell.

    :raises CellRefused: for anything else
    """
    answer = text.strip().lower()
    if not answer:
        return None
    if answer in ("yes", "true", "1", "y"):
        return True
    if answer in ("no", "false", "0", "n"):
        return False
    raise CellRefused(f"“{text[:40]}” is neither yes nor no: write “yes” or “no”.")


def parse_moment(text: str) -> object:
    """
    A moment with its offset from UTC, or ``None`` for an empty cell.

    :raises CellRefused: for anything else
    """
    if not text.strip():
        return None
    try:
        moment = parse_datetime(text.strip())
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise CellRefused(
            f"“{text[:40]}” is no moment: write date, time and offset, such as 2027-03-01T09:00:00+00:00."
        )
    return moment
