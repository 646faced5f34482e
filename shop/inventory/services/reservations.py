"""Promising stock to an owner, and what becomes of the promise: kept, shipped, given back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from shop.catalogue.bundles import list_uncounted
from shop.catalogue.models import ProductVariant
from shop.core import clock
from shop.core.errors import ErrorItem, ShopError
from shop.inventory.allocation import PLENTY, Recipe, allocate_demand, serve_in_order
from shop.inventory.ledger import LockedStock, locked_stock
from shop.inventory.models import Reservation, StockMovement
from shop.inventory.selectors import load_recipes

if TYPE_CHECKING:
    from shop.customers.models import User


@dataclass(frozen=True, slots=True)
class Demand:
    """
    So many pieces of a variant are wanted.

    ``parts`` is what one piece of a bundle was agreed to hold, as (variant, quantity); empty for a plain
    variant. ``None`` takes it as the catalogue has it now.
    """

    variant_id: int
    quantity: int
    parts: tuple[tuple[int, int], ...] | None = None


@dataclass(frozen=True, slots=True)
class _Want:
    """A demand with what one piece of it takes off the shelves."""

    variant_id: int
    quantity: int
    recipe: Recipe


def _list_wants(demands: Sequence[Demand]) -> list[_Want]:
    """Add up the demands of each variant, and look up the parts that nobody named."""
    unnamed = {demand.variant_id for demand in demands if demand.parts is None}
    known = load_recipes(unnamed) if unnamed else {}
    wants: dict[int, _Want] = {}
    for demand in demands:
        parts = known.get(demand.variant_id, {}) if demand.parts is None else dict(demand.parts)
        before = wants[demand.variant_id].quantity if demand.variant_id in wants else 0
        wants[demand.variant_id] = _Want(
            demand.variant_id, before + demand.quantity, parts or {demand.variant_id: 1}
        )
    return list(wants.values())


def _add_up(wants: Sequence[_Want]) -> Counter[int]:
    """Return the pieces wanted of each variant that lies on a shelf."""
    total: Counter[int] = Counter()
    for want in wants:
        for variant_id, each in want.recipe.items():
            total[variant_id] += each * want.quantity
    return total


class InsufficientStock(ShopError):
    """There is less than is wanted; ``lines`` says of what, how much was asked for and how much there is."""

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


def reserve_stock(
    *, owner: str, demands: Sequence[Demand], expires_at: datetime | None, at: datetime | None = None
) -> list[Reservation]:
    """
    Promise the demands to ``owner``, all of them or none; a second call for an owner adds to the first.

    Bundles are taken apart and demand is summed per variant on the shelves first, so that the same goods in
    two lines cannot slip through the test. What ships nothing and lies on no shelf is promised without a
    reservation.

    :param expires_at: when the promise ends by itself; ``None`` for never
    :raises InsufficientStock: naming every variant of which there is too little, a bundle by its own SKU;
        nothing is reserved then
    :raises ValueError: for a quantity below one
    """
    if any(demand.quantity < 1 for demand in demands):
        raise ValueError("A demand is for one piece or more.")
    moment = at or clock.now()
    wants = _list_wants(demands)
    with locked_stock(_add_up(wants), at=moment) as locked:
        plan = _allocate(locked, wants)
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


def _allocate(locked: LockedStock, wants: Sequence[_Want]) -> dict[int, int]:
    plan: dict[int, int] = {}
    missing: set[int] = set()
    for variant_id, quantity in _add_up(wants).items():
        taken = allocate_demand(quantity, locked.shelves(variant_id))
        if taken is None:
            missing.add(variant_id)
        else:
            plan |= taken
    # Whatever has a shelf is counted, of whichever kind it is.
    unshelved = {variant_id for variant_id in missing if not locked.of_variant(variant_id)}
    uncounted = list_uncounted(unshelved) if unshelved else set()
    if missing - uncounted:
        raise InsufficientStock(_shortages(locked, wants, uncounted))
    return plan


def _shortages(
    locked: LockedStock, wants: Sequence[_Want], uncounted: set[int]
) -> list[dict[str, int | str]]:
    """What is short when the demands are served one after the other."""
    held = {variant_id: locked.pool(variant_id).most for variant_id in _add_up(wants)}
    held |= dict.fromkeys(uncounted, PLENTY)
    served = serve_in_order([(want.recipe, want.quantity) for want in wants], held)
    short = [(want, most) for want, most in zip(wants, served, strict=True) if most < want.quantity]
    skus = dict(
        ProductVariant.objects.filter(pk__in=[want.variant_id for want, _ in short]).values_list("pk", "sku")
    )
    return [
        {
            "variant_id": want.variant_id,
            "sku": skus.get(want.variant_id, ""),
            "requested": want.quantity,
            "available": most,
        }
        for want, most in short
    ]


def _variants_reserved_for(owner: str) -> list[int]:
    return list(
        Reservation.objects.filter(owner=owner).values_list("stock_item__variant_id", flat=True).distinct()
    )


def confirm_reservation(*, owner: str, at: datetime | None = None, may_hold_nothing: bool = False) -> None:
    """
    Let what is reserved for ``owner`` never expire. Doing it twice changes nothing.

    A reservation past its time that nobody has claimed yet is confirmed as well.

    :param may_hold_nothing: for goods that ship nothing, which may have been promised without a reservation
    :raises ReservationExpired: when any of it has been given back
    """
    with locked_stock(_variants_reserved_for(owner), at=at or clock.now(), keep_owner=owner):
        reservations = Reservation.objects.filter(owner=owner)
        if not reservations and may_hold_nothing:
            return
        if not reservations or any(row.state == Reservation.State.RELEASED for row in reservations):
            raise ReservationExpired()
        reservations.filter(state=Reservation.State.ACTIVE).update(expires_at=None)


def release_stock(*, owner: str, at: datetime | None = None) -> int:
    """Put what is reserved for ``owner`` back on sale; returns the pieces. Doing it twice changes nothing."""
    with locked_stock(_variants_reserved_for(owner), at=at or clock.now(), keep_owner=owner) as locked:
        # What the owner has been promised since the rows were chosen comes after this release.
        active = list(
            Reservation.objects.filter(
                owner=owner, state=Reservation.State.ACTIVE, stock_item__in=locked.items
            )
        )
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

    Of a bundle its parts are taken; of what ships nothing, as much as was reserved.

    :param reference: what the ledger shows, such as the order's number
    :raises NotReserved: when more is to be shipped than is reserved for the owner
    :raises InsufficientStock: when goods sold on backorder have not come yet
    """
    moment = at or clock.now()
    wanted = _add_up(_list_wants(demands))
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
    reserved: Counter[int] = Counter()
    for row in active:
        reserved[locked.items[row.stock_item_id].variant_id] += row.quantity
    unreserved = {variant_id for variant_id, quantity in wanted.items() if quantity > reserved[variant_id]}
    uncounted = list_uncounted(unreserved) if unreserved else set()
    if unreserved - uncounted:
        raise NotReserved()
    for variant_id, quantity in wanted.items():
        theirs = [row for row in active if locked.items[row.stock_item_id].variant_id == variant_id]
        open_quantity = min(quantity, reserved[variant_id])
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
