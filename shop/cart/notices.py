"""What a cart warns of. Part of `selectors` in rank, apart for its length."""

from __future__ import annotations

from collections.abc import Sequence

from shop.cart.limits import LINE_UNAVAILABLE, NO_LONGER_AVAILABLE, NOT_AVAILABLE_YET, describe_line
from shop.cart.models import Cart, CartLine
from shop.cart.priced import CartVoucher, CartWarning, PricedLine
from shop.core.money import Money, format_money
from shop.shipping.selectors import ShippingOption


def list_warnings(
    cart: Cart,
    rows: Sequence[CartLine],
    lines: Sequence[PricedLine],
    *,
    shipping: ShippingOption | None,
    vouchers: Sequence[CartVoucher],
    lost_gifts: Sequence[str],
) -> list[CartWarning]:
    """
    Tell what is not as the shopper chose it.

    :param lost_gifts: what promotions promised that the shop does not have
    """
    warnings = _list_line_warnings(cart, rows, lines)
    ships = any(line.requires_shipping for line in lines)
    if cart.shipping_method_code and shipping is None and ships:
        detail = "The shipping method chosen does not serve this cart any more. Choose another one."
        warnings.append(CartWarning("shipping_method_unavailable", detail))
    warnings += [
        CartWarning(voucher.refusal, f"{voucher.code}: {voucher.detail}")
        for voucher in vouchers
        if voucher.refusal
    ]
    warnings += [CartWarning("gift_unavailable", f"The gift {name} has run out.") for name in lost_gifts]
    return warnings


def _list_line_warnings(
    cart: Cart, rows: Sequence[CartLine], lines: Sequence[PricedLine]
) -> list[CartWarning]:
    warnings = []
    for row, line in zip(rows, lines, strict=True):
        name = f"{line.title} ({line.sku})"
        if line.refusal and line.refusal != LINE_UNAVAILABLE:
            warnings.append(CartWarning(line.refusal, describe_line(line), line.id))
        if line.refusal in (NOT_AVAILABLE_YET, NO_LONGER_AVAILABLE):
            continue
        if line.unit_price is None:
            warnings.append(CartWarning("line_unavailable", f"{name} is no longer on sale.", line.id))
            continue
        if line.available == 0:
            warnings.append(CartWarning("insufficient_stock", f"{name} is sold out.", line.id))
        elif line.available < line.quantity:
            detail = f"Only {line.available} of {name} are left."
            warnings.append(CartWarning("insufficient_stock", detail, line.id))
        if row.seen_price is not None and row.seen_price != line.unit_price.amount:
            seen = Money.rounded(row.seen_price, cart.currency)
            detail = f"{name} now costs {format_money(line.unit_price)} instead of {format_money(seen)}."
            warnings.append(CartWarning("price_changed", detail, line.id))
    return warnings
