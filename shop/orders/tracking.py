"""The timeline that a buyer follows: placed, paid, packed, shipped, delivered. Pure, over what is loaded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from shop.orders.models import Order, OrderEvent

_SHOWN = {
    OrderEvent.Kind.PLACED: "placed",
    OrderEvent.Kind.PAID: "paid",
    OrderEvent.Kind.CANCELLED: "cancelled",
    OrderEvent.Kind.EXPIRED: "expired",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One step; carrier and tracking only where goods moved."""

    kind: str
    at: datetime
    carrier: str = ""
    tracking_number: str = ""
    tracking_url: str = ""


def list_steps(order: Order) -> list[Step]:
    """Return the steps in the order in which they happened. A parcel is packed when it is handed over."""
    kinds = [(OrderEvent.Kind(event.kind), event.at) for event in order.events.all()]
    steps = [Step(_SHOWN[kind], at) for kind, at in kinds if kind in _SHOWN]
    for parcel in order.fulfilments.all():
        moved = (parcel.carrier, parcel.tracking_number, parcel.tracking_url)
        steps.append(Step("packed", parcel.shipped_at))
        steps.append(Step("shipped", parcel.shipped_at, *moved))
        if parcel.delivered_at is not None:
            steps.append(Step("delivered", parcel.delivered_at, *moved))
    rank = {
        kind: position for position, kind in enumerate(("placed", "paid", "packed", "shipped", "delivered"))
    }
    return sorted(steps, key=lambda step: (step.at, rank.get(step.kind, len(rank))))
