"""Which stock a demand is taken from, and how far it reaches. Pure: numbers in, numbers out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.db import models

# Of what nobody counts, and of what is ordered before it is there: more than any order may hold.
PLENTY: Final = 10**6


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


@dataclass(frozen=True, slots=True)
class Pool:
    """What all shelves of one variant can give together."""

    free: int
    low_from: int = 0
    allows_backorder: bool = False

    @property
    def most(self) -> int:
        """How many can be ordered, at once or for later."""
        return PLENTY if self.allows_backorder else max(self.free, 0)

    @property
    def status(self) -> StockStatus:
        """The word for it."""
        return stock_status(free=self.free, low_from=self.low_from, allows_backorder=self.allows_backorder)


Recipe = Mapping[int, int]
"""What one piece takes: pieces by variant. A plain variant takes one of itself, a bundle its parts."""


def count_whole(recipe: Recipe, held: Mapping[int, int]) -> int:
    """Return how many whole pieces can be made of what is held: the least over the parts."""
    return min((held.get(variant_id, 0) // each for variant_id, each in recipe.items()), default=0)


def bundle_status(recipe: Recipe, pools: Mapping[int, Pool]) -> StockStatus:
    """
    Name the state of a bundle: it is low when one of its parts is, and on backorder when what is missing of
    any part can be ordered.
    """
    if count_whole(recipe, {pk: max(pool.free, 0) for pk, pool in pools.items()}):
        low = any(pools[variant_id].status == StockStatus.LOW for variant_id in recipe)
        return StockStatus.LOW if low else StockStatus.IN_STOCK
    later = count_whole(recipe, {pk: pool.most for pk, pool in pools.items()})
    return StockStatus.BACKORDER if later else StockStatus.OUT_OF_STOCK


def serve_in_order(wanted: Sequence[tuple[Recipe, int]], held: Mapping[int, int]) -> list[int]:
    """
    Return how many of each demand can be had when those before it are served first.

    Bundles and single goods that share parts take from the same numbers, so that a cart which asks for what
    is returned here can always be ordered.
    """
    left = dict(held)
    served = []
    for recipe, quantity in wanted:
        most = count_whole(recipe, left)
        served.append(most)
        for variant_id, each in recipe.items():
            left[variant_id] = left.get(variant_id, 0) - each * min(most, quantity)
    return served
