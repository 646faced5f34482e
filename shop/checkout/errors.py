"""Why a cart cannot become an order, each with what would mend it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from shop.core.errors import ErrorItem, ShopError


class CartEmpty(ShopError):
    """There is nothing in the cart."""

    code = "cart_empty"
    status = 422
    title = "The cart is empty. Put something into it first."


class CartIncomplete(ShopError):
    """Something is missing that an order needs; ``errors`` has an entry for each."""

    code = "cart_incomplete"
    status = 400
    title = "The cart lacks something that an order needs."


class GuestsMayNotOrder(ShopError):
    """The shop asks everybody to sign in before they order."""

    code = "sign_in_required"
    status = 403
    title = "Sign in to order in this shop. Your cart stays as it is."


class CartAlreadyOrdered(ShopError):
    """The cart has become an order, by another request; ``number`` is the order's."""

    code = "cart_completed"
    status = 409
    title = "This cart has been ordered already."

    def __init__(self, number: str) -> None:
        super().__init__(f"This cart has been ordered already, as {number}.", number=number)
        self.number = number


class TotalChanged(ShopError):
    """The total is not what the shopper agreed to; ``totals`` says what it is now."""

    code = "total_changed"
    status = 409
    title = "The total has changed since you last saw it. Look at the new one, then order again."

    def __init__(self, totals: Mapping[str, Any]) -> None:
        super().__init__(totals=dict(totals))


class NotEnoughStock(ShopError):
    """There is less than the cart holds; ``lines`` says of what, and how much there is."""

    code = "insufficient_stock"
    status = 409
    title = "There is not enough in stock of everything in the cart."

    def __init__(self, lines: Sequence[Mapping[str, Any]]) -> None:
        super().__init__(
            errors=[
                ErrorItem(
                    self.code, f"{line['sku']}: {line['available']} available.", f"lines.{line['line']}"
                )
                for line in lines
            ],
            lines=[dict(line) for line in lines],
        )


class TotalTooLarge(ShopError):
    """More money than the shop's books can hold."""

    code = "total_too_large"
    status = 422
    title = "The total is too large for one order. Split it into several."
