"""Stock in the trail of a product: what came and went, and what was said about running out."""

from __future__ import annotations

from shop.catalogue.trail import TrailEntry, TrailLine, TrailQuery, register_trail_source
from shop.core.models import AuditEntry
from shop.inventory.models import StockItem, StockMovement

LABEL = "Stock"
WORDS = {"allows_backorder": "Sell when out of stock", "low_stock_threshold": "Low from"}


class MovementTrail:
    """What the ledger holds."""

    name = "stock"
    kind = "stock"
    label = LABEL

    def read(self, query: TrailQuery) -> list[TrailEntry]:
        """Return the movements."""
        rows = (
            StockMovement.objects.filter(query.narrow(self.name), stock_item__variant__in=query.skus)
            .select_related("stock_item__warehouse")
            .order_by("-at", "-pk")[: query.limit]
        )
        return [
            TrailEntry(
                at=row.at,
                source=self.name,
                key=row.pk,
                kind=LABEL,
                lines=[
                    TrailLine(
                        query.skus[row.stock_item.variant_id],
                        f"On hand in {row.stock_item.warehouse}, {row.get_kind_display().lower()}",
                        str(row.balance_after - row.quantity),
                        str(row.balance_after),
                    )
                ],
                actor_id=row.actor_id,
                reason=row.reason or row.reference,
            )
            for row in rows
        ]


class RuleTrail:
    """What was said about backorders, and from when on stock is low."""

    name = "stock-rules"
    kind = "stock"
    label = LABEL

    def read(self, query: TrailQuery) -> list[TrailEntry]:
        """Return them as the audit trail holds them."""
        held = StockItem.objects.filter(variant__in=query.skus).select_related("warehouse")
        items = {str(item.pk): item for item in held}
        rows = AuditEntry.objects.filter(
            query.narrow(self.name),
            object_type="inventory.stockitem",
            object_id__in=items,
            action="stock.rules_set",
        ).order_by("-at", "-pk")[: query.limit]
        return [
            TrailEntry(
                at=row.at,
                source=self.name,
                key=row.pk,
                kind=LABEL,
                lines=_tell(row, query.skus[items[row.object_id].variant_id], items[row.object_id]),
                actor_id=row.actor_id,
            )
            for row in rows
        ]


def _tell(row: AuditEntry, sku: str, item: StockItem) -> list[TrailLine]:
    return [
        TrailLine(sku, f"{WORDS.get(name, name)} in {item.warehouse}", _as_text(before), _as_text(after))
        for name, (before, after) in row.changes.items()
        if before != after
    ]


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def register() -> None:
    """Tell our part; called once when the app is ready."""
    register_trail_source(MovementTrail())
    register_trail_source(RuleTrail())
