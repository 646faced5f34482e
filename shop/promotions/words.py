"""A promotion in words, for people who make one, review one or ask why it did not apply."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.formats import date_format

from shop.core.errors import ShopError
from shop.core.money import Money, format_money
from shop.promotions.engine.rewards import (
    HUNDRED,
    AmountOff,
    BuyXGetY,
    CheapestFree,
    FixedPrice,
    FreeGift,
    PercentOff,
    Reward,
    SetPrice,
    ShippingOff,
    Tiers,
    TierStep,
    read_reward,
)
from shop.promotions.models import Promotion
from shop.promotions.rule_words import describe_rule
from shop.promotions.vocabularies import CARTS, GOODS

ANY_GOODS = "any goods"


def say_percent(number: Decimal) -> str:
    """A percentage as people write it: 12.5 %."""
    return f"{number.normalize():f} %"


def say_moment(moment: datetime) -> str:
    """A moment in the shop's time."""
    return date_format(timezone.localtime(moment, timezone.get_default_timezone()), "j F Y, H:i")


def describe_promotion(promotion: Promotion) -> list[str]:
    """
    The promotion in sentences: what it gives, when, within which limits and time.

    It need not be saved, nor valid: what cannot be read is said so.
    """
    sentences = [f"{_gives(promotion)}."]
    if promotion.kind == Promotion.Kind.CART:
        sentences += _when(promotion)
    sentences += [f"{sentence}." for sentence in (*_limits(promotion), _time(promotion)) if sentence]
    if promotion.needs_voucher:
        sentences.append("Only with a voucher.")
    if promotion.is_last:
        sentences.append("Where it applies, no later lane does.")
    return sentences


def _gives(promotion: Promotion) -> str:
    try:
        reward = read_reward(promotion.reward, currency=promotion.currency)
    except (ShopError, ValueError):
        return "What it gives cannot be read yet"
    goods = _goods(promotion.targets)
    bought = _goods(promotion.qualifiers)
    words = describe_reward(reward, goods=goods, bought=bought)
    if promotion.kind == Promotion.Kind.CATALOGUE:
        return (
            f"In every list, {words[0].lower()}{words[1:]}"
            if words[0].isalpha()
            else f"In every list: {words}"
        )
    return words


def describe_reward(  # noqa: C901, PLR0911 - one sentence for each kind
    reward: Reward, *, goods: str = ANY_GOODS, bought: str = ANY_GOODS
) -> str:
    """What a reward gives, without a full stop; ``goods`` and ``bought`` name what it is about."""
    match reward:
        case PercentOff(percent):
            return f"{say_percent(percent)} off {goods}"
        case AmountOff(amount, each):
            return f"{format_money(amount)} off {'each piece of ' if each else ''}{goods}"
        case FixedPrice(amount):
            return f"Each piece of {goods} costs {format_money(amount)}"
        case CheapestFree(of, free, percent):
            return f"Of every {of} pieces of {goods} the cheapest {_free(free, percent)}"
        case BuyXGetY(buy, get, percent):
            got = bought if goods == ANY_GOODS else goods
            return f"With every {_pieces(buy)} of {bought}, {_pieces(get)} of {got} {_at(percent)}"
        case SetPrice(pieces, amount):
            return f"{pieces} pieces of {goods} together cost {format_money(amount)}"
        case Tiers(by, steps):
            listed = "; ".join(_step(step, by) for step in steps)
            return f"Off {goods}, by {'pieces' if by == 'quantity' else 'total'}: {listed}"
        case FreeGift(sku, quantity):
            return f"{_pieces(quantity)} of {sku} for nothing"
        case ShippingOff(percent, amount):
            if amount is not None:
                return f"{format_money(amount)} off shipping"
            free = percent is None or percent == HUNDRED
            return "Free shipping" if free else f"{say_percent(percent or HUNDRED)} off shipping"
    raise TypeError(f"No words for {type(reward)}.")


def _pieces(number: int) -> str:
    return "1 piece" if number == 1 else f"{number} pieces"


def _at(percent: Decimal) -> str:
    return "for nothing" if percent == HUNDRED else f"at {say_percent(percent)} off"


def _free(number: int, percent: Decimal) -> str:
    which = "one is" if number == 1 else f"{number} are"
    return f"{which} {'free' if percent == HUNDRED else f'{say_percent(percent)} cheaper'}"


def _step(step: TierStep, by: str) -> str:
    off = say_percent(step.percent) if step.percent is not None else format_money(step.amount)  # type: ignore[arg-type]
    unit = " pieces" if by == "quantity" else ""
    return f"from {step.start.normalize():f}{unit} {off}"


def _goods(rule: object) -> str:
    return f"goods where {describe_rule(rule, GOODS)}" if rule else ANY_GOODS


def _when(promotion: Promotion) -> Sequence[str]:
    asked = []
    if promotion.conditions:
        asked.append(describe_rule(promotion.conditions, CARTS))
    bought = _goods(promotion.qualifiers)
    if promotion.min_quantity:
        asked.append(f"{_pieces(promotion.min_quantity)} of {bought} or more are in the cart")
    if promotion.min_subtotal is not None:
        asked.append(f"{bought} for {_money(promotion.min_subtotal, promotion)} or more are in the cart")
    if promotion.qualifiers and not promotion.min_quantity and promotion.min_subtotal is None:
        asked.append(f"{bought} are in the cart")
    return [f"When {' and '.join(asked)}."] if asked else []


def _money(amount: Decimal, promotion: Promotion) -> str:
    try:
        return format_money(Money(amount, promotion.currency))
    except ValueError:
        return f"{amount:f} {promotion.currency}".strip()


def _limits(promotion: Promotion) -> Sequence[str]:
    found = []
    if promotion.max_applications is not None:
        times = promotion.max_applications
        found.append(f"At most {'once' if times == 1 else f'{times} times'} per order")
    if promotion.max_discount is not None:
        found.append(f"At most {_money(promotion.max_discount, promotion)} off per order")
    if promotion.max_uses is not None:
        found.append(f"For {promotion.max_uses} orders at most")
    if promotion.budget is not None:
        found.append(f"All orders together get {_money(promotion.budget, promotion)} at most")
    return found


def _time(promotion: Promotion) -> str:
    begin, end = promotion.valid_from, promotion.valid_until
    if begin and end:
        return f"From {say_moment(begin)} until {say_moment(end)}"
    if begin:
        return f"From {say_moment(begin)} on, for good"
    return f"Until {say_moment(end)}" if end else ""
