from shop.orders.models.fulfilments import Fulfilment, FulfilmentLine
from shop.orders.models.history import OrderEvent, OrderNote
from shop.orders.models.orders import (
    Order,
    OrderAddress,
    OrderDiscount,
    OrderLine,
    OrderTaxLine,
)

__all__ = [
    "Fulfilment",
    "FulfilmentLine",
    "Order",
    "OrderAddress",
    "OrderDiscount",
    "OrderEvent",
    "OrderLine",
    "OrderNote",
    "OrderTaxLine",
]
