from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from shop.core import clock
from shop.inventory.allocation import StockStatus, stock_status
from shop.inventory.models import Reservation, StockItem, StockMovement, Warehouse


@dataclass(frozen=True, slots=True)
class Stock:
    """How a variant stands in all warehouses in use together; ``available`` is never below zero."""

    status: StockStatus
    available: int

    @property
    def is_sellable(self) -> bool:
        """Whether at least one piece can be ordered, at once or for later."""
        return self.status != StockStatus.OUT_OF_STOCK


NO_STOCK = Stock(status=StockStatus.OUT_OF_STOCK, available=0)


def with_free(items: QuerySet[StockItem], *, at: datetime) -> QuerySet[StockItem]:
    """Annotate ``free``: what can be promised at ``at``, counting no reservation that has expired by then."""
    expired = (
        Reservation.objects.filter(
            stock_item=OuterRef("pk"), state=Reservation.State.ACTIVE, expires_at__lte=at
        )
        .order_by()
        .values("stock_item")
        .annotate(total=Sum("quantity"))
        .values("total")
    )
    return items.annotate(
        free=F("on_hand") - F("reserved") + Coalesce(Subquery(expired, output_field=IntegerField()), 0)
    )


def get_stock(variant_ids: Iterable[int], *, at: datetime | None = None) -> dict[int, Stock]:
    """
    Return how each variant stands, in one query. Every id asked for is in the answer.

    A reservation that has expired counts no more, whether or not the sweeper has been by.
    """
    ids = list(variant_ids)
    if not ids:
        return {}
    in_use = StockItem.objects.filter(variant_id__in=ids, warehouse__is_active=True)
    columns = ("variant_id", "free", "low_stock_threshold", "allows_backorder")
    rows: list[tuple[int, int, int, bool]] = list(
        with_free(in_use, at=at or clock.now()).order_by().values_list(*columns)
    )
    sums: dict[int, tuple[int, int, bool]] = {}
    for variant_id, free, low_from, backorder in rows:
        before = sums.get(variant_id, (0, 0, False))
        sums[variant_id] = (before[0] + free, before[1] + low_from, before[2] or backorder)
    return {
        variant_id: Stock(
            status=stock_status(free=free, low_from=low_from, allows_backorder=backorder),
            available=max(free, 0),
        )
        for variant_id, (free, low_from, backorder) in sums.items()
    } | {variant_id: NO_STOCK for variant_id in ids if variant_id not in sums}


def get_default_warehouse() -> Warehouse:
    """
    Return the warehouse that orders are sent from first.

    :raises Warehouse.DoesNotExist: while the shop has none in use
    """
    warehouse = Warehouse.objects.filter(is_active=True).order_by("priority", "code").first()
    if warehouse is None:
        raise Warehouse.DoesNotExist("The shop has no warehouse in use. Add one under Stock → Warehouses.")
    return warehouse


def list_stock(
    *,
    search: str = "",
    sku: str = "",
    warehouse_code: str = "",
    status: str = "",
    at: datetime | None = None,
) -> QuerySet[StockItem]:
    """
    List stock items with ``free`` annotated, variant, product and warehouse loaded.

    :param search: part of a SKU, a barcode, or a part of the product's title
    :param sku: exactly this SKU, without regard to case
    :param status: one of :class:`StockStatus`, for the stock item alone
    """
    items = with_free(StockItem.objects.all(), at=at or clock.now()).select_related(
        "variant", "variant__product", "warehouse"
    )
    if search:
        items = items.filter(
            Q(variant__sku__icontains=search)
            | Q(variant__barcode=search)
            | Q(variant__product__title__icontains=search)
        )
    if sku:
        items = items.filter(variant__sku__iexact=sku)
    if warehouse_code:
        items = items.filter(warehouse__code=warehouse_code)
    conditions = {
        StockStatus.IN_STOCK: Q(free__gt=F("low_stock_threshold")),
        StockStatus.LOW: Q(free__gt=0, free__lte=F("low_stock_threshold")),
        StockStatus.BACKORDER: Q(free__lte=0, allows_backorder=True),
        StockStatus.OUT_OF_STOCK: Q(free__lte=0, allows_backorder=False),
    }
    if status:
        items = items.filter(conditions[StockStatus(status)])
    return items.order_by("variant__sku", "warehouse__priority", "pk")


def list_movements(
    *, sku: str = "", warehouse_code: str = "", reference: str = ""
) -> QuerySet[StockMovement]:
    """List the ledger, the latest entry first, with variant, warehouse and actor loaded."""
    movements = StockMovement.objects.select_related("stock_item__variant", "stock_item__warehouse", "actor")
    if sku:
        movements = movements.filter(stock_item__variant__sku__iexact=sku)
    if warehouse_code:
        movements = movements.filter(stock_item__warehouse__code=warehouse_code)
    if reference:
        movements = movements.filter(reference=reference)
    return movements.order_by("-id")


def list_reservations(owner: str) -> QuerySet[Reservation]:
    """List everything that was ever promised to ``owner``, with variant and warehouse loaded."""
    return Reservation.objects.filter(owner=owner).select_related(
        "stock_item__variant", "stock_item__warehouse"
    )
