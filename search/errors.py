"""What a read of the catalogue refuses, beside what raises it."""

from __future__ import annotations

from shop.core.errors import NotFoundError, ShopError


class ProductNotFound(NotFoundError):
    """No public, sellable product has this slug, SKU or id."""

    title = "Product not found"


class CategoryNotFound(NotFoundError):
    """No public category has this slug."""

    title = "Category not found"


class CollectionNotFound(NotFoundError):
    """No public collection has this slug."""

    title = "Collection not found"


class InvalidCursor(ShopError):
    """The cursor was not made by this list in this order."""

    code = "invalid_cursor"
    title = "Invalid cursor"


class CurrencyNotSold(ShopError):
    """The shop has no prices in this currency."""

    code = "currency_not_sold"
    title = "Currency not sold"
