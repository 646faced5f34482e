"""What every sheet is made of: cells in rows and columns, where what was typed meets what stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from django.http import QueryDict
from django.urls import reverse

from shop.catalogue.grid import (
    Adjustment,
    CellChange,
    CellErrors,
    CellKey,
    Column,
    GridColumns,
    tell_conflict,
)
from shop.catalogue.models import ProductVariant
from shop.catalogue.variant_columns import RowInput

if TYPE_CHECKING:
    from shop.customers.models import User


@dataclass(slots=True)
class Cell:
    """One field of the sheet."""

    column: Column
    name: str
    label: str
    value: str
    seen: str
    is_editable: bool
    group: str = ""
    url: str = ""
    note: str = ""
    error: str = ""

    @property
    def is_changed(self) -> bool:
        return self.value.strip() != self.seen

    @property
    def shown_value(self) -> str:
        """What is read where there is no field: the label of a choice."""
        return dict(self.column.choices).get(self.value, self.value)


@dataclass(slots=True)
class Row:
    """One variant of the sheet, or one to be made."""

    key: str
    variant: ProductVariant | None
    cells: list[Cell] = field(default_factory=list)
    is_archiving: bool = False
    is_chosen: bool = False

    @property
    def is_blank(self) -> bool:
        return self.variant is None and not any(cell.is_changed for cell in self.cells)

    @property
    def label(self) -> str:
        """How the row is called in labels and messages."""
        if self.variant is not None:
            return self.variant.sku
        return f"New variant {self.key.removeprefix('n')}"


@dataclass(frozen=True, slots=True)
class Group:
    """
    Columns that one app brings, with the right to change them.

    ``is_optional``: the script can hide them; ``is_folded``: it does at first.
    """

    slug: str
    heading: str
    columns: Sequence[Column]
    is_editable: bool
    brought_by: GridColumns | None = None
    is_optional: bool = True
    is_folded: bool = False


class CellGrid:
    """
    A sheet for one user.

    Each field comes with what its reader saw (``<name>:seen``): only cells that differ from it are
    saved, and a cell that somebody else has changed meanwhile is shown instead of overwritten.
    """

    groups: Sequence[Group]
    rows: list[Row]

    def __init__(self, user: User, typed: QueryDict | None) -> None:
        self.user = user
        self.typed = typed
        self.errors: dict[CellKey, str] = {}

    @property
    def can_edit(self) -> bool:
        """Whether there is anything that the user may change."""
        return any(group.is_editable for group in self.groups)

    @property
    def changed_cells(self) -> list[Cell]:
        """The cells in which something else stands than was seen."""
        return [cell for row in self.rows for cell in row.cells if cell.is_editable and cell.is_changed]

    @property
    def adjustable_columns(self) -> list[Column]:
        """The columns that can be changed by percent or by an amount."""
        return [
            column
            for group in self.groups
            for column in group.columns
            if group.is_editable and column.adjuster is not None
        ]

    def typed_list(self, name: str) -> list[str]:
        """What the form sent under this name; nothing where no form was sent."""
        return self.typed.getlist(name) if self.typed is not None else []

    def _cell(
        self, row: Row, group: Group, column: Column, stands: Mapping[str, str], *, is_open: bool, note: str
    ) -> Cell:
        name = f"{row.key}:{column.name}"
        is_field = is_open and group.is_editable and not column.is_fixed and not note
        first = column.choices[0][0] if column.choices else ""
        now = stands.get(column.name, first)
        value, seen = now, now
        if is_field and self.typed is not None and name in self.typed:
            value = str(self.typed[name])
            seen = self.typed.get(f"{name}:seen", "") if row.variant else now
        part = f"{column.part_label}: " if column.part_label and group.heading == column.part_label else ""
        label = f"{part}{column.heading}, {row.label}"
        cell = Cell(column, name, label, value, seen, is_field, group.slug, note=note)
        if row.variant is not None:
            if column.url_name:
                cell.url = reverse(column.url_name, args=[row.variant.pk])
            self._meet(row, cell, now)
        return cell

    def _meet(self, row: Row, cell: Cell, now: str) -> None:
        """Bring together what stands, what was seen and what was typed."""
        if cell.seen == now:
            return
        if cell.is_changed and cell.value.strip() != now:
            self.errors[row.key, cell.column.name] = tell_conflict(cell.seen, now)
        elif not cell.is_changed:
            cell.value = now
        cell.seen = now

    def show_errors(self) -> None:
        """Put each error beside its cell."""
        for row in self.rows:
            for cell in row.cells:
                cell.error = self.errors.get((row.key, cell.column.name), "")

    def list_errors(self) -> tuple[list[str], list[dict[str, str]]]:
        """Return what is wrong with the whole sheet, and what with each cell in the order of the rows."""
        cells = [(row.key, cell) for row in self.rows for cell in row.cells]
        shown = {(key, cell.column.name) for key, cell in cells}
        summary = [
            {"id": cell.name, "label": cell.label, "error": cell.error} for _, cell in cells if cell.error
        ]
        return [message for key, message in self.errors.items() if key not in shown], summary

    def adjust(self, column: Column, adjustment: Adjustment) -> dict[str, str]:
        """
        Change a column in the ticked rows, or in all where none is ticked, without saving.

        :return: what now stands in the cells that differ, by their names; ``errors`` has the others
        """
        if column.adjuster is None:
            raise TypeError(f"{column.name} cannot be changed by percent.")
        change = column.adjuster(adjustment)
        chosen = [row for row in self.rows if row.is_chosen] or self.rows
        changed = {}
        for row in chosen:
            for cell in row.cells:
                if cell.column.name != column.name or not cell.is_editable:
                    continue
                try:
                    value = change(cell.value)
                except ValueError as error:
                    self.errors[row.key, column.name] = str(error)
                    continue
                if value != cell.value:
                    cell.value = changed[cell.name] = value
        return changed

    def _own_input(self, row: Row) -> RowInput | None:
        own = [group for group in self.groups if group.brought_by is None]
        names = {column.name for group in own for column in group.columns}
        cells = {
            cell.column.name: cell.value
            for cell in row.cells
            if cell.column.name in names and (cell.is_changed or row.variant is None)
        }
        return RowInput(row.key, row.variant, cells) if cells else None

    def _save_brought(
        self, rows: Sequence[Row], created: Mapping[str, ProductVariant], *, at: datetime
    ) -> dict[CellKey, str]:
        """Save what the apps have brought; returns what is wrong."""
        errors: dict[CellKey, str] = {}
        brought: dict[GridColumns, set[str]] = defaultdict(set)
        for group in self.groups:
            if group.brought_by is not None and group.is_editable:
                brought[group.brought_by] |= {column.name for column in group.columns}
        for columns, names in brought.items():
            changes = _changes(rows, names, created)
            errors |= columns.check([one for one in changes if not one.variant_id])
            held = [one for one in changes if one.variant_id]
            if held:
                try:
                    columns.save(held, actor=self.user, at=at)
                except CellErrors as refused:
                    errors |= refused.errors
        return errors


def _changes(
    rows: Iterable[Row], names: Collection[str], created: Mapping[str, ProductVariant]
) -> list[CellChange]:
    changes = []
    for row in rows:
        variant = row.variant or created.get(row.key)
        changes += [
            CellChange(
                row=row.key,
                variant_id=variant.pk if variant else 0,
                column=cell.column.name,
                seen=cell.seen,
                value=cell.value.strip(),
            )
            for cell in row.cells
            if cell.column.name in names and cell.is_changed
        ]
    return changes
