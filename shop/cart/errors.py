"""Why something cannot be done with a cart."""

from __future__ import annotations

from shop.cart.models import MAX_LINES, MAX_QUANTITY
from shop.core.errors import ErrorItem, NotFoundError, ShopError


class CartCompleted(ShopError):
    """The cart has become an order; nothing in it can be changed any more."""

    code = "cart_completed"
    status = 409
    title = "This cart has been ordered already. Start a new one to order more."


class LineNotFound(NotFoundError):
    """The cart has no such line."""

    code = "line_not_found"
    title = "The cart has no such line."


class CurrencyNotSold(ShopError):
    """The shop has no prices in this currency."""

    code = "currency_not_sold"
    status = 400
    title = "The shop has no prices in this currency."

    def __init__(self) -> None:
        super().__init__(errors=[ErrorItem(self.code, self.title, "currency")])


class UnknownSku(ShopError):
    """Nothing on sale has this SKU."""

    code = "unknown_sku"
    status = 400
    title = "There is nothing on sale with this SKU."

    def __init__(self) -> None:
        super().__init__(errors=[ErrorItem(self.code, self.title, "sku")])


class QuantityTooLarge(ShopError):
    """More of one thing than a cart may hold."""

    code = "quantity_too_large"
    status = 400
    title = f"A cart holds at most {MAX_QUANTITY} of one thing."

    def __init__(self) -> None:
        super().__init__(errors=[ErrorItem(self.code, self.title, "quantity")])


class CartFull(ShopError):
    """More different things than a cart may hold."""

    code = "cart_full"
    status = 400
    title = f"A cart holds at most {MAX_LINES} different things."
