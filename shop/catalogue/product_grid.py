"""The sheet of many products: one row per variant, with the columns that were asked for."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.http import QueryDict

from shop.catalogue.grid import (
    NOTE,
    CellErrors,
    CellKey,
    Column,
    GridColumns,
    registered_columns,
    tell_conflict,
)
from shop.catalogue.grid_cells import CellGrid, Group, Row
from shop.catalogue.models import ProductVariant
from shop.catalogue.models.variants import ProductVariantQuerySet
from shop.catalogue.permissions import reachable_products
from shop.catalogue.selectors import with_attributes
from shop.catalogue.variant_columns import VariantColumns

if TYPE_CHECKING:
    from shop.customers.models import User

MOST_ROWS = 100
# Each cell is sent twice, with what was seen; the form must stay below what Django accepts.
MOST_CELLS = 4_500
GONE = "Rows that are no longer here: {}. They have been archived, or moved out of your folders, meanwhile."


@dataclass(frozen=True, slots=True)
class Choice:
    """A group of columns that can be shown."""

    slug: str
    label: str
    is_shown: bool


class ProductGrid(CellGrid):
    """
    Variants of many products for one user. It is empty until :meth:`fill`.

    :param shown: slugs of the groups of columns; none for the usual ones
    """

    def __init__(self, user: User, *, shown: Collection[str] = (), typed: QueryDict | None = None) -> None:
        super().__init__(user, typed)
        self.own = VariantColumns(None)
        groups = [*self._own_groups(), *self._brought_groups()]
        wanted = set(shown) & {group.slug for group in groups} or _choose_usual(groups)
        self.groups = [group for group in groups if group.slug in wanted]
        self.choices = [Choice(group.slug, _name_group(group), group.slug in wanted) for group in groups]
        self.rows = []

    def fill(self, variants: Sequence[ProductVariant]) -> None:
        """Make the rows, of products that the user reaches."""
        current = self._load_current(variants)
        self.rows = [self._row(variant, current[variant.pk]) for variant in variants]

    def _own_groups(self) -> list[Group]:
        may_edit = self.own.can_edit(self.user)
        title = Column(name="title", heading="Title", help_text="Empty: made of the options", is_wide=True)
        return [
            Group("titles", "Variant", [title], may_edit),
            *(
                Group(f"own-{number}", heading, columns, may_edit)
                for number, (heading, columns) in enumerate(self.own.further_columns())
            ),
        ]

    def _brought_groups(self) -> list[Group]:
        groups = []
        for brought in registered_columns():
            may_edit = brought.can_edit(self.user)
            parts: dict[str, list[Column]] = {}
            for column in brought.columns(None):
                parts.setdefault(column.part, []).append(column)
            for part, columns in parts.items():
                slug = f"{brought.heading.lower()}.{part}"
                heading = columns[0].part_label or brought.heading
                groups.append(Group(slug, heading, columns, may_edit, brought))
        return groups

    @property
    def rows_per_page(self) -> int:
        """How many rows the form can hold with these columns."""
        columns = sum(len(group.columns) for group in self.groups)
        return max(1, min(MOST_ROWS, MOST_CELLS // max(columns, 1)))

    @property
    def column_count(self) -> int:
        """How wide the table is, with what names a row."""
        return sum(len(group.columns) for group in self.groups) + 1

    def _load_current(self, variants: Sequence[ProductVariant]) -> dict[int, dict[str, str]]:
        current = {pk: dict(cells) for pk, cells in self.own.load(variants).items()}
        brought: list[GridColumns] = []
        for group in self.groups:
            if group.brought_by is not None and group.brought_by not in brought:
                brought.append(group.brought_by)
        for columns in brought:
            for pk, cells in columns.load(variants).items():
                current[pk] |= cells
        return current

    def _row(self, variant: ProductVariant, stands: dict[str, str]) -> Row:
        key = f"v{variant.pk}"
        row = Row(key, variant, is_chosen=key in self.typed_list("chosen"))
        for group in self.groups:
            for column in group.columns:
                note = stands.get(f"{column.name}{NOTE}", "")
                row.cells.append(
                    self._cell(row, group, column, stands, is_open=not variant.is_archived, note=note)
                )
        return row

    def save(self, *, at: datetime) -> int:
        """Save everything or nothing; returns how many cells: 0 with errors beside them, or nothing typed."""
        changed = self.changed_cells
        missing = len(set(self.typed_list("row"))) - len(self.rows)
        if missing > 0:
            self.errors["", "row"] = GONE.format(missing)
        if not self.errors and changed:
            try:
                with transaction.atomic():
                    self._write(at)
            except CellErrors as refused:
                self.errors |= refused.errors
        self.show_errors()
        return 0 if self.errors else len(changed)

    def _write(self, at: datetime) -> None:
        errors: dict[CellKey, str] = {}
        inputs = [given for row in self.rows if (given := self._own_input(row)) is not None]
        if inputs:
            self._compare_own({given.row for given in inputs})
            try:
                self.own.save_changes(inputs, actor=self.user, at=at)
            except CellErrors as refused:
                errors |= refused.errors
        errors |= self._save_brought(self.rows, {}, at=at)
        if errors:
            raise CellErrors(errors)

    def _compare_own(self, keys: Collection[str]) -> None:
        """
        Look again once nobody else can change the variants.

        :raises CellErrors: with the cells that somebody has changed since they were loaded
        """
        rows = {row.variant.pk: row for row in self.rows if row.variant and row.key in keys}
        products = {row.variant.product_id for row in rows.values() if row.variant}
        # By primary key and with their siblings, as the service locks them.
        siblings = ProductVariant.objects.select_for_update().filter(product_id__in=products).order_by("pk")
        list(siblings.values_list("pk"))
        fresh = self.own.load(list(with_attributes(ProductVariant.objects.filter(pk__in=rows))))
        errors = {}
        for pk, row in rows.items():
            for cell in row.cells:
                now = fresh[pk].get(cell.column.name, cell.seen)
                if cell.is_editable and cell.is_changed and now != cell.seen:
                    errors[row.key, cell.column.name] = tell_conflict(cell.seen, now)
                    cell.seen = now
        if errors:
            raise CellErrors(errors)


def may_open_grid(user: User) -> bool:
    """Whether the user may look at the goods of many products: to change any column, or only to read."""
    may_edit = any(columns.can_edit(user) for columns in registered_columns())
    return may_edit or VariantColumns.can_edit(user) or user.has_perm("catalogue.view_productvariant")


def _choose_usual(groups: Sequence[Group]) -> set[str]:
    """The first part that each app brings: everybody's prices, the warehouse that is asked first."""
    first: dict[str, str] = {}
    for group in groups:
        if group.brought_by is not None:
            first.setdefault(group.brought_by.heading, group.slug)
    return set(first.values()) or {groups[0].slug}


def _name_group(group: Group) -> str:
    is_part = group.brought_by is not None and group.brought_by.heading != group.heading
    return f"{group.brought_by.heading}: {group.heading}" if is_part and group.brought_by else group.heading


def find_rows(user: User, keys: Collection[str]) -> list[ProductVariant]:
    """Return the variants of a sent form, in its order, of products that the user reaches."""
    ids = [int(key[1:]) for key in keys if key.startswith("v") and key[1:].isdigit()][:MOST_ROWS]
    reached = Q(product__in=reachable_products(user).order_by().values("pk"))
    found = {variant.pk: variant for variant in load_rows(ProductVariant.objects.filter(reached, pk__in=ids))}
    return [found[pk] for pk in dict.fromkeys(ids) if pk in found]


def load_rows(variants: ProductVariantQuerySet) -> list[ProductVariant]:
    """Load what names a row: product, options, tax class."""
    return list(with_attributes(variants).select_related("product", "tax_class"))
