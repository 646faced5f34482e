"""One product's sheet: what stands in it, what was typed, and saving all of it or nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.http import QueryDict

from shop.catalogue.grid import (
    NOTE,
    CellErrors,
    CellKey,
    registered_columns,
)
from shop.catalogue.grid_cells import CellGrid, Group, Row
from shop.catalogue.models import ProductPage, ProductVariant
from shop.catalogue.selectors import list_active_variants, list_archived_variants
from shop.catalogue.sold import find_sold_variants
from shop.catalogue.variant_columns import VariantColumns

if TYPE_CHECKING:
    from shop.customers.models import User

MAX_NEW_ROWS = 200


class GridSheet(CellGrid):
    """The sheet of one product for one user."""

    def __init__(
        self,
        product: ProductPage,
        user: User,
        *,
        chosen_attributes: Collection[str] = (),
        new_rows: int = 1,
        typed: QueryDict | None = None,
    ) -> None:
        super().__init__(user, typed)
        self.product = product
        self.own = VariantColumns(product, chosen=chosen_attributes)
        self.groups = self._groups()
        self.variants = list(list_active_variants(product_ids=[product.pk]))
        self.archived = list(list_archived_variants(product=product))
        self.sold = find_sold_variants([variant.pk for variant in self.variants])
        self.restoring = {int(pk) for pk in self.typed_list("restore") if pk.isdigit()}
        self.can_add = self.groups[0].is_editable and user.has_perm("catalogue.add_productvariant")
        self.current = self._load_current()
        self.rows = self._rows(new_rows)

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

    def _rows(self, new_rows: int) -> list[Row]:
        rows = [self._row(f"v{variant.pk}", variant) for variant in self.variants]
        if not self.can_add:
            return rows
        typed_new = [key for key in self.typed_list("row") if key.startswith("n") and key[1:].isdigit()]
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
            is_open = variant is not None or self.can_add
            for column in group.columns:
                note = stands.get(f"{column.name}{NOTE}", "")
                if column.name == "sku" and variant is not None and variant.pk in self.sold:
                    note = "Sold, so it stays."
                row.cells.append(self._cell(row, group, column, stands, is_open=is_open, note=note))
        return row

    def save(self, *, at: datetime) -> bool:
        """Save everything or nothing; on ``False``, the cells carry the errors and what was typed."""
        self._refuse_missing_rows()
        if not self.errors:
            try:
                with transaction.atomic():
                    self._write(at)
            except CellErrors as refused:
                self.errors |= refused.errors
        self.show_errors()
        return not self.errors

    def _refuse_missing_rows(self) -> None:
        present = {row.key for row in self.rows}
        for key in self.typed_list("row"):
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
        errors |= self._save_brought(rows, created, at=at)
        if errors:
            raise CellErrors(errors)
