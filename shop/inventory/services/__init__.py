"""What changes stock. Every function is one transaction, or part of the caller's."""

from shop.inventory.ledger import StockChanged
from shop.inventory.services.loading import StockCount, bulk_load_stock
from shop.inventory.services.movements import (
    LARGEST_QUANTITY,
    BackordersOutstanding,
    InvalidMovement,
    StockBelowReserved,
    UnknownStock,
    adjust_stock,
    ensure_warehouse,
    move_stock,
    save_warehouse,
    set_stock_rules,
)
from shop.inventory.services.reservations import (
    Demand,
    InsufficientStock,
    NotReserved,
    ReservationExpired,
    confirm_reservation,
    release_stock,
    reserve_stock,
    ship_stock,
    sweep_expired_reservations,
)

__all__ = [
    "LARGEST_QUANTITY",
    "BackordersOutstanding",
    "Demand",
    "InsufficientStock",
    "InvalidMovement",
    "NotReserved",
    "ReservationExpired",
    "StockBelowReserved",
    "StockChanged",
    "StockCount",
    "UnknownStock",
    "adjust_stock",
    "bulk_load_stock",
    "confirm_reservation",
    "ensure_warehouse",
    "move_stock",
    "release_stock",
    "reserve_stock",
    "save_warehouse",
    "set_stock_rules",
    "ship_stock",
    "sweep_expired_reservations",
]
