"""What happens to an order, each in one transaction with its entry in the timeline and its event."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from shop.core.errors import ErrorItem, ShopError
from shop.core.outbox import record_event
from shop.inventory.services import (
    Demand,
    InsufficientStock,
    NotReserved,
    confirm_reservation,
    release_stock,
    ship_stock,
)
from shop.orders.models import Fulfilment, FulfilmentLine, Order, OrderEvent, OrderLine, OrderNote
from shop.orders.selectors import find_order_of_email
from shop.orders.transitions import FulfilmentStatus, OrderStatus, PaymentStatus
from shop.promotions.services import release_uses

if TYPE_CHECKING:
    from shop.customers.models import User

logger = logging.getLogger(__name__)

__all__ = [
    "InvalidFulfilment",
    "OrderNotCancellable",
    "OrderNotShippable",
    "ShipmentLine",
    "add_note",
    "cancel_order",
    "confirm_order",
    "deliver_fulfilment",
    "expire_order",
    "lock_order",
    "request_order_link",
    "set_payment_status",
    "ship_order",
]


class OrderNotCancellable(ShopError):
    """Some of it has been sent, or the sale has ended already."""

    code = "order_not_cancellable"
    status = 409
    title = "This order cannot be cancelled any more. If it has been sent, it can be returned."


class OrderNotShippable(ShopError):
    """The order is not confirmed, or nothing of it is left to send."""

    code = "order_not_shippable"
    status = 409
    title = "This order cannot be sent: it waits for payment, or nothing of it is left to send."


class InvalidFulfilment(ShopError):
    """What shall be sent is not in the order, or more than is left; ``errors`` names each line."""

    code = "invalid_fulfilment"
    status = 400
    title = "These lines cannot be sent like this."


@dataclass(frozen=True, slots=True)
class ShipmentLine:
    """So many of one order line (its public id) go into the parcel."""

    line_id: UUID
    quantity: int


def lock_order(order: Order) -> Order:
    """Read the order anew, locked until the end of the transaction."""
    return Order.objects.select_for_update().get(pk=order.pk)


def log_event(
    order: Order, kind: OrderEvent.Kind, *, at: datetime, actor: User | None = None, **data: Any
) -> None:
    """Add to the timeline, and tell the outbox as ``order.<kind>``."""
    OrderEvent.objects.create(order=order, kind=kind, at=at, actor=actor, data=data)
    publish_event(order, kind, at=at, **data)


def publish_event(order: Order, kind: OrderEvent.Kind, *, at: datetime, **data: Any) -> None:
    payload = {"order_id": order.pk, "number": order.number, **data}
    record_event(f"order.{kind.value}", key=order.event_key, payload=payload, at=at)


def _save(order: Order, at: datetime, *fields: str) -> None:
    order.updated_at = at
    order.save(update_fields=[*fields, "updated_at"])


@transaction.atomic
def confirm_order(*, order: Order, at: datetime, goods_are_held: bool = False) -> Order:
    """
    The sale stands: its goods are held for good. Confirming twice changes nothing.

    :param goods_are_held: the caller has just reserved them anew, without an end
    :raises ReservationExpired: when the goods have been given back in the meantime
    :raises TransitionNotAllowed: for a cancelled or expired order
    """
    order = lock_order(order)
    if order.status in (OrderStatus.CONFIRMED, OrderStatus.COMPLETED):
        return order
    order.transition_to(OrderStatus.CONFIRMED)
    if not goods_are_held:
        confirm_reservation(owner=order.stock_owner, at=at, may_hold_nothing=not _travels(order))
    _save(order, at, "status")
    log_event(order, OrderEvent.Kind.CONFIRMED, at=at)
    _fulfil_what_ships_nothing(order, at=at)
    return order


def _travels(order: Order) -> bool:
    return OrderLine.objects.filter(order=order, requires_shipping=True).exists()


@transaction.atomic
def set_payment_status(
    *, order: Order, status: PaymentStatus, at: datetime, actor: User | None = None, data: Mapping[str, Any]
) -> Order:
    """
    Let the order show what its payments say; only payments call this. The same status again changes nothing.

    :raises TransitionNotAllowed: if the table has no such way
    """
    order = lock_order(order)
    if order.payment_status == status:
        return order
    order.transition_to(status)
    _save(order, at, "payment_status")
    kind = OrderEvent.Kind.PAID if status == PaymentStatus.PAID else OrderEvent.Kind.PAYMENT_CHANGED
    log_event(order, kind, at=at, actor=actor, **{**data, "payment_status": status.value})
    _fulfil_what_ships_nothing(order, at=at)
    _complete_when_done(order, at=at)
    return order


def _fulfil_what_ships_nothing(order: Order, *, at: datetime) -> None:
    """A confirmed and paid order of which nothing travels is fulfilled by itself: ``order.fulfilled``."""
    ready = order.status == OrderStatus.CONFIRMED and order.payment_status == PaymentStatus.PAID
    if not ready or order.fulfilment_status != FulfilmentStatus.UNFULFILLED or _travels(order):
        return
    if _hand_over_what_ships_nothing(order, at=at):
        order.transition_to(FulfilmentStatus.FULFILLED)
        _save(order, at, "fulfilment_status")
        log_event(order, OrderEvent.Kind.FULFILLED, at=at)
        _complete_when_done(order, at=at)


def _hand_over_what_ships_nothing(order: Order, *, at: datetime) -> bool:
    """
    Count the lines that ship nothing as handed over, once they are all that is left.

    :returns: ``False`` when goods that travel are left, or what was sold on backorder is not there yet: staff
        hand it over later
    """
    left = [(line, line.quantity_open) for line in order.lines.all() if line.quantity_open]
    if any(line.requires_shipping for line, _ in left):
        return False
    try:
        with transaction.atomic():
            _take_out_of_stock(order, left, actor=None, at=at)
    except (InsufficientStock, NotReserved):
        logger.warning("What order %s is left with ships nothing, but is not there yet.", order.number)
        return False
    return True


@transaction.atomic
def expire_order(*, order: Order, at: datetime) -> Order:
    """
    Give up an order that was never paid and put its goods back on sale. Twice changes nothing.

    :raises TransitionNotAllowed: for an order that is confirmed or cancelled
    """
    order = lock_order(order)
    if order.status == OrderStatus.EXPIRED:
        return order
    order.transition_to(OrderStatus.EXPIRED)
    release_stock(owner=order.stock_owner, at=at)
    release_uses(order_id=order.public_id, at=at)
    _save(order, at, "status")
    log_event(order, OrderEvent.Kind.EXPIRED, at=at)
    return order


@transaction.atomic
def cancel_order(*, order: Order, actor: User | None, reason: str, at: datetime) -> Order:
    """
    Cancel an order and put its goods back on sale. Its payments follow through ``order.cancelled``.

    :raises OrderNotCancellable: if any of it has been sent, or the sale has ended already
    """
    order = lock_order(order)
    if not order.is_cancellable:
        raise OrderNotCancellable
    order.transition_to(OrderStatus.CANCELLED)
    release_stock(owner=order.stock_owner, at=at)
    release_uses(order_id=order.public_id, at=at)
    _save(order, at, "status")
    log_event(order, OrderEvent.Kind.CANCELLED, at=at, actor=actor, reason=reason)
    return order


@transaction.atomic
def ship_order(
    *,
    order: Order,
    lines: Sequence[ShipmentLine] | None,
    carrier: str,
    tracking_number: str,
    at: datetime,
    actor: User | None,
    tracking_url: str = "",
) -> Fulfilment:
    """
    Send goods of a confirmed order: one parcel, taken out of the stock that is held for the order.

    :param lines: ``None`` for everything that is left to send; what ships nothing is handed over with the
        last parcel
    :param tracking_url: empty for none
    :raises OrderNotShippable: if the order is not confirmed or nothing is left to send
    :raises InvalidFulfilment: for a line of another order, or more than is left of one
    :raises InsufficientStock: when goods sold on backorder have not come yet
    """
    order = lock_order(order)
    if order.status != OrderStatus.CONFIRMED:
        raise OrderNotShippable
    parcel = _pack(order, lines)
    _take_out_of_stock(order, parcel, actor=actor, at=at)
    fulfilment = Fulfilment.objects.create(
        order=order,
        carrier=carrier,
        tracking_number=tracking_number,
        tracking_url=tracking_url,
        shipped_at=at,
    )
    FulfilmentLine.objects.bulk_create(
        FulfilmentLine(fulfilment=fulfilment, order_line=line, quantity=quantity) for line, quantity in parcel
    )
    _hand_over_what_ships_nothing(order, at=at)
    everything = not OrderLine.objects.filter(order=order, quantity_shipped__lt=F("quantity")).exists()
    reached = FulfilmentStatus.FULFILLED if everything else FulfilmentStatus.PARTIALLY_FULFILLED
    if order.fulfilment_status != reached:
        order.transition_to(reached)
    _save(order, at, "fulfilment_status")
    log_event(
        order,
        OrderEvent.Kind.SHIPPED,
        at=at,
        actor=actor,
        fulfilment=str(fulfilment.public_id),
        carrier=carrier,
        tracking_number=tracking_number,
        tracking_url=tracking_url,
    )
    _complete_when_done(order, at=at)
    return fulfilment


def _pack(order: Order, lines: Sequence[ShipmentLine] | None) -> list[tuple[OrderLine, int]]:
    of_order = {line.public_id: line for line in order.lines.all()}
    if lines is None:
        left = [(line, line.quantity_open) for line in of_order.values() if line.quantity_open]
        if not left:
            raise OrderNotShippable
        return [(line, quantity) for line, quantity in left if line.requires_shipping] or left
    errors = []
    wanted: dict[UUID, int] = {}
    for position, item in enumerate(lines):
        line = of_order.get(item.line_id)
        wanted[item.line_id] = wanted.get(item.line_id, 0) + item.quantity
        if line is None:
            errors.append(ErrorItem("unknown_line", "The order has no such line.", f"lines.{position}.id"))
        elif not 1 <= item.quantity <= line.quantity_open or wanted[item.line_id] > line.quantity_open:
            detail = f"{line.sku}: {line.quantity_open} left to send. Enter 1 to {line.quantity_open}."
            errors.append(ErrorItem("invalid_quantity", detail, f"lines.{position}.quantity"))
    if not wanted:
        errors.append(ErrorItem("required", "Choose at least one line.", "lines"))
    if errors:
        raise InvalidFulfilment(errors=errors)
    return [(of_order[line_id], quantity) for line_id, quantity in wanted.items()]


def _take_out_of_stock(
    order: Order, parcel: Sequence[tuple[OrderLine, int]], *, actor: User | None, at: datetime
) -> None:
    ship_stock(
        owner=order.stock_owner,
        demands=[
            Demand(variant_id=line.variant_id, quantity=quantity, parts=line.parts)
            for line, quantity in parcel
        ],
        reference=order.number,
        actor=actor,
        at=at,
    )
    for line, quantity in parcel:
        line.quantity_shipped += quantity
    OrderLine.objects.bulk_update([line for line, _ in parcel], ["quantity_shipped"])


def _complete_when_done(order: Order, *, at: datetime) -> None:
    """An order is done with when everything is sent and paid."""
    done = (
        order.fulfilment_status == FulfilmentStatus.FULFILLED and order.payment_status == PaymentStatus.PAID
    )
    if done and order.can_become(OrderStatus.COMPLETED):
        order.transition_to(OrderStatus.COMPLETED)
        _save(order, at, "status")
        log_event(order, OrderEvent.Kind.COMPLETED, at=at)


@transaction.atomic
def deliver_fulfilment(*, fulfilment: Fulfilment, actor: User | None, at: datetime) -> Fulfilment:
    """The parcel has arrived. Twice changes nothing."""
    order = lock_order(fulfilment.order)
    fulfilment = Fulfilment.objects.get(pk=fulfilment.pk)
    if fulfilment.delivered_at is not None:
        return fulfilment
    fulfilment.delivered_at = at
    fulfilment.save(update_fields=["delivered_at"])
    log_event(order, OrderEvent.Kind.DELIVERED, at=at, actor=actor, fulfilment=str(fulfilment.public_id))
    return fulfilment


def add_note(*, order: Order, author: User | None, text: str, at: datetime) -> OrderNote:
    """Leave a note for colleagues."""
    return OrderNote.objects.create(order=order, author=author, text=text, created_at=at)


@transaction.atomic
def request_order_link(*, number: str, email: str, at: datetime) -> None:
    """
    Let the link of an order be sent to the address it was placed with.

    The same is done whether or not there is such an order (one look-up, one event, whose ``order_id`` is
    then null), so that neither the answer nor its time tells.
    """
    order = find_order_of_email(number=number, email=email)
    record_event(
        "order.link_requested",
        key=order.event_key if order else "order:",
        payload={"order_id": order.pk if order else None},
        at=at,
    )
