"""What a read of the catalogue refuses."""

from __future__ import annotations

from shop.catalogue.selectors import CategoryNotFound, CollectionNotFound, ProductNotFound
from shop.core.cursors import InvalidCursor
from shop.core.errors import ErrorItem, ShopError

__all__ = ["CategoryNotFound", "CollectionNotFound", "CurrencyNotSold", "InvalidCursor", "ProductNotFound"]


class CurrencyNotSold(ShopError):
    """The shop has no prices in this currency."""

    code = "currency_not_sold"
    title = "The shop does not sell in this currency."

    def __init__(self) -> None:
        super().__init__(errors=[ErrorItem(code=self.code, detail=self.title, attr="currency")])
