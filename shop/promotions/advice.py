"""What may be meant, but is rarely wanted: said when a promotion is saved or put to use. Pure."""

from __future__ import annotations

from shop.core.errors import ShopError
from shop.promotions.engine.rewards import (
    HUNDRED,
    AmountOff,
    FixedPrice,
    FreeGift,
    PercentOff,
    SetPrice,
    Tiers,
    read_reward,
)
from shop.promotions.models import Promotion

NO_END = "It has no end: give it one, or remember to pause it."
FREE_GOODS = "It gives goods away. Set a minimum spend if that is not meant."
NO_LIMIT = "Each voucher of it can be used without limit until it ends. Set “orders at most” or a budget."


def list_advice(promotion: Promotion) -> list[str]:
    """Sentences for whoever saves the promotion; none where nothing is odd."""
    found = []
    if gives_goods_away(promotion):
        found.append(FREE_GOODS)
    if promotion.valid_until is None:
        found.append(NO_END)
    if promotion.needs_voucher and promotion.max_uses is None and promotion.budget is None:
        found.append(NO_LIMIT)
    return found


def gives_goods_away(promotion: Promotion) -> bool:  # noqa: PLR0911 - one answer for each kind
    """Whether some goods may cost nothing at all, without anything that must be bought for it."""
    try:
        reward = read_reward(promotion.reward, currency=promotion.currency)
    except (ShopError, ValueError):
        return False
    has_minimum = bool(promotion.min_subtotal)
    match reward:
        case PercentOff(percent):
            return percent == HUNDRED
        case AmountOff():
            return not has_minimum
        case FixedPrice(amount) | SetPrice(_, amount):
            return amount.is_zero
        case Tiers(by, steps):
            whole = any(step.percent == HUNDRED for step in steps)
            amounts = any(step.amount is not None for step in steps)
            return whole or (amounts and by == "quantity" and not has_minimum)
        case FreeGift():
            return not has_minimum and promotion.min_quantity <= 1 and not promotion.qualifiers
    return False
