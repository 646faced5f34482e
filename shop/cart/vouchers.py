"""Entering vouchers and taking them out. Part of `services` in rank, apart for its length."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from shop.cart.models import MAX_VOUCHERS, Cart
from shop.cart.priced import PricedCart
from shop.cart.selectors import price_cart
from shop.cart.services import lock_open_cart, touch
from shop.core.errors import ErrorItem, NotFoundError, ShopError
from shop.promotions.services import (
    VoucherExpired,
    VoucherNotApplicable,
    VoucherRefused,
    VoucherUnknown,
    VoucherUsedUp,
    normalise_code,
)

_REFUSALS: dict[str, type[VoucherRefused]] = {
    refused.code: refused for refused in (VoucherExpired, VoucherNotApplicable, VoucherUnknown, VoucherUsedUp)
}


class VoucherNotInCart(NotFoundError):
    """The cart has no such voucher."""

    code = "voucher_not_found"
    title = "The cart has no such voucher."


class TooManyVouchers(ShopError):
    """More vouchers than a cart may hold."""

    code = "too_many_vouchers"
    status = 422
    title = f"A cart holds at most {MAX_VOUCHERS} vouchers. Take one out first."

    def __init__(self) -> None:
        super().__init__(errors=[ErrorItem(self.code, self.title, "code")])


@transaction.atomic
def add_voucher(*, cart: Cart, code: str, at: datetime) -> PricedCart:
    """
    Enter a voucher. It is kept only if it gives something on what is in the cart; entering it again changes
    nothing.

    :raises VoucherUnknown: if there is no such code, or it is another customer's
    :raises VoucherExpired: if it is not valid now
    :raises VoucherUsedUp: if its uses are spent
    :raises VoucherNotApplicable: if it gives nothing on this cart
    :raises TooManyVouchers: for more than five
    :raises CartCompleted: if the cart has become an order
    """
    locked = lock_open_cart(cart, at=at)
    wanted = normalise_code(code)
    if wanted not in locked.voucher_codes:
        if len(locked.voucher_codes) >= MAX_VOUCHERS:
            raise TooManyVouchers
        locked.voucher_codes = [*locked.voucher_codes, wanted]
    priced = price_cart(locked, at=at)
    held = next(voucher for voucher in priced.vouchers if voucher.code == wanted)
    if held.refusal:
        raise _REFUSALS[held.refusal](held.detail)
    touch(locked, at=at)
    return priced


@transaction.atomic
def remove_voucher(*, cart: Cart, code: str, at: datetime) -> PricedCart:
    """
    Take a voucher out.

    :raises VoucherNotInCart: if the cart has no such voucher
    :raises CartCompleted: if the cart has become an order
    """
    locked = lock_open_cart(cart, at=at)
    wanted = normalise_code(code)
    if wanted not in locked.voucher_codes:
        raise VoucherNotInCart
    locked.voucher_codes = [held for held in locked.voucher_codes if held != wanted]
    touch(locked, at=at)
    return price_cart(locked, at=at)
