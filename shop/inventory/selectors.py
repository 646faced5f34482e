from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import (
    BooleanField,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce

from shop.catalogue.bundles import SHIPS_NOTHING
from shop.catalogue.models import BundleComponent, ProductVariant
from shop.core import clock
from shop.inventory.allocation import (
    PLENTY,
    Pool,
    Recipe,
    StockStatus,
    bundle_status,
    count_whole,
    serve_in_order,
)
from shop.inventory.models import Reservation, StockItem, StockMovement, Warehouse


@dataclass(frozen=True, slots=True)
class Stock:
    """
    How a variant stands in all warehouses in use together; ``available`` is never below zero.

    ``most`` is how many can be ordered: more than are there where the rest may come later, and any number of
    what nobody counts.
    """

    status: StockStatus
    available: int
    most: int = 0

    @property
    def is_sellable(self) -> bool:
        """Whether at least one piece can be ordered, at once or for later."""
        return self.status != StockStatus.OUT_OF_STOCK


NO_STOCK = Stock(status=StockStatus.OUT_OF_STOCK, available=0)
UNCOUNTED = Pool(free=PLENTY)
# Stands in a recipe for a part that is archived or not on sale at that moment: there is none of it.
GONE = 0


@dataclass(frozen=True, slots=True)
class StockPicture:
    """
    How some variants stand, with those that the bundles among them are made of: ``recipes`` says what one
    piece of each takes, ``pools`` what there is of everything that is taken.
    """

    recipes: Mapping[int, Recipe]
    pools: Mapping[int, Pool]

    @property
    def bundle_ids(self) -> list[int]:
        """The variants that are bundles."""
        return [pk for pk, recipe in self.recipes.items() if pk not in recipe]

    def stock_of(self, variant_id: int) -> Stock:
        """Return how one of the variants stands, as if nothing else were wanted."""
        recipe = self.recipes[variant_id]
        return Stock(
            status=bundle_status(recipe, self.pools),
            available=count_whole(recipe, {pk: max(self.pools[pk].free, 0) for pk in recipe}),
            most=count_whole(recipe, {pk: self.pools[pk].most for pk in recipe}),
        )

    def serve(self, wanted: Sequence[tuple[int, int]]) -> list[int]:
        """
        Return how many of each demand (variant, quantity) can be ordered together: earlier ones are served
        first, and what parts they share is counted once.
        """
        held = {pk: pool.most for pk, pool in self.pools.items()}
        return serve_in_order([(self.recipes[pk], quantity) for pk, quantity in wanted], held)


def with_free(items: QuerySet[StockItem], *, at: datetime) -> QuerySet[StockItem]:
    """Annotate ``free``: what can be promised at ``at``, counting no reservation that has expired by then."""
    return items.annotate(free=F("on_hand") - F("reserved") + _expired_of("pk", at=at))


def _expired_of(item: str, *, at: datetime) -> Coalesce:
    """The pieces of an item whose reservations have expired by then."""
    expired = (
        Reservation.objects.filter(
            stock_item=OuterRef(item), state=Reservation.State.ACTIVE, expires_at__lte=at
        )
        .order_by()
        .values("stock_item")
        .annotate(total=Sum("quantity"))
        .values("total")
    )
    return Coalesce(Subquery(expired, output_field=IntegerField()), 0)


def get_stock(variant_ids: Iterable[int], *, at: datetime | None = None) -> dict[int, Stock]:
    """
    Return how each variant stands, in one query. Every id asked for is in the answer.

    A bundle stands as its parts do, whatever lies under its own SKU. A reservation that has expired counts
    no more, whether or not the sweeper has been by.
    """
    picture = read_stock(variant_ids, at=at)
    return {variant_id: picture.stock_of(variant_id) for variant_id in picture.recipes}


def read_stock(variant_ids: Iterable[int], *, at: datetime | None = None) -> StockPicture:
    """
    Read the shelves of these variants and of the parts of bundles among them, in one query.

    What ships nothing and was never put on a shelf is there without end. A part that is archived, or whose
    own sale has not begun or is over, is not there; the dates of the variants asked for are the caller's.
    """
    ids = list(variant_ids)
    if not ids:
        return StockPicture({}, {})
    moment = at or clock.now()
    own = _shelf_columns(ProductVariant.objects.filter(pk__in=ids), of="", at=moment).values_list(
        F("pk"), Value(None, output_field=IntegerField()), *_SHELF
    )
    parts = _shelf_columns(
        BundleComponent.objects.filter(bundle_id__in=ids), of="component__", at=moment
    ).values_list("bundle_id", "quantity", *_SHELF)
    recipes: dict[int, dict[int, int]] = {pk: {pk: 1} for pk in ids}
    pools: dict[int, Pool] = {pk: Pool(free=0) for pk in (*ids, GONE)}
    seen: set[int] = set()
    for wanted_id, each, variant_id, kind, is_on_sale, item_id, is_active, free, low, later in own.union(
        parts, all=True
    ):
        if each is not None:
            recipes[wanted_id].pop(wanted_id, None)
            recipes[wanted_id][variant_id if is_on_sale else GONE] = each
        if item_id is None:
            pools[variant_id] = UNCOUNTED if kind in SHIPS_NOTHING else Pool(free=0)
        elif is_active and item_id not in seen:
            # A part of two bundles comes twice, but lies there once.
            seen.add(item_id)
            pool = pools.get(variant_id, Pool(free=0))
            pools[variant_id] = Pool(
                free=pool.free + free,
                low_from=pool.low_from + low,
                allows_backorder=pool.allows_backorder or later,
            )
        else:
            pools.setdefault(variant_id, Pool(free=0))
    return StockPicture(recipes, pools)


def load_recipes(variant_ids: Iterable[int]) -> dict[int, dict[int, int]]:
    """Return what one piece of each bundle among the variants takes; plain variants are left out."""
    rows = BundleComponent.objects.filter(bundle_id__in=list(variant_ids)).order_by("sort_order", "pk")
    recipes: dict[int, dict[int, int]] = {}
    for bundle_id, component_id, quantity in rows.values_list("bundle_id", "component_id", "quantity"):
        recipes.setdefault(bundle_id, {})[component_id] = quantity
    return recipes


_SHELF = ("shelf_variant", "shelf_kind", "is_on_sale", "item", "is_active", "free", "low_from", "later")


def _shelf_columns(rows: QuerySet[Any], *, of: str, at: datetime) -> QuerySet[Any]:
    """Annotate what is known of each shelf of a variant, which ``of`` leads to."""
    items = f"{of}stock_items__"
    return rows.order_by().annotate(
        shelf_variant=F(f"{of}pk"),
        shelf_kind=F(f"{of}product__product_type__kind"),
        is_on_sale=ExpressionWrapper(_is_on_sale(of, at), output_field=BooleanField()),
        item=F(f"{items}pk"),
        is_active=F(f"{items}warehouse__is_active"),
        free=F(f"{items}on_hand") - F(f"{items}reserved") + _expired_of(f"{items}pk", at=at),
        low_from=F(f"{items}low_stock_threshold"),
        later=F(f"{items}allows_backorder"),
    )


def _is_on_sale(of: str, at: datetime) -> Q:
    begun = Q(**{f"{of}available_from__isnull": True}) | Q(**{f"{of}available_from__lte": at})
    lasts = Q(**{f"{of}available_until__isnull": True}) | Q(**{f"{of}available_until__gt": at})
    return Q(**{f"{of}archived_at__isnull": True}) & begun & lasts


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
