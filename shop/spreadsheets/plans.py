"""
What an import would do to one product: a plan.

The rows of a product are read, the product is found (external id, then SKU, then handle), and each cell
is compared with what stands. A cell that reads as an export would write it is not looked at any further.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shop.spreadsheets.cells import CellRefused
from shop.spreadsheets.column_kinds import Column
from shop.spreadsheets.columns import LINKING
from shop.spreadsheets.lookups import Lookups
from shop.spreadsheets.models import ImportItem
from shop.spreadsheets.pending import Pending, pending_in
from shop.spreadsheets.snapshots import ProductSnapshot, VariantSnapshot

Changes = dict[str, tuple[Any, Any]]
LONGEST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one cell, and the mend; row 0 and no column for a product as a whole."""

    row: int
    column: str
    code: str
    message: str

    def as_json(self) -> dict[str, Any]:
        return {"row": self.row, "column": self.column, "code": self.code, "message": self.message}


@dataclass(slots=True)
class VariantPlan:
    """One row: the variant that it is of, or none for a new one, and what changes."""

    row: int
    held: VariantSnapshot | None
    cells: dict[str, str]
    changes: Changes = field(default_factory=dict)

    def final(self, column: str, empty: Any = None) -> Any:
        """The value after the import."""
        if column in self.changes:
            return self.changes[column][1]
        return self.held.values.get(column, empty) if self.held is not None else empty

    @property
    def sku(self) -> str:
        return str(self.final("sku", ""))


@dataclass(slots=True)
class ProductPlan:
    """What the rows of one product would do."""

    item: ImportItem
    cells: dict[str, str]
    rows: list[tuple[int, dict[str, str]]]
    held: ProductSnapshot | None = None
    changes: Changes = field(default_factory=dict)
    variants: list[VariantPlan] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    is_deferred: bool = False

    @property
    def first_row(self) -> int:
        return self.rows[0][0]

    @property
    def is_refused(self) -> bool:
        return bool(self.problems)

    @property
    def action(self) -> str:
        if self.problems:
            return ImportItem.Action.REFUSED
        if self.held is None:
            return ImportItem.Action.CREATED
        if self.changes or any(variant.changes for variant in self.variants):
            return ImportItem.Action.CHANGED
        return ImportItem.Action.UNCHANGED

    @property
    def label(self) -> str:
        title = self.changes["title"][1] if "title" in self.changes else None
        if title is None and self.held is not None:
            title = self.held.values["title"]
        return str(title or self.item.key)[:255]

    def refuse(self, row: int, column: str, message: str, code: str = "invalid") -> None:
        self.problems.append(Problem(row, column, code, message))

    def has_failed(self, row: int, column: str) -> bool:
        """Whether this cell was refused already, so that what follows from it need not be told as well."""
        return any((problem.row, problem.column) == (row, column) for problem in self.problems)

    def warn(self, message: str, code: str) -> None:
        self.warnings.append(Problem(self.first_row, "", code, message))

    def final(self, column: str, empty: Any = None) -> Any:
        """The value after the import."""
        if column in self.changes:
            return self.changes[column][1]
        return self.held.values.get(column, empty) if self.held is not None else empty

    def pending(self) -> Iterator[Pending]:
        """What has to be made before this can be applied."""
        for changes in (self.changes, *(variant.changes for variant in self.variants)):
            for _, new in changes.values():
                yield from pending_in(new)


def read_item(item: ImportItem, columns: Mapping[str, Column]) -> ProductPlan:
    """The rows of an item: product columns from the first row that has them, the rest per variant."""
    rows = [(int(number), dict(cells)) for number, cells in item.data]
    plan = ProductPlan(item=item, cells={}, rows=rows)
    for number, cells in rows:
        for name, text in cells.items():
            column = columns.get(name)
            if column is None or column.level != "product":
                continue
            if plan.cells.setdefault(name, text) != text:
                plan.refuse(
                    number,
                    name,
                    f"This says “{text[:60]}”, but a row above says “{plan.cells[name][:60]}”: a product has "
                    "one of it. Keep it in its first row only.",
                    "contradiction",
                )
    return plan


def links_of(plan: ProductPlan, columns: Mapping[str, Column]) -> Iterator[tuple[str, str]]:
    """What the rows point at, to be looked up for a whole chunk at once."""
    for _, cells in plan.rows:
        for name, text in cells.items():
            column = columns.get(name)
            if column is not None and column.links is not None and text:
                yield from column.links(text)


