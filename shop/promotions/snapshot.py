"""
The promotions of carts that are in use, read once and kept by each process.

Which of them can match a basket is found by the words that they ask for, so that a cart costs no more for a
hundred promotions about other goods. Pure: rows in, promotions out.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from shop.catalogue.predicates import All, Condition, Facts, Node, Vocabulary, conditions_of, parse
from shop.core.errors import ShopError
from shop.core.money import Money
from shop.core.validity import is_within
from shop.promotions.engine import CartPromotion, read_reward
from shop.promotions.models import Promotion
from shop.promotions.vocabularies import CARTS, GOODS

logger = logging.getLogger(__name__)

Anchor = tuple[str, str]
"""A field and a word that a line must have for the promotion to do anything."""


def read_promotion(row: Promotion) -> CartPromotion:
    """
    Read a promotion as the engine takes it, whatever its budget has left.

    :raises ShopError: for a rule or reward that cannot be read
    """
    return CartPromotion(
        id=row.pk,
        name=row.name,
        label=row.label,
        lane=row.lane,
        priority=row.priority,
        reward=read_reward(row.reward, currency=row.currency),
        conditions=_rule(row.conditions, CARTS),
        qualifiers=_rule(row.qualifiers, GOODS),
        targets=_rule(row.targets, GOODS),
        min_quantity=row.min_quantity,
        min_subtotal=Money(row.min_subtotal, row.currency) if row.min_subtotal is not None else None,
        currency=row.currency,
        max_applications=row.max_applications,
        max_discount=Money(row.max_discount, row.currency) if row.max_discount is not None else None,
        is_last=row.is_last,
        needs_voucher=row.needs_voucher,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
    )


def _rule(rule: object, vocabulary: Vocabulary) -> Node | None:
    return parse(rule, vocabulary) if rule else None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """
    What is in use, whatever the moment.

    :ivar goods_fields: what must be known of goods to tell which promotions match
    :ivar limited: those with a budget or a number of uses, which every order changes
    :ivar broken: those that could not be read; they are left out, and staff are told
    """

    promotions: Mapping[int, CartPromotion] = field(default_factory=dict)
    sites: Mapping[int, int] = field(default_factory=dict)
    anchored: Mapping[Anchor, tuple[int, ...]] = field(default_factory=dict)
    unanchored: frozenset[int] = frozenset()
    goods_fields: frozenset[str] = frozenset()
    limited: frozenset[int] = frozenset()
    broken: frozenset[int] = frozenset()

    def find_candidates(
        self, lines: Iterable[Facts], *, at: datetime, site_id: int | None, unlocked: Collection[int] = ()
    ) -> list[CartPromotion]:
        """Those that could match lines with these facts at a moment, in no order."""
        words = {(name, word) for facts in lines for name, held in facts.items() for word in held}
        ids = set(self.unanchored).union(*(self.anchored.get(word, ()) for word in words))
        return [
            promotion
            for promotion in map(self.promotions.__getitem__, ids)
            if is_within(at, promotion.valid_from, promotion.valid_until)
            and self.sites.get(promotion.id, site_id) == site_id
            and (not promotion.needs_voucher or promotion.id in unlocked)
        ]


def take_snapshot(rows: Iterable[Promotion]) -> Snapshot:
    """Read the rows; one that cannot be read is left out, so that it never stops a cart."""
    promotions: dict[int, CartPromotion] = {}
    sites: dict[int, int] = {}
    limited, broken = set(), set()
    for row in rows:
        try:
            promotions[row.pk] = read_promotion(row)
        except (ShopError, ValueError):
            logger.exception("Promotion %s (%s) cannot be read and is left out.", row.pk, row.name)
            broken.add(row.pk)
            continue
        if row.site_id is not None:
            sites[row.pk] = row.site_id
        if row.budget is not None or row.max_uses is not None:
            limited.add(row.pk)
    anchored: dict[Anchor, list[int]] = {}
    unanchored = set()
    for promotion in promotions.values():
        anchors = _anchors_of(promotion)
        for anchor in anchors:
            anchored.setdefault(anchor, []).append(promotion.id)
        if not anchors:
            unanchored.add(promotion.id)
    return Snapshot(
        promotions=promotions,
        sites=sites,
        anchored={anchor: tuple(ids) for anchor, ids in anchored.items()},
        unanchored=frozenset(unanchored),
        goods_fields=frozenset(name for one in promotions.values() for name in _goods_fields(one)),
        limited=frozenset(limited),
        broken=frozenset(broken),
    )


def _goods_fields(promotion: CartPromotion) -> set[str]:
    rules = [rule for rule in (promotion.qualifiers, promotion.targets) if rule is not None]
    return {condition.field for rule in rules for condition in conditions_of(rule)}


def _anchors_of(promotion: CartPromotion) -> list[Anchor]:
    """Words of which one line must have one, or the promotion gives nothing; none: it may always match."""
    for rule in (promotion.qualifiers, promotion.targets):
        for part in rule.parts if isinstance(rule, All) else (rule,):
            if isinstance(part, Condition) and part.op == "in" and isinstance(part.value, frozenset):
                return [(part.field, word) for word in sorted(part.value)]
    return []
