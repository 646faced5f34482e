"""
Promotions worked out on a basket. Pure.

Lanes follow one another; within a lane promotions compete for each line. The one that gives the most wins
its lines, the others are worked out anew without these, until nobody gives anything more. A promotion that
loses some of its lines still gives on the others. Gifts and what is cheaper in shipping compete for no line.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from shop.catalogue.predicates import Facts, matches
from shop.core.money import Money
from shop.promotions.engine.offers import NOTHING, Offer, OpenLine, make_offer, wants
from shop.promotions.engine.values import Applied, Basket, CartPromotion, Gift, Outcome, Step, Verdict

WON = "It applies."
NOT_THE_CART = "The cart is not what it asks for."
NOT_ENOUGH_GOODS = "The goods that it asks for are not in the cart, or too few of them."
OTHER_CURRENCY = "Its amounts are in another currency."
GIVES_NOTHING = "It gives nothing on this cart."
BEATEN = "Another promotion of its lane gives more on the same lines."
NO_BUDGET = "What its budget has left is not enough."
AFTER_THE_LAST = "An earlier promotion ends the calculation."


def apply_promotions(basket: Basket, promotions: Iterable[CartPromotion]) -> Outcome:
    """
    Work out what promotions take off a basket.

    The answer depends on the set of promotions, never on their order. No line and no shipping price goes
    below nothing.
    """
    work = _Work(basket)
    candidates = sorted(promotions, key=lambda one: (one.lane, -one.priority, one.id))
    lanes: dict[int, list[CartPromotion]] = {}
    for promotion in candidates:
        if promotion.needs_voucher and promotion.id not in basket.unlocked:
            continue
        lanes.setdefault(promotion.lane, []).append(promotion)
    for lane in lanes.values():
        work.run_lane(lane)
    return work.outcome()


class _Work:
    """One calculation: what is left of every line, and what was given so far."""

    def __init__(self, basket: Basket) -> None:
        self.basket = basket
        self.currency = basket.currency
        self.facts = _facts_of(basket)
        self.left = {item.key: item.total for item in basket.lines}
        self.shipping = basket.shipping
        self.applied: list[Applied] = []
        self.trace: list[Step] = []
        self.is_over = False

    def run_lane(self, lane: Sequence[CartPromotion]) -> None:
        """Let the promotions of a lane compete."""
        if self.is_over:
            for promotion in lane:
                self.note(promotion, Verdict.LOST, AFTER_THE_LAST)
            return
        contenders = [promotion for promotion in lane if self.is_met(promotion)]
        open_keys = frozenset(item.key for item in self.basket.lines)
        shipping_is_open = True
        offers = {one.id: self.offer(one, open_keys, shipping_is_open=True) for one in contenders}
        at_first = dict(offers)
        while best := self.find_best(contenders, offers):
            offer = offers[best.id]
            contenders.remove(best)
            if not self.fits_budget(best, offer):
                continue
            self.apply(best, offer)
            open_keys -= offer.lines.keys()
            shipping_is_open = shipping_is_open and offer.shipping is None
            for other in contenders:
                held = offers[other.id]
                if held.lines.keys() - open_keys or (held.shipping is not None and not shipping_is_open):
                    offers[other.id] = self.offer(other, open_keys, shipping_is_open=shipping_is_open)
        for promotion in contenders:
            if at_first[promotion.id] == NOTHING:
                self.note(promotion, Verdict.NOT_MET, GIVES_NOTHING)
            else:
                self.note(promotion, Verdict.LOST, BEATEN)

    def find_best(
        self, contenders: Sequence[CartPromotion], offers: Mapping[int, Offer]
    ) -> CartPromotion | None:
        """The one that gives the most; ``None`` when nobody gives anything more."""
        giving = [one for one in contenders if offers[one.id] != NOTHING]
        return max(
            giving,
            key=lambda one: (offers[one.id].value(self.currency), one.priority, -one.id),
            default=None,
        )

    def is_met(self, promotion: CartPromotion) -> bool:
        """Whether the cart is what the promotion asks for; says why not in the trace."""
        reason = ""
        if promotion.currency not in ("", self.currency):
            reason = OTHER_CURRENCY
        elif promotion.conditions is not None and not matches(promotion.conditions, self.facts):
            reason = NOT_THE_CART
        elif not self.has_goods(promotion):
            reason = NOT_ENOUGH_GOODS
        if reason:
            self.note(promotion, Verdict.NOT_MET, reason)
        return not reason

    def has_goods(self, promotion: CartPromotion) -> bool:
        lines = [item for item in self.basket.lines if wants(promotion.qualifiers, item)]
        if sum(item.quantity for item in lines) < max(promotion.min_quantity, 1):
            return False
        least = promotion.min_subtotal
        return least is None or Money.sum((item.total for item in lines), self.currency) >= least

    def offer(self, promotion: CartPromotion, open_keys: frozenset[str], *, shipping_is_open: bool) -> Offer:
        return make_offer(
            promotion,
            lines=[OpenLine(item, self.left[item.key]) for item in self.basket.lines],
            open_keys=open_keys,
            shipping=self.shipping if shipping_is_open else None,
            currency=self.currency,
        )

    def fits_budget(self, promotion: CartPromotion, offer: Offer) -> bool:
        left = promotion.budget_left
        if left is None or offer.value(self.currency) <= left:
            return True
        self.note(promotion, Verdict.LOST, NO_BUDGET)
        return False

    def apply(self, promotion: CartPromotion, offer: Offer) -> None:
        zero = Money.zero(self.currency)
        for key, amount in offer.lines.items():
            self.left[key] -= amount
        if offer.shipping is not None and self.shipping is not None:
            self.shipping -= offer.shipping
        applied = Applied(
            promotion_id=promotion.id,
            name=promotion.name,
            label=promotion.label,
            code=self.basket.unlocked.get(promotion.id, ""),
            lines=offer.lines,
            shipping=offer.shipping or zero,
            gifts=offer.gifts,
        )
        self.applied.append(applied)
        self.is_over = self.is_over or promotion.is_last
        self.note(promotion, Verdict.APPLIED, WON, applied.amount)

    def note(
        self, promotion: CartPromotion, verdict: Verdict, reason: str, amount: Money | None = None
    ) -> None:
        self.trace.append(
            Step(
                promotion_id=promotion.id,
                name=promotion.name,
                verdict=verdict,
                reason=reason,
                amount=amount or Money.zero(self.currency),
            )
        )

    def outcome(self) -> Outcome:
        gifts: list[Gift] = [gift for applied in self.applied for gift in applied.gifts]
        before = self.basket.shipping
        return Outcome(
            discounts={item.key: item.total - self.left[item.key] for item in self.basket.lines},
            shipping_discount=(
                before - self.shipping
                if before is not None and self.shipping is not None
                else Money.zero(self.currency)
            ),
            applied=tuple(self.applied),
            gifts=tuple(gifts),
            trace=tuple(self.trace),
        )


def _facts_of(basket: Basket) -> Facts:
    goods = [item for item in basket.lines if item.is_discountable]
    subtotal = Money.sum((item.total for item in goods), basket.currency)
    pieces = sum(item.quantity for item in goods)
    return {**basket.facts, "subtotal": [subtotal.amount], "quantity": [Decimal(pieces)]}
