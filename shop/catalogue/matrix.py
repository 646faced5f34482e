"""All combinations of chosen values, as rows of which new variants are made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import product as combinations
from math import prod
from typing import TYPE_CHECKING, Final

from django.db.models import Q
from django.http import QueryDict

from shop.catalogue.grid import Column, registered_columns
from shop.catalogue.grid_sheet import MAX_NEW_ROWS, GridSheet
from shop.catalogue.models import (
    Attribute,
    AttributeValue,
    ProductPage,
    ProductVariant,
    VariantAttribute,
)
from shop.catalogue.selectors import list_slugs_of_type, list_variant_attributes
from shop.catalogue.sku_patterns import make_skus
from shop.catalogue.variant_columns import ATTRIBUTE

if TYPE_CHECKING:
    from shop.customers.models import User

MAX_COMBINATIONS: Final = 400
VALUE = "value"
PICK = "pick"
START = "start:"


@dataclass(slots=True)
class MatrixCell:
    """One field of a combination that can be made."""

    column: Column
    name: str
    label: str
    value: str
    error: str = ""


@dataclass(slots=True)
class Combination:
    """One choice of values. ``variant`` has it already; it may be ``archived`` instead."""

    key: str
    values: Mapping[str, AttributeValue]
    variant: ProductVariant | None = None
    archived: ProductVariant | None = None
    is_picked: bool = False
    cells: list[MatrixCell] = field(default_factory=list)

    @property
    def title(self) -> str:
        """What tells it from the others, e.g. "Red / M"."""
        return " / ".join(value.label for value in self.values.values())


@dataclass(frozen=True, slots=True)
class AttributeChoice:
    """An attribute with its values, and which of them are chosen."""

    attribute: Attribute
    values: Sequence[tuple[AttributeValue, str, bool]]


class Matrix:
    """
    The combinations of one product for one user.

    ``asked`` holds the chosen values and what all new variants start with, as the address of the screen
    does; ``typed`` what was typed into the combinations, if anything was.
    """

    def __init__(
        self, product: ProductPage, user: User, *, asked: QueryDict, typed: QueryDict | None = None
    ) -> None:
        self.product = product
        self.user = user
        self.typed = typed
        self.errors: list[str] = []
        self.starts = self._starts()
        self.start_values = {column.name: asked.get(START + column.name, "") for column in self.starts}
        self.choices = self._choices(set(asked.getlist(VALUE)))
        self.chosen = {
            choice.attribute.slug: [value for value, _, is_chosen in choice.values if is_chosen]
            for choice in self.choices
            if any(is_chosen for _, _, is_chosen in choice.values)
        }
        self.count = prod(len(values) for values in self.chosen.values()) if self.chosen else 0
        self.combinations: list[Combination] = []
        if self.count > MAX_COMBINATIONS:
            self.errors.append(
                f"These values give {self.count} combinations, and the table holds {MAX_COMBINATIONS}. "
                "Choose fewer values, make these variants, then choose the others."
            )
        elif self.count:
            self.combinations = self._combinations()

    @property
    def new(self) -> list[Combination]:
        """Combinations that no variant on sale has."""
        return [one for one in self.combinations if one.variant is None]

    @property
    def picked(self) -> list[Combination]:
        """Combinations of which variants shall be made."""
        return [one for one in self.new if one.is_picked]

    def _starts(self) -> list[Column]:
        """The first column of each app's part of the sheet that the user may fill in: price and stock."""
        starts = []
        for brought in registered_columns():
            columns = [column for column in brought.columns(self.product) if not column.is_fixed]
            if columns and brought.can_edit(self.user):
                starts.append(columns[0])
        return starts

    def _choices(self, asked: set[str]) -> list[AttributeChoice]:
        attributes = list_variant_attributes()
        wanted = list_slugs_of_type(self.product)
        if wanted:
            wanted |= set(
                VariantAttribute.objects.filter(variant__product=self.product).values_list(
                    "attribute__slug", flat=True
                )
            )
        return [
            AttributeChoice(attribute, list(_mark(attribute, asked)))
            for attribute in attributes
            if not wanted or attribute.slug in wanted
        ]

    def _combinations(self) -> list[Combination]:
        active, archived = self._held()
        found = []
        for values in combinations(*self.chosen.values()):
            choice = frozenset(value.pk for value in values)
            found.append(
                Combination(
                    key="-".join(str(value.pk) for value in values),
                    values=dict(zip(self.chosen, values, strict=True)),
                    variant=active.get(choice),
                    archived=archived.get(choice),
                )
            )
        new = [one for one in found if one.variant is None]
        self._pick(new)
        skus = make_skus(
            product=self.product,
            combos=[{slug: value.slug for slug, value in one.values.items()} for one in new],
        )
        for one, sku in zip(new, skus, strict=True):
            one.cells = list(self._cells(one, sku))
        return found

    def _held(self) -> tuple[dict[frozenset[int], ProductVariant], dict[frozenset[int], ProductVariant]]:
        """The product's variants by their values: those on sale, and those archived."""
        rows = VariantAttribute.objects.filter(Q(variant__product=self.product)).select_related("variant")
        values: dict[ProductVariant, set[int]] = {}
        for row in rows:
            values.setdefault(row.variant, set()).add(row.value_id)
        active: dict[frozenset[int], ProductVariant] = {}
        archived: dict[frozenset[int], ProductVariant] = {}
        for variant, held in values.items():
            (archived if variant.is_archived else active)[frozenset(held)] = variant
        return active, archived

    def _pick(self, new: Sequence[Combination]) -> None:
        ticked = self.typed.getlist(PICK) if self.typed is not None else None
        fresh = [one for one in new if one.archived is None]
        if ticked is None:
            for one in fresh[:MAX_NEW_ROWS]:
                one.is_picked = True
            if len(fresh) > MAX_NEW_ROWS:
                self.errors.append(
                    f"{len(fresh)} combinations are new, and {MAX_NEW_ROWS} can be made at once: the first "
                    "are ticked. Come back for the others."
                )
            return
        for one in new:
            one.is_picked = one.key in ticked

    def _cells(self, one: Combination, sku: str) -> Iterator[MatrixCell]:
        columns = [
            (Column(name="sku", heading="SKU", is_wide=True), sku),
            (Column(name="title", heading="Title", is_wide=True), one.title),
            *((column, self.start_values[column.name]) for column in self.starts),
        ]
        for column, proposed in columns:
            name = f"{one.key}:{column.name}"
            value = self.typed.get(name, proposed) if self.typed is not None else proposed
            yield MatrixCell(column, name, f"{column.heading}, {one.title}", str(value))

    def create(self, *, at: datetime) -> int | None:
        """
        Make a variant of every picked combination, with its price and stock: all of them, or none.

        :return: how many were made; ``None`` when the errors say why none was
        """
        picked = self.picked
        if not picked:
            self.errors.append("Tick at least one combination.")
        elif len(picked) > MAX_NEW_ROWS:
            self.errors.append(f"At most {MAX_NEW_ROWS} can be made at once: {len(picked)} are ticked.")
        if self.errors:
            return None
        sheet = GridSheet(
            self.product, self.user, chosen_attributes=list(self.chosen), new_rows=0, typed=_as_typed(picked)
        )
        if not sheet.save(at=at):
            self._take_errors(sheet, picked)
            return None
        return len(picked)

    def _take_errors(self, sheet: GridSheet, picked: Sequence[Combination]) -> None:
        rows = {f"n{number}": one for number, one in enumerate(picked, 1)}
        for (key, column), message in sheet.errors.items():
            one = rows.get(key)
            cell = next((cell for cell in one.cells if cell.column.name == column), None) if one else None
            if cell is not None:
                cell.error = message
            else:
                self.errors.append(f"{one.title}: {message}" if one else message)


def _mark(attribute: Attribute, asked: set[str]) -> Iterator[tuple[AttributeValue, str, bool]]:
    for value in attribute.values.all():
        name = f"{attribute.slug}.{value.slug}"
        yield value, name, name in asked


def _as_typed(picked: Sequence[Combination]) -> QueryDict:
    """The combinations as rows typed into the sheet."""
    typed = QueryDict(mutable=True)
    for number, one in enumerate(picked, 1):
        key = f"n{number}"
        typed.appendlist("row", key)
        for slug, value in one.values.items():
            typed[f"{key}:{ATTRIBUTE}{slug}"] = value.slug
        for cell in one.cells:
            typed[f"{key}:{cell.column.name}"] = cell.value
    return typed
