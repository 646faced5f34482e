"""What the engine takes and gives: a basket and promotions in, discounts with a trace out. Pure values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from shop.catalogue.predicates import Facts, Node
from shop.core.money import Money
from shop.promotions.engine.rewards import Reward


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """
    A line of a basket. ``unit_price`` is as shoppers see prices, with or without tax.

    ``facts`` are those of :data:`shop.promotions.vocabularies.GOODS`. What is not ``is_discountable`` (a gift
    card) counts for no condition and gets no discount.
    """

    key: str
    sku: str
    unit_price: Money
    quantity: int
    facts: Facts
    is_discountable: bool = True

    @property
    def total(self) -> Money:
        return self.unit_price * self.quantity


@dataclass(frozen=True, kw_only=True, slots=True)
class Basket:
    """
    What a shopper is about to buy. ``facts`` are those of :data:`shop.promotions.vocabularies.CARTS` that the
    lines do not say themselves (subtotal and quantity are added by the engine).

    :ivar shipping: the price of the chosen method; ``None`` while none is chosen
    :ivar unlocked: the promotions that a voucher opens, with the code that did
    """

    currency: str
    lines: tuple[Item, ...]
    facts: Facts
    shipping: Money | None = None
    unlocked: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class CartPromotion:
    """
    A promotion as the engine reads it.

    :ivar lane: lower lanes come first. Within a lane promotions compete for each line, across lanes they
        apply in turn to what is left
    :ivar priority: of two that give as much, the higher one wins
    :ivar conditions: what the cart must be; ``None``: any
    :ivar qualifiers: which goods must be bought; ``None``: any
    :ivar targets: which goods get cheaper; ``None``: any
    :ivar min_quantity: pieces of qualifying goods
    :ivar min_subtotal: total of qualifying goods, before promotions
    :ivar currency: of its amounts; empty for a promotion without any
    :ivar max_applications: how often a reward by pieces (buy X get Y, sets, gifts) is given in one cart
    :ivar max_discount: what it gives at most in one cart
    :ivar budget_left: what the campaign has left; a discount that does not fit is not given
    :ivar is_last: where it applies, no later lane does
    :ivar needs_voucher: it applies only where a voucher has unlocked it
    """

    id: int
    name: str
    label: str
    lane: int
    priority: int
    reward: Reward
    conditions: Node | None = None
    qualifiers: Node | None = None
    targets: Node | None = None
    min_quantity: int = 0
    min_subtotal: Money | None = None
    currency: str = ""
    max_applications: int | None = None
    max_discount: Money | None = None
    budget_left: Money | None = None
    is_last: bool = False
    needs_voucher: bool = False
    valid_from: datetime | None = None
    valid_until: datetime | None = None


class Verdict(StrEnum):
    """What became of a promotion."""

    APPLIED = "applied"
    LOST = "lost"
    NOT_MET = "not_met"


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One line of the trace, for staff: why a promotion did or did not apply."""

    promotion_id: int
    name: str
    verdict: Verdict
    reason: str
    amount: Money

    def as_json(self) -> dict[str, Any]:
        """The step as an order keeps it."""
        return {
            "promotion": self.name,
            "outcome": str(self.verdict),
            "reason": self.reason,
            "amount": self.amount.as_json(),
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class Gift:
    """Pieces that are put into the cart for nothing."""

    promotion_id: int
    sku: str
    quantity: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Applied:
    """
    A promotion that changed the cart. ``lines`` says how much of it each line got, ``shipping`` how much
    came off the price of shipping.
    """

    promotion_id: int
    name: str
    label: str
    code: str
    lines: Mapping[str, Money]
    shipping: Money
    gifts: tuple[Gift, ...] = ()

    @property
    def amount(self) -> Money:
        """All that it takes off; gifts count with the price that their line then has."""
        return Money.sum(self.lines.values(), self.shipping.currency) + self.shipping


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """
    What promotions make of a basket: never more off a line than it costs, every discount on a line's own
    account.
    """

    discounts: Mapping[str, Money]
    shipping_discount: Money
    applied: tuple[Applied, ...]
    gifts: tuple[Gift, ...]
    trace: tuple[Step, ...]
