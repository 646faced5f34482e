"""Stock on the sheets of one product's variants and of many products'."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import django_filters
from django.db.models import F, Q, QuerySet

from shop.catalogue.grid import (
    NOTE,
    CellChange,
    CellErrors,
    CellKey,
    Column,
    parse_count,
    register_grid_columns,
    tell_conflict,
)
from shop.core.errors import ShopError
from shop.inventory.models import StockItem, Warehouse
from shop.inventory.selectors import read_stock
from shop.inventory.services import adjust_stock, set_stock_rules

if TYPE_CHECKING:
    from shop.catalogue.models import ProductPage, ProductVariant
    from shop.customers.models import User

ON_HAND = "on_hand"
RESERVED = "reserved"
LOW = "low"
BACKORDER = "backorder"
Place = tuple[int, str]
"""Primary key of the variant and code of the warehouse."""


class StockColumns:
    """What was counted in each warehouse, and from when on it is low or sold on backorder."""

    heading = "Stock"
    order = 20
    bulk_action = ""

    def columns(self, product: ProductPage | None) -> list[Column]:
        """Return four columns per warehouse in use; none while the shop has no warehouse."""
        warehouses = list(Warehouse.objects.filter(is_active=True))
        columns = []
        for warehouse in warehouses:
            of = f", {warehouse.name}" if product and len(warehouses) > 1 else ""
            part: dict[str, Any] = {"part": warehouse.code, "part_label": warehouse.name}
            columns += [
                Column(
                    name=f"{ON_HAND}.{warehouse.code}",
                    heading=f"On hand{of}",
                    help_text="What you counted",
                    kind="integer",
                    **part,
                ),
                Column(
                    name=f"{RESERVED}.{warehouse.code}",
                    heading=f"Reserved{of}",
                    help_text="Promised to orders",
                    kind="integer",
                    is_fixed=True,
                    **part,
                ),
                Column(
                    name=f"{LOW}.{warehouse.code}",
                    heading=f"Low from{of}",
                    help_text="0: never",
                    kind="integer",
                    **part,
                ),
                Column(
                    name=f"{BACKORDER}.{warehouse.code}",
                    heading=f"When sold out{of}",
                    kind="choice",
                    choices=(("no", "Not for sale"), ("yes", "Take orders")),
                    **part,
                ),
            ]
        return columns

    def filters(self) -> dict[str, django_filters.Filter]:
        """Return filters by warehouse, and by what is running out."""
        return {
            "warehouse": WarehouseFilter(
                label="Kept in", queryset=Warehouse.objects.filter(is_active=True), to_field_name="code"
            ),
            "stock_level": LevelFilter(
                label="Stock level", choices=(("low", "Low, or none left"), ("none", "None left"))
            ),
        }

    def can_edit(self, user: User) -> bool:
        """Whether the user may change stock."""
        return user.has_perm("inventory.change_stockitem") or user.has_perm("inventory.add_stockmovement")

    def load(self, variants: Sequence[ProductVariant]) -> dict[int, dict[str, str]]:
        """Return counts as they stand; variants that a warehouse has never had show the empty rules."""
        codes = list(Warehouse.objects.filter(is_active=True).values_list("code", flat=True))
        blank = {f"{BACKORDER}.{code}": "no" for code in codes}
        loaded: dict[int, dict[str, str]] = {variant.pk: dict(blank) for variant in variants}
        items = StockItem.objects.filter(variant__in=variants, warehouse__is_active=True)
        for item in items.select_related("warehouse"):
            code = item.warehouse.code
            loaded[item.variant_id] |= {
                f"{ON_HAND}.{code}": str(item.on_hand),
                f"{RESERVED}.{code}": str(item.reserved),
                f"{LOW}.{code}": str(item.low_stock_threshold),
                f"{BACKORDER}.{code}": "yes" if item.allows_backorder else "no",
            }
        return loaded | _stock_of_bundles(variants, codes)

    def check(self, changes: Sequence[CellChange]) -> dict[CellKey, str]:
        """Return the cells that hold no count."""
        errors: dict[CellKey, str] = {}
        for change in changes:
            try:
                if not change.column.startswith(BACKORDER):
                    parse_count(change.value)
            except ValueError as error:
                errors[change.key] = str(error)
        return errors

    def save(self, changes: Sequence[CellChange], *, actor: User, at: datetime) -> None:
        """
        Adjust what was counted, if it is still what was seen, and set the rules.

        :raises CellErrors: with every cell that cannot be saved
        """
        errors: dict[CellKey, str] = {}
        by_place: dict[Place, dict[str, CellChange]] = defaultdict(dict)
        for change in changes:
            kind, code = change.column.split(".", 1)
            by_place[change.variant_id, code][kind] = change
        # By primary key and all at once, so that this sheet and a checkout cannot deadlock.
        standing = {
            (item.variant_id, item.warehouse.code): item
            for item in StockItem.objects.select_for_update(of=("self",))
            .filter(variant_id__in={variant_id for variant_id, _ in by_place})
            .select_related("warehouse")
            .order_by("pk")
        }
        for place, of_place in sorted(by_place.items()):
            _compare_rules(of_place, standing.get(place), errors)
            self._save_rules(place, of_place, standing.get(place), errors, actor=actor, at=at)
            if ON_HAND in of_place:
                self._save_count(place, of_place[ON_HAND], errors, actor=actor, at=at)
        if errors:
            raise CellErrors(errors)

    @staticmethod
    def _save_count(
        place: Place, change: CellChange, errors: dict[CellKey, str], *, actor: User, at: datetime
    ) -> None:
        variant_id, code = place
        try:
            counted = parse_count(change.value)
            if counted is None:
                errors[change.key] = "Write 0 if there is none."
                return
            adjust_stock(
                variant_id=variant_id,
                warehouse=code,
                counted=counted,
                seen=parse_count(change.seen) or 0,
                actor=actor,
                reason="sheet",
                at=at,
            )
        except ValueError as error:
            errors[change.key] = str(error)
        except ShopError as refused:
            errors[change.key] = refused.errors[0].detail if refused.errors else refused.detail

    @staticmethod
    def _save_rules(
        place: Place,
        of_place: dict[str, CellChange],
        item: StockItem | None,
        errors: dict[CellKey, str],
        *,
        actor: User,
        at: datetime,
    ) -> None:
        change = of_place.get(LOW) or of_place.get(BACKORDER)
        if change is None:
            return
        try:
            low = parse_count(of_place[LOW].value) if LOW in of_place else None
            standing_low = item.low_stock_threshold if item else 0
            is_on = item.allows_backorder if item else False
            set_stock_rules(
                variant_id=place[0],
                warehouse=place[1],
                allows_backorder=of_place[BACKORDER].value == "yes" if BACKORDER in of_place else is_on,
                low_stock_threshold=(low or 0) if LOW in of_place else standing_low,
                actor=actor,
                at=at,
            )
        except ValueError as error:
            errors[change.key] = str(error)
        except ShopError as refused:
            key = of_place[BACKORDER].key if BACKORDER in of_place else change.key
            errors[key] = refused.errors[0].detail if refused.errors else refused.detail


class WarehouseFilter(django_filters.ModelChoiceFilter):
    """Variants that the warehouse has had."""

    def filter(self, queryset: QuerySet[Any], value: Warehouse | None) -> QuerySet[Any]:
        """Keep them."""
        if value is None:
            return queryset
        return queryset.filter(pk__in=value.stock_items.order_by().values("variant_id"))


class LevelFilter(django_filters.ChoiceFilter):
    """Variants of which some warehouse in use has no more than it should, or nothing."""

    is_prominent = True

    def filter(self, queryset: QuerySet[Any], value: str | None) -> QuerySet[Any]:
        """Keep them; what no warehouse has ever had has none left."""
        if not value:
            return queryset
        items = StockItem.objects.filter(warehouse__is_active=True).order_by()
        left = items.filter(on_hand__gt=F("reserved")).values("variant_id")
        if value == "none":
            return queryset.exclude(pk__in=left)
        low = items.filter(low_stock_threshold__gt=0, on_hand__lte=F("reserved") + F("low_stock_threshold"))
        return queryset.filter(Q(pk__in=low.values("variant_id")) | ~Q(pk__in=left))


def _compare_rules(
    of_place: dict[str, CellChange], item: StockItem | None, errors: dict[CellKey, str]
) -> None:
    """Note the rules that somebody has changed since they were shown; counts are compared on adjusting."""
    now = {LOW: str(item.low_stock_threshold) if item else "", BACKORDER: "no"}
    if item and item.allows_backorder:
        now[BACKORDER] = "yes"
    for kind, text in now.items():
        change = of_place.get(kind)
        if change is not None and change.seen != text:
            errors[change.key] = tell_conflict(change.seen, text)


def _stock_of_bundles(variants: Sequence[ProductVariant], codes: Sequence[str]) -> dict[int, dict[str, str]]:
    """What is only read: as many as the parts make, beside the first warehouse."""
    stock = read_stock(variant.pk for variant in variants)
    names = [f"{kind}.{code}" for code in codes for kind in (ON_HAND, RESERVED, LOW, BACKORDER)]
    cells: dict[int, dict[str, str]] = {}
    for bundle_id in stock.bundle_ids:
        notes = dict.fromkeys((f"{name}{NOTE}" for name in names), "By its parts")
        cells[bundle_id] = dict.fromkeys(names, "") | notes
        if names:
            cells[bundle_id][names[0]] = str(stock.stock_of(bundle_id).available)
    return cells


def register() -> None:
    """Bring the columns to the sheet; called once when the app is ready."""
    register_grid_columns(StockColumns())
