"""One product's sheet: what stands in it, what was typed, and saving all of it or nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.http import QueryDict
from django.urls import reverse

from shop.catalogue.grid import (
    NOTE,
    CellChange,
    CellErrors,
    CellKey,
    Column,
    GridColumns,
    registered_columns,
)
from shop.catalogue.models import ProductPage, ProductVariant
from shop.catalogue.selectors import list_active_variants, list_archived_variants
from shop.catalogue.sold import find_sold_variants
from shop.catalogue.variant_columns import RowInput, VariantColumns

if TYPE_CHECKING:
    from shop.customers.models import User

MAX_NEW_ROWS = 200


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


class GridSheet:
    """
    The sheet of one product for one user.

    Each field comes with what its reader saw (``<name>:seen``): only cells that differ from it are
    saved, and a cell that somebody else has changed meanwhile is shown instead of overwritten.
    """

    def __init__(
        self,
        product: ProductPage,
        user: User,
        *,
        chosen_attributes: Collection[str] = (),
        new_rows: int = 1,
        typed: QueryDict | None = None,
    ) -> None:
        self.product = product
        self.user = user
        self.typed = typed
        self.errors: dict[CellKey, str] = {}
        self.own = VariantColumns(product, chosen=chosen_attributes)
        self.groups = self._groups()
        self.variants = list(list_active_variants(product_ids=[product.pk]))
        self.archived = list(list_archived_variants(product=product))
        self.sold = find_sold_variants([variant.pk for variant in self.variants])
        self.restoring = {int(pk) for pk in self._typed_list("restore") if pk.isdigit()}
        self.can_add = self.groups[0].is_editable and user.has_perm("catalogue.add_productvariant")
        self.current = self._load_current()
        self.rows = self._rows(new_rows)

    @property
    def can_edit(self) -> bool:
        """Whether there is anything that the user may change."""
        return any(group.is_editable for group in self.groups)

    def _groups(self) -> list[Group]:
        may_edit = self.own.can_edit(self.user)
        own = Group("own", self.own.heading, self.own.columns(), may_edit, is_optional=False)
        further = [
            Group(f"own-{number}", heading, columns, may_edit, is_folded=True)
            for number, (heading, columns) in enumerate(self.own.further_columns())
        ]
        brought = [
            Group(f"app-{number}", columns.heading, listed, columns.can_edit(self.user), columns)
            for number, columns in enumerate(registered_columns())
            if (listed := columns.columns(self.product))
        ]
        return [own, *brought, *further]

    def _load_current(self) -> dict[int, dict[str, str]]:
        current = {pk: dict(cells) for pk, cells in self.own.load(self.variants).items()}
        for group in self.groups:
            if group.brought_by is not None:
                for pk, cells in group.brought_by.load(self.variants).items():
                    current[pk] |= cells
        return current

    def _typed_list(self, name: str) -> list[str]:
        return self.typed.getlist(name) if self.typed is not None else []

    def _rows(self, new_rows: int) -> list[Row]:
        rows = [self._row(f"v{variant.pk}", variant) for variant in self.variants]
        if not self.can_add:
            return rows
        typed_new = [key for key in self._typed_list("row") if key.startswith("n") and key[1:].isdigit()]
        keys = list(dict.fromkeys(typed_new))[:MAX_NEW_ROWS]
        free = max((int(key[1:]) for key in keys), default=0) + 1
        keys += [f"n{number}" for number in range(free, free + max(0, new_rows - len(keys)))]
        return rows + [self._row(key, None) for key in keys]

    def template_row(self) -> Row | None:
        """The row that scripts copy, with ``__row__`` for its key."""
        return self._row("__row__", None) if self.can_add else None

    def _row(self, key: str, variant: ProductVariant | None) -> Row:
        row = Row(key, variant, is_archiving=f"{key}:archive" in (self.typed or {}))
        stands = self.current[variant.pk] if variant else self.own.blank()
        for group in self.groups:
            editable = group.is_editable and (variant is not None or self.can_add)
            for column in group.columns:
                name = f"{key}:{column.name}"
                is_sold_sku = column.name == "sku" and variant is not None and variant.pk in self.sold
                note = stands.get(f"{column.name}{NOTE}", "")
                is_field = editable and not column.is_fixed and not is_sold_sku and not note
                first = column.choices[0][0] if column.choices else ""
                now = stands.get(column.name, first)
                value, seen = now, now
                if is_field and self.typed is not None and name in self.typed:
                    value = str(self.typed[name])
                    seen = self.typed.get(f"{name}:seen", "") if variant else now
                label = f"{column.heading}, {row.label}"
                cell = Cell(column, name, label, value, seen, is_field, group.slug)
                cell.note = "Sold, so it stays." if is_sold_sku else note
                if variant is not None and column.url_name:
                    cell.url = reverse(column.url_name, args=[variant.pk])
                if variant is not None:
                    self._meet(row, cell, now)
                row.cells.append(cell)
        return row

    def _meet(self, row: Row, cell: Cell, now: str) -> None:
        """Bring together what stands, what was seen and what was typed."""
        if cell.seen == now:
            return
        if cell.is_changed and cell.value.strip() != now:
            self.errors[row.key, cell.column.name] = (
                f"Somebody has changed this from “{cell.seen}” to “{now}” meanwhile. "
                "Save again to have it your way."
            )
        elif not cell.is_changed:
            cell.value = now
        cell.seen = now

    def save(self, *, at: datetime) -> bool:
        """Save everything or nothing; on ``False``, the cells carry the errors and what was typed."""
        self._refuse_missing_rows()
        if not self.errors:
            try:
                with transaction.atomic():
                    self._write(at)
            except CellErrors as refused:
                self.errors |= refused.errors
        for row in self.rows:
            for cell in row.cells:
                cell.error = self.errors.get((row.key, cell.column.name), "")
        return not self.errors

    def _refuse_missing_rows(self) -> None:
        present = {row.key for row in self.rows}
        for key in self._typed_list("row"):
            if key.startswith("v") and key not in present:
                self.errors["", key] = (
                    "A variant of this sheet has been archived meanwhile: you find it below the table."
                )

    def _write(self, at: datetime) -> None:
        rows = [row for row in self.rows if not row.is_blank]
        archive = [row.variant.pk for row in rows if row.variant and row.is_archiving]
        errors: dict[CellKey, str] = {}
        created: Mapping[str, ProductVariant] = {}
        if self.groups[0].is_editable:
            inputs = [given for row in rows if (given := self._own_input(row)) is not None]
            try:
                created = self.own.save(
                    self.product,
                    inputs,
                    archive=archive,
                    restore=self.restoring,
                    actor=self.user,
                    at=at,
                )
            except CellErrors as refused:
                errors |= refused.errors
        for group in self.groups:
            if group.brought_by is None or not group.is_editable:
                continue
            try:
                changes = self._changes(rows, group, created)
                errors |= group.brought_by.check([one for one in changes if not one.variant_id])
                group.brought_by.save([one for one in changes if one.variant_id], actor=self.user, at=at)
            except CellErrors as refused:
                errors |= refused.errors
        if errors:
            raise CellErrors(errors)

    def _own_input(self, row: Row) -> RowInput | None:
        own = [group for group in self.groups if group.brought_by is None]
        names = {column.name for group in own for column in group.columns}
        cells = {
            cell.column.name: cell.value
            for cell in row.cells
            if cell.column.name in names and (cell.is_changed or row.variant is None)
        }
        return RowInput(row.key, row.variant, cells) if cells else None

    @staticmethod
    def _changes(
        rows: Sequence[Row], group: Group, created: Mapping[str, ProductVariant]
    ) -> list[CellChange]:
        names = {column.name for column in group.columns}
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
