"""How parts of an order are written for people."""

from __future__ import annotations

from decimal import Decimal

from shop.orders.models import Order
from shop.orders.transitions import FulfilmentStatus, OrderStatus

FALLEN = (OrderStatus.CANCELLED, OrderStatus.EXPIRED)


def tax_label(name: str, rate: Decimal) -> str:
    """
    The name of a tax with its rate, said once: "VAT" and 19 give "VAT 19 %", "VAT 19%" stays as it is.
    """
    return name if "%" in name else f"{name} {rate.normalize():f} %".strip()


def fulfilment_label(order: Order) -> str:
    """What has become of the goods; of an order that has fallen through, nothing is "to be sent"."""
    if order.status in FALLEN and order.fulfilment_status == FulfilmentStatus.UNFULFILLED:
        return "Not sent"
    return FulfilmentStatus(order.fulfilment_status).label
