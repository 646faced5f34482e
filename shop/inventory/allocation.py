"""Which stock a demand is taken from. Pure: numbers in, numbers out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import models


@dataclass(frozen=True, slots=True)
class Shelf:
    """What one stock item can give: so many pieces at once, and more later if it takes backorders."""

    stock_item_id: int
    free: int
    allows_backorder: bool = False


def allocate_demand(quantity: int, shelves: Sequence[Shelf]) -> dict[int, int] | None:
    """
    Split a demand over shelves, given in order of preference: ``{stock_item_id: quantity}``.

    The first shelf that holds the whole demand gives it, so that one parcel goes out; otherwise the shelves
    are emptied in order, and what is still missing is put on the first that takes backorders.

    :returns: ``None`` when there is not enough and nothing takes backorders
    """
    for shelf in shelves:
        if shelf.free >= quantity:
            return {shelf.stock_item_id: quantity}
    taken: dict[int, int] = {}
    missing = quantity
    for shelf in shelves:
        part = min(max(shelf.free, 0), missing)
        if part:
            taken[shelf.stock_item_id] = part
            missing -= part
    if missing:
        backorder = next((shelf for shelf in shelves if shelf.allows_backorder), None)
        if backorder is None:
            return None
        taken[backorder.stock_item_id] = taken.get(backorder.stock_item_id, 0) + missing
    return taken


class StockStatus(models.TextChoices):
    """The words of the public contract for how a variant stands."""

    IN_STOCK = "in_stock", "In stock"
    LOW = "low", "Low"
    OUT_OF_STOCK = "out_of_stock", "Out of stock"
    BACKORDER = "backorder", "On backorder"


def stock_status(*, free: int, low_from: int, allows_backorder: bool) -> StockStatus:
    """Name the state of a variant (or stock item) with ``free`` pieces to sell."""
    if free > low_from:
        return StockStatus.IN_STOCK
    if free > 0:
        return StockStatus.LOW
    return StockStatus.BACKORDER if allows_backorder else StockStatus.OUT_OF_STOCK
