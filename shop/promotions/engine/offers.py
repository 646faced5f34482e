"""What one promotion would take off the lines that are open to it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from shop.catalogue.predicates import Node, matches
from shop.core.money import Money, allocate, percent_of
from shop.promotions.engine.pieces import (
    Pieces,
    cheapest_first,
    count,
    cut,
    most_applications,
    take,
    take_gets,
    units_by_line,
)
from shop.promotions.engine.rewards import (
    AmountOff,
    BuyXGetY,
    CheapestFree,
    FixedPrice,
    FreeGift,
    PercentOff,
    SetPrice,
    ShippingOff,
    Tiers,
    TierStep,
)
from shop.promotions.engine.values import CartPromotion, Gift, Item


@dataclass(frozen=True, slots=True)
class OpenLine:
    """A line of the basket and what earlier promotions have left of its total."""

    item: Item
    left: Money


@dataclass(frozen=True, slots=True)
class Offer:
    """What a promotion would give."""

    lines: Mapping[str, Money] = field(default_factory=dict)
    shipping: Money | None = None
    gifts: tuple[Gift, ...] = ()

    def value(self, currency: str) -> Money:
        """All that comes off."""
        total = Money.sum(self.lines.values(), currency)
        return total + self.shipping if self.shipping is not None else total


NOTHING = Offer()


def wants(rule: Node | None, item: Item) -> bool:
    """Whether a rule about goods holds for a line."""
    return item.is_discountable and (rule is None or matches(rule, item.facts))


def make_offer(
    promotion: CartPromotion,
    *,
    lines: Sequence[OpenLine],
    open_keys: frozenset[str],
    shipping: Money | None,
    currency: str,
) -> Offer:
    """
    Work out what a promotion gives.

    :param lines: of the whole basket: what is bought may lie in lines that another promotion has taken
    :param open_keys: the lines that it may still make cheaper
    """
    work = _WORK[type(promotion.reward)]
    return _cap(work(_Task(promotion, lines, open_keys, shipping, currency)), promotion, currency)


@dataclass(frozen=True, slots=True)
class _Task:
    promotion: CartPromotion
    lines: Sequence[OpenLine]
    open_keys: frozenset[str]
    shipping: Money | None
    currency: str

    def targets(self, rule: Node | None) -> list[OpenLine]:
        return [
            line
            for line in self.lines
            if line.item.key in self.open_keys and not line.left.is_zero and wants(rule, line.item)
        ]

    def own_targets(self) -> list[OpenLine]:
        return self.targets(self.promotion.targets)

    def limit(self, number: int) -> int:
        most = self.promotion.max_applications
        return number if most is None else min(number, most)

    def money(self, units: int) -> Money:
        return Money.of_minor_units(units, self.currency)

    def off_pieces(self, pieces: Sequence[Pieces], percent: Decimal) -> Offer:
        by_line = units_by_line(pieces)
        return _offer({key: percent_of(self.money(units), percent) for key, units in by_line.items()})


def _offer(lines: Mapping[str, Money]) -> Offer:
    return Offer(lines={key: amount for key, amount in lines.items() if not amount.is_zero})


def _pieces(lines: Sequence[OpenLine]) -> list[Pieces]:
    return [
        piece for line in lines for piece in cut(line.item.key, line.left.minor_units, line.item.quantity)
    ]


def _percent(task: _Task) -> Offer:
    reward: PercentOff = task.promotion.reward  # type: ignore[assignment]
    return _offer({line.item.key: percent_of(line.left, reward.percent) for line in task.own_targets()})


def _amount(task: _Task) -> Offer:
    reward: AmountOff = task.promotion.reward  # type: ignore[assignment]
    return _take_amount(task, task.own_targets(), reward.amount, each=reward.each)


def _take_amount(task: _Task, targets: Sequence[OpenLine], amount: Money, *, each: bool) -> Offer:
    if each:
        units = amount.minor_units
        pieces = [Pieces(piece.key, min(piece.units, units), piece.count) for piece in _pieces(targets)]
        return _offer({key: task.money(found) for key, found in units_by_line(pieces).items()})
    if not targets:
        return NOTHING
    total = min(amount, Money.sum((line.left for line in targets), task.currency))
    parts = allocate(total, [line.left.minor_units for line in targets])
    return _offer({line.item.key: part for line, part in zip(targets, parts, strict=True)})


def _fixed_price(task: _Task) -> Offer:
    reward: FixedPrice = task.promotion.reward  # type: ignore[assignment]
    price = reward.amount.minor_units
    pieces = [
        Pieces(piece.key, max(piece.units - price, 0), piece.count) for piece in _pieces(task.own_targets())
    ]
    return _offer({key: task.money(found) for key, found in units_by_line(pieces).items()})


def _cheapest_free(task: _Task) -> Offer:
    reward: CheapestFree = task.promotion.reward  # type: ignore[assignment]
    pieces = cheapest_first(_pieces(task.own_targets()))
    times = task.limit(count(pieces) // reward.of)
    return task.off_pieces(take(pieces, times * reward.free), reward.percent)


def _buy_x_get_y(task: _Task) -> Offer:
    reward: BuyXGetY = task.promotion.reward  # type: ignore[assignment]
    promotion = task.promotion
    rule = promotion.targets if promotion.targets is not None else promotion.qualifiers
    targets = task.targets(rule)
    bought = {
        line.item.key: line.item.quantity for line in task.lines if wants(promotion.qualifiers, line.item)
    }
    shared = {line.item.key: line.item.key in bought for line in targets}
    both = sum(line.item.quantity for line in targets if shared[line.item.key])
    only_got = sum(line.item.quantity for line in targets) - both
    only_bought = sum(bought.values()) - both
    times = task.limit(
        most_applications(
            buy=reward.buy, get=reward.get, only_bought=only_bought, only_got=only_got, both=both
        )
    )
    gets = take_gets(
        _pieces(targets),
        wanted=times * reward.get,
        shared=shared,
        most_shared=both - max(0, times * reward.buy - only_bought),
    )
    return task.off_pieces(gets, reward.percent)


def _set_price(task: _Task) -> Offer:
    reward: SetPrice = task.promotion.reward  # type: ignore[assignment]
    dearest = cheapest_first(_pieces(task.own_targets()))[::-1]
    times = task.limit(count(dearest) // reward.pieces)
    discounts: dict[str, int] = {}
    for number in range(times):
        group = units_by_line(_slice(dearest, number * reward.pieces, reward.pieces))
        off = sum(group.values()) - reward.amount.minor_units
        if off <= 0:
            # The dearest come first: those that follow are no dearer.
            break
        for key, part in zip(group, allocate(task.money(off), list(group.values())), strict=True):
            discounts[key] = discounts.get(key, 0) + part.minor_units
    return _offer({key: task.money(units) for key, units in discounts.items()})


def _slice(pieces: Sequence[Pieces], start: int, length: int) -> list[Pieces]:
    found: list[Pieces] = []
    for held in pieces:
        skipped = min(start, held.count)
        start -= skipped
        some = min(held.count - skipped, length)
        if some > 0:
            found.append(Pieces(held.key, held.units, some))
            length -= some
        if length <= 0:
            break
    return found


def _tiers(task: _Task) -> Offer:
    reward: Tiers = task.promotion.reward  # type: ignore[assignment]
    targets = task.own_targets()
    if reward.by == "quantity":
        reached = Decimal(sum(line.item.quantity for line in targets))
    else:
        reached = Money.sum((line.item.total for line in targets), task.currency).amount
    step: TierStep | None = None
    for one in reward.steps:
        step = one if one.start <= reached else step
    if step is None:
        return NOTHING
    if step.percent is not None:
        percent = step.percent
        return _offer({line.item.key: percent_of(line.left, percent) for line in targets})
    return _take_amount(task, targets, step.amount or Money.zero(task.currency), each=False)


def _gift(task: _Task) -> Offer:
    reward: FreeGift = task.promotion.reward  # type: ignore[assignment]
    promotion = task.promotion
    pieces = sum(line.item.quantity for line in task.lines if wants(promotion.qualifiers, line.item))
    times = pieces // promotion.min_quantity if promotion.min_quantity else min(pieces, 1)
    times = min(times, promotion.max_applications or 1)
    if times < 1:
        return NOTHING
    return Offer(gifts=(Gift(promotion_id=promotion.id, sku=reward.sku, quantity=times * reward.quantity),))


def _shipping(task: _Task) -> Offer:
    reward: ShippingOff = task.promotion.reward  # type: ignore[assignment]
    if task.shipping is None or task.shipping.is_zero:
        return NOTHING
    if reward.percent is not None:
        return Offer(shipping=percent_of(task.shipping, reward.percent))
    return Offer(shipping=min(task.shipping, reward.amount or Money.zero(task.currency)))


def _cap(offer: Offer, promotion: CartPromotion, currency: str) -> Offer:
    """Keep to what the promotion gives at most in one cart, every line giving up its share."""
    most = promotion.max_discount
    if most is None or offer.value(currency) <= most:
        return offer
    amounts = [*offer.lines.values(), offer.shipping or Money.zero(currency)]
    parts = allocate(most, [amount.minor_units for amount in amounts])
    lines = {key: part for key, part in zip(offer.lines, parts, strict=False) if not part.is_zero}
    return Offer(lines=lines, shipping=parts[-1] if offer.shipping else None, gifts=offer.gifts)


_WORK: Mapping[type[Any], Callable[[_Task], Offer]] = {
    PercentOff: _percent,
    AmountOff: _amount,
    FixedPrice: _fixed_price,
    CheapestFree: _cheapest_free,
    BuyXGetY: _buy_x_get_y,
    SetPrice: _set_price,
    Tiers: _tiers,
    FreeGift: _gift,
    ShippingOff: _shipping,
}
