"""Promotions and vouchers of a cart. Part of `selectors` in rank, apart for its length."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shop.cart.models import Cart
from shop.cart.priced import CartDiscount, CartVoucher
from shop.catalogue.models import ProductType
from shop.core.money import Money
from shop.customers.addresses import PostalAddress
from shop.pricing.selectors import Quote
from shop.promotions.engine import Outcome
from shop.promotions.facts import Shopper
from shop.promotions.models import Voucher
from shop.promotions.selectors import Line, PreparedBasket, prepare_basket
from shop.promotions.services import (
    VoucherNotApplicable,
    VoucherRefused,
    VoucherUnknown,
    check_voucher,
)
from shop.promotions.services.vouchers import Spend
from shop.promotions.snapshot import Snapshot


def shopper_of(cart: Cart, shipping_address: PostalAddress | None) -> Shopper:
    """Who buys, as promotions ask for it."""
    group = cart.user.group if cart.user else None
    return Shopper(
        user_id=cart.user_id,
        email=cart.email or (cart.user.email if cart.user else ""),
        group_slug=group.slug if group else "",
        country=shipping_address.country if shipping_address else "",
    )


@dataclass(frozen=True, slots=True)
class PreparedCart:
    """A cart's promotions with all that they ask for, and its vouchers as they stand by themselves."""

    basket: PreparedBasket
    vouchers: Sequence[CartVoucher]

    def vouchers_after(self, outcome: Outcome) -> list[CartVoucher]:
        """The vouchers, those that give nothing on this cart with the reason."""
        applied = {one.code: one for one in outcome.applied if one.code}
        found = []
        for voucher in self.vouchers:
            if voucher.refusal or voucher.code in applied:
                found.append(voucher)
            else:
                found.append(_refused(voucher.code, VoucherNotApplicable(), label=voucher.label))
        return found


def prepare_cart(
    cart: Cart,
    *,
    lines: Sequence[Any],
    quotes: Mapping[int, Quote],
    unit_prices: Mapping[str, Money],
    shopper: Shopper,
    site_id: int | None,
    snapshot: Snapshot,
    at: datetime,
) -> PreparedCart:
    """
    Find what promotions may apply to a cart: no statement while none is in use and no voucher entered.

    :param lines: of ``contents.list_lines``, those that have a price
    :param unit_prices: as shoppers see prices, by the line's key
    """
    given = [
        Line(
            key=str(line.pk),
            variant_id=line.variant_id,
            product_id=line.variant.product_id,
            sku=line.variant.sku,
            unit_price=unit_prices[str(line.pk)],
            quantity=line.quantity,
            is_reduced=quotes[line.variant_id].is_reduced,
            is_discountable=not _is_gift_card(line),
        )
        for line in lines
    ]
    goods = (line.unit_price * line.quantity for line in given if line.is_discountable)
    spend = Spend(subtotal=Money.sum(goods, cart.currency), site_id=site_id)
    vouchers, unlocked = _read_vouchers(cart, shopper=shopper, spend=spend, at=at)
    basket = prepare_basket(
        lines=given,
        shopper=shopper,
        currency=cart.currency,
        site_id=site_id,
        at=at,
        unlocked=unlocked,
        snapshot=snapshot,
    )
    return PreparedCart(basket=basket, vouchers=vouchers)


def _is_gift_card(line: Any) -> bool:
    # Money for money: a discount on it could be turned into any other discount.
    product = line.variant.product
    kind = product.product_type.kind if product and product.product_type else ""
    return bool(kind == ProductType.Kind.GIFT_CARD)


def _read_vouchers(
    cart: Cart, *, shopper: Shopper, spend: Spend, at: datetime
) -> tuple[list[CartVoucher], dict[int, str]]:
    """The vouchers in the order they were entered, and what the good ones open."""
    if not cart.voucher_codes:
        return [], {}
    rows = Voucher.objects.select_related("promotion").filter(code__in=cart.voucher_codes)
    by_code = {row.code: row for row in rows}
    vouchers: list[CartVoucher] = []
    unlocked: dict[int, str] = {}
    for code in cart.voucher_codes:
        voucher = by_code.get(code)
        try:
            if voucher is None:
                raise VoucherUnknown
            check_voucher(voucher, shopper=shopper, spend=spend, at=at)
        except VoucherRefused as refused:
            vouchers.append(_refused(code, refused))
            continue
        vouchers.append(CartVoucher(code=code, label=voucher.promotion.label))
        unlocked.setdefault(voucher.promotion_id, code)
    return vouchers, unlocked


def _refused(code: str, refused: VoucherRefused, *, label: str = "") -> CartVoucher:
    return CartVoucher(code=code, label=label, refusal=refused.code, detail=refused.detail or refused.title)


def list_discounts(outcome: Outcome, gift_values: Mapping[int, Money]) -> list[CartDiscount]:
    """
    What came of it, by promotion.

    :param gift_values: what the gifts of a promotion would have cost, by its key
    """
    return [
        CartDiscount(
            promotion_id=one.promotion_id,
            name=one.name,
            label=one.label,
            code=one.code,
            amount=one.amount - one.shipping + gift_values.get(one.promotion_id, one.shipping * 0),
            shipping=one.shipping,
        )
        for one in outcome.applied
    ]
