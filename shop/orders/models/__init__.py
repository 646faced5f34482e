from shop.orders.models.fulfilments import Fulfilment, FulfilmentLine
from shop.orders.models.history import OrderEvent, OrderNote
from shop.orders.models.orders import Order, OrderAddress, OrderLine, OrderTaxLine

__all__ = [
    "Fulfilment",
    "FulfilmentLine",
    "Order",
    "OrderAddress",
    "OrderEvent",
    "OrderLine",
    "OrderNote",
    "OrderTaxLine",
]
