"""What changes stock. Every function is one transaction, or part of the caller's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from shop.catalogue.models import ProductVariant
from shop.core import clock
from shop.core.audit import record_audit
from shop.core.errors import ErrorItem, ShopError
from shop.inventory.allocation import allocate_demand
from shop.inventory.ledger import LockedStock, StockChanged, locked_stock
from shop.inventory.models import Reservation, StockItem, StockMovement, Warehouse

if TYPE_CHECKING:
    from shop.customers.models import User

__all__ = [
    "BackordersOutstanding",
    "Demand",
    "InsufficientStock",
    "InvalidMovement",
    "NotReserved",
    "ReservationExpired",
    "StockBelowReserved",
    "StockChanged",
    "UnknownStock",
    "adjust_stock",
    "confirm_reservation",
    "ensure_warehouse",
    "move_stock",
    "release_stock",
    "reserve_stock",
    "set_stock_rules",
    "ship_stock",
    "sweep_expired_reservations",
]

# PostgreSQL's integer; a count beyond it is a typing error anyway.
LARGEST_QUANTITY = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Demand:
    """So many pieces of a variant are wanted."""

    variant_id: int
    quantity: int


class InsufficientStock(ShopError):
    """There is less than is wanted; ``lines`` says of which variant, how much was asked for and how much there is."""

    code = "insufficient_stock"
    status = 409
    title = "There is not enough in stock."

    def __init__(self, lines: Sequence[dict[str, int | str]]) -> None:
        super().__init__(
            errors=[
                ErrorItem(
                    code=self.code,
                    detail=f"{line['sku']}: {line['requested']} wanted, {line['available']} available.",
                    attr=str(line["sku"]),
                )
                for line in lines
            ],
            lines=list(lines),
        )
        self.lines = list(lines)


class ReservationExpired(ShopError):
    """What was reserved has been given back in the meantime."""

    code = "reservation_expired"
    status = 409
    title = "The reservation has expired. Reserve the goods anew."


class NotReserved(ShopError):
    """More is to be shipped than is reserved for this owner."""

    code = "not_reserved"
    status = 409
    title = "So many pieces are not reserved. Ship at most what is still open."


class StockBelowReserved(ShopError):
    """The new quantity would be less than what orders have been promised."""

    code = "stock_below_reserved"
    status = 409
    title = "Less would be left than is promised to orders. Cancel orders first, or allow backorders."


class BackordersOutstanding(ShopError):
    """More is promised than there is, so that backorders cannot be switched off now."""

    code = "backorders_outstanding"
    status = 409
    title = (
        "Orders wait for more than there is. Receive the goods first, then stop selling when out of stock."
    )


class InvalidMovement(ShopError):
    """A movement that makes no sense; ``errors`` says which input is wrong and how to mend it."""

    code = "invalid_movement"
    status = 400
    title = "The movement cannot be entered like this."


class UnknownStock(ShopError):
    """A SKU or a warehouse that the shop does not have."""

    code = "unknown_stock"
    status = 400
    title = "The shop does not have this."


def reserve_stock(
    *, owner: str, demands: Sequence[Demand], expires_at: datetime | None, at: datetime | None = None
) -> list[Reservation]:
    """
    Promise the demands to ``owner``, all of them or none; a second call for an owner adds to the first.

    Demand is summed per variant first, so that the same variant in two lines cannot slip through the test.

    :param expires_at: when the promise ends by itself; ``None`` for never
    :raises InsufficientStock: naming every variant of which there is too little; nothing is reserved then
    :raises ValueError: for a quantity below one
    """
    if any(demand.quantity < 1 for demand in demands):
        raise ValueError("A demand is for one piece or more.")
    moment = at or clock.now()
    wanted: Counter[int] = Counter()
    for demand in demands:
        wanted[demand.variant_id] += demand.quantity
    with locked_stock(wanted, at=moment) as locked:
        plan = _allocate(locked, wanted)
        for stock_item_id, quantity in plan.items():
            locked.reserve(stock_item_id, quantity)
        reservations = [
            Reservation(
                stock_item=locked.items[stock_item_id],
                owner=owner,
                quantity=quantity,
                expires_at=expires_at,
                created_at=moment,
            )
            for stock_item_id, quantity in sorted(plan.items())
        ]
        return Reservation.objects.bulk_create(reservations)


def _allocate(locked: LockedStock, wanted: Counter[int]) -> dict[int, int]:
    plan: dict[int, int] = {}
    missing: list[int] = []
    for variant_id, quantity in wanted.items():
        taken = allocate_demand(quantity, locked.shelves(variant_id))
        if taken is None:
            missing.append(variant_id)
        else:
            plan |= taken
    if missing:
        raise InsufficientStock(_shortages(locked, wanted, missing))
    return plan


def _shortages(locked: LockedStock, wanted: Counter[int], missing: list[int]) -> list[dict[str, int | str]]:
    skus = dict(ProductVariant.objects.filter(pk__in=missing).values_list("pk", "sku"))
    return [
        {
            "variant_id": variant_id,
            "sku": skus.get(variant_id, ""),
            "requested": wanted[variant_id],
            "available": sum(max(shelf.free, 0) for shelf in locked.shelves(variant_id)),
        }
        for variant_id in missing
    ]


def _variants_reserved_for(owner: str) -> list[int]:
    return list(
        Reservation.objects.filter(owner=owner).values_list("stock_item__variant_id", flat=True).distinct()
    )


def confirm_reservation(*, owner: str, at: datetime | None = None) -> None:
    """
    Let what is reserved for ``owner`` never expire. Doing it twice changes nothing.

    A reservation past its time that nobody has claimed yet is confirmed as well.

    :raises ReservationExpired: when any of it has been given back
    """
    with locked_stock(_variants_reserved_for(owner), at=at or clock.now(), keep_owner=owner):
        reservations = Reservation.objects.filter(owner=owner)
        if not reservations or any(row.state == Reservation.State.RELEASED for row in reservations):
            raise ReservationExpired()
        reservations.filter(state=Reservation.State.ACTIVE).update(expires_at=None)


def release_stock(*, owner: str, at: datetime | None = None) -> int:
    """Put what is still reserved for ``owner`` back on sale; returns the pieces. Doing it twice changes nothing."""
    with locked_stock(_variants_reserved_for(owner), at=at or clock.now(), keep_owner=owner) as locked:
        active = list(Reservation.objects.filter(owner=owner, state=Reservation.State.ACTIVE))
        locked.end(active, Reservation.State.RELEASED)
        return sum(reservation.quantity for reservation in active)


def ship_stock(
    *,
    owner: str,
    demands: Sequence[Demand],
    reference: str,
    actor: User | None = None,
    at: datetime | None = None,
) -> list[StockMovement]:
    """
    Take goods out of the warehouse for ``owner``: their reservations end, the ledger gets a shipment.

    :param reference: what the ledger shows, such as the order's number
    :raises NotReserved: when more is to be shipped than is reserved for the owner
    :raises InsufficientStock: when goods sold on backorder have not come yet
    """
    moment = at or clock.now()
    wanted: Counter[int] = Counter()
    for demand in demands:
        wanted[demand.variant_id] += demand.quantity
    with locked_stock(wanted, at=moment, keep_owner=owner) as locked:
        active = Reservation.objects.filter(
            owner=owner, state=Reservation.State.ACTIVE, stock_item__in=locked.items
        ).order_by("pk")
        shipments = _plan_shipments(locked, wanted, list(active))
        return [
            _ship(locked, reservation, quantity, reference=reference, actor=actor)
            for reservation, quantity in shipments
        ]


def _plan_shipments(
    locked: LockedStock, wanted: Counter[int], active: list[Reservation]
) -> list[tuple[Reservation, int]]:
    on_hand = {pk: item.on_hand for pk, item in locked.items.items()}
    shipments: list[tuple[Reservation, int]] = []
    missing: dict[int, int] = {}
    for variant_id, quantity in wanted.items():
        theirs = [row for row in active if locked.items[row.stock_item_id].variant_id == variant_id]
        if quantity > sum(row.quantity for row in theirs):
            raise NotReserved()
        open_quantity = quantity
        for row in theirs:
            part = min(row.quantity, open_quantity, on_hand[row.stock_item_id])
            if part:
                shipments.append((row, part))
                on_hand[row.stock_item_id] -= part
                open_quantity -= part
        if open_quantity:
            missing[variant_id] = quantity - open_quantity
    if missing:
        skus = {item.variant_id: item.variant.sku for item in locked.items.values()}
        raise InsufficientStock(
            [
                {"variant_id": pk, "sku": skus[pk], "requested": wanted[pk], "available": there}
                for pk, there in missing.items()
            ]
        )
    return shipments


def _ship(
    locked: LockedStock, reservation: Reservation, quantity: int, *, reference: str, actor: User | None
) -> StockMovement:
    if quantity < reservation.quantity:
        # The rest stays promised under the same reservation; what leaves gets a row of its own.
        shipped = Reservation.objects.create(
            stock_item_id=reservation.stock_item_id,
            owner=reservation.owner,
            quantity=quantity,
            created_at=reservation.created_at,
        )
        reservation.quantity -= quantity
        reservation.save(update_fields=["quantity"])
        reservation = shipped
    locked.end([reservation], Reservation.State.SHIPPED)
    return locked.move(
        locked.items[reservation.stock_item_id],
        StockMovement.Kind.SHIPMENT,
        -quantity,
        reference=reference,
        actor=actor,
    )


def sweep_expired_reservations(*, limit: int = 500, at: datetime | None = None) -> int:
    """
    Tidy up to ``limit`` reservations that have expired; returns how many were given back.

    Reads do not wait for it; it keeps the tables small and tells search of goods that are on sale again.
    """
    moment = at or clock.now()
    expired = Reservation.objects.filter(state=Reservation.State.ACTIVE, expires_at__lte=moment)
    variant_ids = expired.order_by("expires_at").values_list("stock_item__variant_id", flat=True)[:limit]
    given_back = 0
    # A variant a transaction: no shopper waits for the sweeper longer than for another shopper.
    for variant_id in sorted(set(variant_ids)):
        with locked_stock([variant_id], at=moment) as locked:
            given_back += locked.given_back
    return given_back


_SIGNS = {StockMovement.Kind.RECEIPT: 1, StockMovement.Kind.RETURN: 1, StockMovement.Kind.SHIPMENT: -1}


def move_stock(
    *,
    warehouse: Warehouse | str,
    kind: str,
    quantity: int,
    sku: str = "",
    variant_id: int | None = None,
    reference: str = "",
    reason: str = "",
    actor: User | None = None,
    at: datetime | None = None,
) -> StockMovement:
    """
    Enter a movement into the ledger: goods that came (positive) or went (negative).

    :param warehouse: a warehouse or its code
    :param kind: of :class:`StockMovement.Kind`; receipts and returns are positive
    :raises UnknownStock: for a SKU or warehouse that the shop does not have
    :raises InvalidMovement: for a quantity of zero, of the wrong sign or beyond a billion
    :raises StockBelowReserved: when less would be left than is promised
    """
    kind = _check_movement(kind, quantity)
    place = _find_warehouse(warehouse)
    variant = _find_variant(sku=sku, variant_id=variant_id)
    with transaction.atomic():
        item = _ensure_item(variant.pk, place)
        with locked_stock([variant.pk], at=at or clock.now()) as locked:
            movement = _move_checked(
                locked,
                item.pk,
                StockMovement.Kind(kind),
                quantity,
                reference=reference,
                reason=reason,
                actor=actor,
            )
        return movement


def _check_movement(kind: str, quantity: int) -> str:
    if kind not in StockMovement.Kind.values:
        kinds = ", ".join(StockMovement.Kind.values)
        raise InvalidMovement(errors=[ErrorItem("invalid_choice", f"Choose one of {kinds}.", "kind")])
    sign = _SIGNS.get(StockMovement.Kind(kind))
    if quantity == 0 or abs(quantity) > LARGEST_QUANTITY:
        raise InvalidMovement(
            errors=[
                ErrorItem(
                    "invalid_quantity", "Enter a number that is not zero, such as 10 or -2.", "quantity"
                )
            ]
        )
    if sign and quantity * sign < 0:
        mend = "greater than zero" if sign > 0 else "less than zero"
        raise InvalidMovement(
            errors=[ErrorItem("invalid_quantity", f"A {kind} has a quantity {mend}.", "quantity")]
        )
    return kind


def _move_checked(
    locked: LockedStock,
    item_id: int,
    kind: StockMovement.Kind,
    quantity: int,
    *,
    reference: str = "",
    reason: str = "",
    actor: User | None = None,
) -> StockMovement:
    item = locked.items[item_id]
    left = item.on_hand + quantity
    if left > LARGEST_QUANTITY:
        raise InvalidMovement(
            errors=[ErrorItem("invalid_quantity", "More than a billion pieces would lie there.", "quantity")]
        )
    if left < 0 or (quantity < 0 and left < item.reserved and not item.allows_backorder):
        raise StockBelowReserved(
            f"{left} would be left of {item.variant.sku}, but {item.reserved} are promised to orders. "
            f"Take out {max(item.on_hand - item.reserved, 0)} at most, or cancel orders first."
            if left >= 0
            else f"There are only {item.on_hand} of {item.variant.sku} in {item.warehouse.name}.",
            on_hand=item.on_hand,
            reserved=item.reserved,
        )
    return locked.move(item, kind, quantity, reference=reference, reason=reason, actor=actor)


def adjust_stock(
    *,
    variant_id: int,
    warehouse: Warehouse | str,
    counted: int,
    seen: int,
    actor: User | None,
    reason: str = "",
    at: datetime | None = None,
) -> StockItem:
    """
    Set what lies in the warehouse to what was counted, if it is still what the caller saw.

    :param seen: ``on_hand`` as the caller saw it; 0 where the variant has no stock there yet
    :raises StockChanged: when ``on_hand`` is no longer ``seen``; ``current`` says what it is
    :raises StockBelowReserved: when less was counted than is promised
    :raises InvalidMovement: for a count below zero or beyond a billion
    """
    if not 0 <= counted <= LARGEST_QUANTITY:
        raise InvalidMovement(
            errors=[ErrorItem("invalid_quantity", "Enter a count of zero or more.", "counted")]
        )
    place = _find_warehouse(warehouse)
    with transaction.atomic():
        item = _ensure_item(variant_id, place)
        with locked_stock([variant_id], at=at or clock.now()) as locked:
            item = locked.items[item.pk]
            if item.on_hand != seen:
                raise StockChanged(
                    f"{item.variant.sku}: you saw {seen}, now there are {item.on_hand}. Count again.",
                    current=item.on_hand,
                )
            if counted != seen:
                _move_checked(
                    locked, item.pk, StockMovement.Kind.ADJUSTMENT, counted - seen, reason=reason, actor=actor
                )
        return item


def set_stock_rules(
    *,
    variant_id: int,
    warehouse: Warehouse | str,
    allows_backorder: bool,
    low_stock_threshold: int,
    actor: User | None,
    at: datetime | None = None,
) -> StockItem:
    """
    Say whether the variant is sold when it is out of stock, and from which number on it counts as low.

    :raises BackordersOutstanding: when more is promised than there is and backorders are to stop
    :raises InvalidMovement: for a threshold below zero or beyond a billion
    """
    if not 0 <= low_stock_threshold <= LARGEST_QUANTITY:
        raise InvalidMovement(
            errors=[ErrorItem("invalid_quantity", "Enter a number of zero or more.", "low_stock_threshold")]
        )
    moment = at or clock.now()
    place = _find_warehouse(warehouse)
    with transaction.atomic():
        item = _ensure_item(variant_id, place)
        with locked_stock([variant_id], at=moment) as locked:
            item = locked.items[item.pk]
            before = (item.allows_backorder, item.low_stock_threshold)
            if before == (allows_backorder, low_stock_threshold):
                return item
            if not allows_backorder and item.reserved > item.on_hand:
                raise BackordersOutstanding()
            locked.set_rules(item, allows_backorder=allows_backorder, low_stock_threshold=low_stock_threshold)
        record_audit(
            actor=actor,
            action="stock.rules_set",
            target=item,
            changes={
                "allows_backorder": [before[0], allows_backorder],
                "low_stock_threshold": [before[1], low_stock_threshold],
            },
            at=moment,
        )
        return item


def ensure_warehouse(*, code: str = "main", name: str = "Main warehouse", country: str = "DE") -> Warehouse:
    """Return the warehouse with this code, made where it is missing."""
    return Warehouse.objects.get_or_create(code=code, defaults={"name": name, "country": country})[0]


def _ensure_item(variant_id: int, warehouse: Warehouse) -> StockItem:
    return StockItem.objects.get_or_create(variant_id=variant_id, warehouse=warehouse)[0]


def _find_warehouse(warehouse: Warehouse | str) -> Warehouse:
    if isinstance(warehouse, Warehouse):
        return warehouse
    found = Warehouse.objects.filter(code=warehouse).first()
    if found is None:
        raise UnknownStock(
            f"There is no warehouse with the code {warehouse!r}.",
            errors=[
                ErrorItem("unknown_warehouse", "Enter the code of a warehouse of the shop.", "warehouse")
            ],
        )
    return found


def _find_variant(*, sku: str, variant_id: int | None) -> ProductVariant:
    variants = ProductVariant.objects.all()
    found = (
        variants.filter(pk=variant_id) if variant_id is not None else variants.filter(sku__iexact=sku)
    ).first()
    if found is None:
        raise UnknownStock(
            f"There is no variant with the SKU {sku!r}.",
            errors=[ErrorItem("unknown_sku", "Enter the SKU of a variant of the shop.", "sku")],
        )
    return found