class Comparer:
    """Compares the cells of a plan with what stands, cell by cell."""

    def __init__(self, columns: Mapping[str, Column], lookups: Lookups, *, is_last_look: bool) -> None:
        self.columns = columns
        self.lookups = lookups
        self.is_last_look = is_last_look
        self.keeps_blanks = lookups.options.blanks == "keep"
        self.product_columns = [column for column in columns.values() if column.level == "product"]
        self.variant_columns = [column for column in columns.values() if column.level == "variant"]

    def compare(self, plan: ProductPlan) -> None:
        """Fill in what changes, and everything that is wrong."""
        values = plan.held.values if plan.held is not None else {}
        plan.changes = self._changes(
            plan, plan.first_row, self.product_columns, plan.cells, values, is_new=plan.held is None
        )
        plan.variants = [
            VariantPlan(row=number, held=None, cells=cells)
            for number, cells in plan.rows
            if self._is_variant(cells)
        ]
        self._match_variants(plan)
        for variant in plan.variants:
            values = variant.held.values if variant.held is not None else {}
            variant.changes = self._changes(
                plan,
                variant.row,
                self.variant_columns,
                variant.cells,
                values,
                is_new=variant.held is None,
            )

    def _is_variant(self, cells: Mapping[str, str]) -> bool:
        return any(column.name in cells and cells[column.name] for column in self.variant_columns)

    def _match_variants(self, plan: ProductPlan) -> None:
        held = plan.held.variants if plan.held is not None else []
        by_sku = {one.variant.sku.upper(): one for one in held}
        by_external_id = {one.variant.external_id: one for one in held if one.variant.external_id}
        seen: set[int] = set()
        for variant in plan.variants:
            external_id = variant.cells.get("variant.external_id", "")
            sku = variant.cells.get("sku", "").upper()
            variant.held = by_external_id.get(external_id) or by_sku.get(sku)
            if variant.held is None and not sku:
                plan.refuse(variant.row, "sku", "Write the SKU of this variant.", "missing")
            if variant.held is not None and variant.held.variant.pk in seen:
                plan.refuse(
                    variant.row, "sku", "This variant is in the file twice: remove one row.", "duplicate"
                )
            if variant.held is not None:
                seen.add(variant.held.variant.pk)

    def _changes(
        self,
        plan: ProductPlan,
        row: int,
        columns: Sequence[Column],
        cells: Mapping[str, str],
        values: Mapping[str, Any],
        *,
        is_new: bool,
    ) -> Changes:
        changes: Changes = {}
        for column in columns:
            text = cells.get(column.name, "")
            held = values.get(column.name, column.empty)
            if not text and (is_new or column.keeps or self.keeps_blanks):
                continue
            # Stock that is not there yet reads like stock of which nothing is known.
            if text and column.name in values and column.render(held, self.lookups) == text:
                continue
            if column.name == "sku" and text.upper() == str(held).upper():
                # SKUs are compared without case, as people type them.
                continue
            try:
                new = column.parse(text, self.lookups) if text else column.empty
            except CellRefused as error:
                plan.refuse(row, column.name, str(error), error.code)
                continue
            if column.name in LINKING and (ahead := self._points_ahead(column, new)):
                if self.is_last_look:
                    plan.refuse(row, column.name, f"{ahead} could not be imported: mend it first.", "unknown")
                plan.is_deferred = True
                continue
            if new != held or (column.name.startswith("stock.") and column.name not in values):
                changes[column.name] = (held, new)
        return changes

    def _points_ahead(self, column: Column, value: Sequence[Any]) -> str:
        """The first of the goods named here that come later in the file."""
        links = self.lookups.links
        if column.name == "parts":
            return next((sku for sku, _ in value if sku not in links.skus), "")
        return next((handle for handle in value if handle not in links.products), "")


def shown_changes(plan: ProductPlan, columns: Mapping[str, Column], lookups: Lookups) -> list[dict[str, Any]]:
    """The changes of a plan in words: row, column, what was and what will be."""
    shown = []
    for row, changes in [
        (plan.first_row, plan.changes),
        *((variant.row, variant.changes) for variant in plan.variants),
    ]:
        for name, (old, new) in changes.items():
            column = columns[name]
            shown.append(
                {
                    "row": row,
                    "column": name,
                    "old": column.render(old, lookups)[:LONGEST_SHOWN],
                    "new": column.render(new, lookups)[:LONGEST_SHOWN],
                }
            )
    return shown
