"""What a read of the catalogue refuses."""

from __future__ import annotations

from shop.catalogue.selectors import CategoryNotFound, CollectionNotFound, ProductNotFound
from shop.core.errors import ShopError

__all__ = ["CategoryNotFound", "CollectionNotFound", "CurrencyNotSold", "InvalidCursor", "ProductNotFound"]


class InvalidCursor(ShopError):
    """The cursor was not made by this list in this order."""

    code = "invalid_cursor"
    title = "The cursor does not belong to this list."


class CurrencyNotSold(ShopError):
    """The shop has no prices in this currency."""

    code = "currency_not_sold"
    title = "The shop does not sell in this currency."
