"""
The sheets of variants, prices and stock, of one product and of many: who brings which columns.

The catalogue draws the sheets and knows the variants' own columns. Apps above it register theirs, so that
a merchandiser sees one table while each app keeps its own rules::

    register_grid_columns(PriceColumns())

Values go in and out as text, just as they are typed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, Protocol

import django_filters
from django.utils import timezone

if TYPE_CHECKING:
    from shop.catalogue.models import ProductPage, ProductVariant
    from shop.customers.models import User

MAX_DIGITS = 9
NO_MOMENT = "Write a day and a time, such as 2026-05-01 09:00."
NO_NUMBER = "Write a number such as 12.50, without a thousands separator."
NOTE = ":note"
CellKey = tuple[str, str]
"""Key of the row and name of the column."""


Adjuster = Callable[[str], str]
"""Changes the text of a cell. Raises ValueError when it is no number or nothing is left; with the mend."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """A change by so many percent or by so much; ``rounding`` is one of the column's ``roundings``."""

    percent: Decimal = Decimal(0)
    plus: Decimal = Decimal(0)
    rounding: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """
    One column of the sheet. ``name`` is unique on the sheet: begin it with the app's.

    A column that ``is_fixed`` is only read, whoever looks. One of the kind ``link`` leads to the admin's
    ``url_name`` with the key of the variant, and is fixed. On the sheet of many products the columns of one
    ``part`` (a price list, a warehouse) are shown together or not at all. One with an ``adjuster`` can be
    changed by percent or by an amount: it makes, of an adjustment, what changes the text of one cell.
    """

    name: str
    heading: str
    help_text: str = ""
    kind: Literal["text", "decimal", "integer", "choice", "moment", "link"] = "text"
    choices: tuple[tuple[str, str], ...] = ()
    url_name: str = ""
    is_wide: bool = False
    is_fixed: bool = False
    part: str = ""
    part_label: str = ""
    roundings: tuple[tuple[str, str], ...] = ()
    adjuster: Callable[[Adjustment], Adjuster] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CellChange:
    """A cell in which something else stands than the merchandiser was shown."""

    row: str
    variant_id: int
    column: str
    seen: str
    value: str

    @property
    def key(self) -> CellKey:
        """Where an error about it is shown."""
        return self.row, self.column


class CellErrors(Exception):
    """Some cells cannot be saved; nothing of the sheet is. Maps cells to what mends them."""

    def __init__(self, errors: Mapping[CellKey, str]) -> None:
        super().__init__("; ".join(errors.values()))
        self.errors = dict(errors)


class GridColumns(Protocol):
    """What an app brings to the sheet."""

    heading: str
    order: int
    """Where the columns stand: lower is further left."""
    bulk_action: str
    """Type of the bulk action on products that changes what stands in them; empty for none."""

    def columns(self, product: ProductPage | None) -> Sequence[Column]:
        """
        Return the columns for this product; none when there is nothing to fill in yet.

        Without a product: those of the sheet of many, each with its ``part``.
        """

    def filters(self) -> Mapping[str, django_filters.Filter]:
        """Return filters of variants, for the sheet of many, by the name of their field."""

    def can_edit(self, user: User) -> bool:
        """Whether the user may change these cells; others see them without fields."""

    def load(self, variants: Sequence[ProductVariant]) -> Mapping[int, Mapping[str, str]]:
        """
        Return what stands in the cells now, by primary key of the variant and name of the column.

        A cell with a word under its name and :data:`NOTE` is only read, and the word says why.
        """

    def check(self, changes: Sequence[CellChange]) -> Mapping[CellKey, str]:
        """
        Return what is wrong with cells of variants that could not be made: all errors are told at once.

        Their ``variant_id`` is 0.
        """

    def save(self, changes: Sequence[CellChange], *, actor: User, at: datetime) -> None:
        """
        Save the changes, inside the sheet's transaction.

        :raises CellErrors: with every cell that cannot be saved
        """


_registered: list[GridColumns] = []


def register_grid_columns(columns: GridColumns) -> None:
    """Add columns to the sheet; doing it twice changes nothing."""
    if all(type(held) is not type(columns) for held in _registered):
        _registered.append(columns)
        _registered.sort(key=lambda held: held.order)


def registered_columns() -> Sequence[GridColumns]:
    """What is registered, from left to right."""
    return tuple(_registered)


def tell_conflict(seen: str, now: str) -> str:
    """What is said of a cell that somebody else has changed since it was shown."""
    return f"Somebody has changed this from “{seen}” to “{now}” meanwhile. Save again to have it your way."


def parse_decimal(text: str) -> Decimal | None:
    """
    Read a number as people type or paste it: ``12.50``, ``12,50``, ``€ 1.234,50``; empty is ``None``.

    :raises ValueError: for anything else, with the mend
    """
    plain = re.sub(r"[\s'\u2019\u20ac$\u00a3]", "", text)
    if not plain:
        return None
    if not plain.isascii():
        raise ValueError(NO_NUMBER)
    if re.fullmatch(r"-?\d{1,3}(,\d{3})+\.\d+", plain):
        plain = plain.replace(",", "")
    elif re.fullmatch(r"-?\d{1,3}(\.\d{3})+,\d+", plain):
        plain = plain.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"-?\d+,\d{1,2}", plain):
        plain = plain.replace(",", ".")
    if not re.fullmatch(r"-?\d{1,14}(\.\d{1,6})?", plain):
        raise ValueError(NO_NUMBER)
    return Decimal(plain)


def parse_count(text: str) -> int | None:
    """
    Read a whole number of zero or more; empty is ``None``.

    :raises ValueError: for anything else, with the mend
    """
    plain = re.sub(r"\s", "", text)
    if not plain:
        return None
    if not (plain.isascii() and plain.isdigit() and len(plain) <= MAX_DIGITS):
        raise ValueError("Write a whole number of 0 or more, such as 25.")
    return int(plain)


def parse_moment(text: str) -> datetime | None:
    """
    Read a day and a time in the shop's own time zone: ``2026-05-01 09:00``, or a day alone for its midnight.

    :raises ValueError: for anything else, with the mend
    """
    plain = " ".join(text.split())
    if not plain:
        return None
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}([ T]\d{1,2}:\d{2}(:00)?)?", plain, re.ASCII):
        raise ValueError(NO_MOMENT)
    day, _, time = plain.replace("T", " ").partition(" ")
    try:
        wall = datetime.fromisoformat(f"{day} {time.zfill(5) if time else '00:00'}")
        moment = wall.replace(tzinfo=timezone.get_default_timezone()).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(NO_MOMENT) from None
    if format_moment(moment) != f"{wall:%Y-%m-%d %H:%M}":
        raise ValueError("The clocks skip this time on that day: choose an hour later.")
    return moment


def format_moment(moment: datetime | None) -> str:
    """A moment as :func:`parse_moment` reads it."""
    return (
        ""
        if moment is None
        else f"{timezone.localtime(moment, timezone.get_default_timezone()):%Y-%m-%d %H:%M}"
    )
