"""Promotions in use, worked out on what a shopper is about to buy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Lock
from typing import Any

from django.db.models import Count, Max, QuerySet, Sum, Value

from shop.catalogue.predicates import Facts
from shop.core.money import Money
from shop.promotions.engine import Basket, CartPromotion, Item, Outcome, apply_promotions
from shop.promotions.engine.rewards import ShippingOff
from shop.promotions.facts import Goods, Shopper, cart_fields, load_cart_facts, load_goods_facts
from shop.promotions.models import Promotion
from shop.promotions.snapshot import Snapshot, take_snapshot

Stamp = tuple[int, int, int]

_lock = Lock()
_kept: tuple[Stamp, Snapshot] = ((0, 0, 0), Snapshot())


def ask_for_stamp() -> QuerySet[Promotion, Any]:
    """What tells whether anything about the promotions of carts has changed, to be asked beside others."""
    return (
        _active()
        .order_by()
        .values(all=Value(1))
        .annotate(count=Count("pk"), newest=Max("pk"), changes=Sum("version"))
        .values_list("count", "newest", "changes")
    )


def _active() -> QuerySet[Promotion]:
    return Promotion.objects.filter(kind=Promotion.Kind.CART, is_active=True)


def get_snapshot(stamp_rows: Iterable[tuple[Any, ...]] | None = None) -> Snapshot:
    """
    Every active promotion of carts, read and ready: one statement, two after a change.

    Each process keeps what it has read; the stamp of the table tells whether it still holds.

    :param stamp_rows: the answer to :func:`ask_for_stamp`, by whoever has asked already
    """
    global _kept  # noqa: PLW0603 - one value per process, replaced whole
    rows = list(ask_for_stamp() if stamp_rows is None else stamp_rows)
    count, newest, changes = rows[0] if rows else (0, 0, 0)
    stamp = (count or 0, newest or 0, changes or 0)
    kept_stamp, snapshot = _kept
    if stamp != kept_stamp:
        snapshot = take_snapshot(_active().order_by("pk"))
        with _lock:
            _kept = (stamp, snapshot)
    return snapshot


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """
    A line to be promoted. ``unit_price`` is as shoppers see prices; what is not ``is_discountable`` (a gift
    card) neither gets a discount nor counts.
    """

    key: str
    variant_id: int
    product_id: int | None
    sku: str
    unit_price: Money
    quantity: int
    is_reduced: bool = False
    is_discountable: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class PreparedBasket:
    """A basket with all that its promotions ask for: no further statement is needed to work them out."""

    basket: Basket
    candidates: Sequence[CartPromotion]

    def work_out(self, shipping: Money | None) -> Outcome:
        """
        Work the promotions out.

        :param shipping: the price of the chosen method, if one is chosen
        """
        return apply_promotions(replace(self.basket, shipping=shipping), self.candidates)

    @property
    def may_change_shipping(self) -> bool:
        """Whether any of them could make shipping cheaper."""
        return any(isinstance(one.reward, ShippingOff) for one in self.candidates)


def prepare_basket(
    *,
    lines: Sequence[Line],
    shopper: Shopper,
    currency: str,
    site_id: int | None,
    at: datetime,
    unlocked: Mapping[int, str] | None = None,
    snapshot: Snapshot | None = None,
) -> PreparedBasket:
    """
    Find the promotions that may apply, and what they ask for: one statement while none is in use, else at
    most eight, whatever the number of lines and promotions.

    :param unlocked: the promotions that vouchers open, with the codes
    :param snapshot: by whoever has read it already, or wants to try drafts
    """
    held = get_snapshot() if snapshot is None else snapshot
    codes = unlocked or {}
    candidates: Sequence[CartPromotion] = ()
    facts: Mapping[int, Facts] = {}
    if lines and held.promotions:
        facts = load_goods_facts([_goods(line) for line in lines], held.goods_fields)
        found = held.find_candidates(facts.values(), at=at, site_id=site_id, unlocked=codes)
        candidates = _within_limits(found, held)
    asked = cart_fields(one.conditions for one in candidates)
    basket = Basket(
        currency=currency,
        lines=tuple(_item(line, facts.get(line.variant_id, {})) for line in lines),
        facts=load_cart_facts(shopper, asked, at=at) if candidates else {},
        unlocked=codes,
    )
    return PreparedBasket(basket=basket, candidates=candidates)


def _goods(line: Line) -> Goods:
    return Goods(
        variant_id=line.variant_id,
        product_id=line.product_id,
        sku=line.sku,
        price=line.unit_price.amount,
        quantity=line.quantity,
        is_reduced=line.is_reduced,
    )


def _item(line: Line, facts: Facts) -> Item:
    return Item(
        key=line.key,
        sku=line.sku,
        unit_price=line.unit_price,
        quantity=line.quantity,
        facts=facts,
        is_discountable=line.is_discountable,
    )


def _within_limits(found: Sequence[CartPromotion], snapshot: Snapshot) -> Sequence[CartPromotion]:
    """Leave out what has been used up, and say what the budgets of the others have left: one statement."""
    limited = [one.id for one in found if one.id in snapshot.limited]
    if not limited:
        return found
    rows = Promotion.objects.filter(pk__in=limited).in_bulk()
    kept = []
    for one in found:
        row = rows.get(one.id) if one.id in snapshot.limited else None
        if row is None:
            kept.append(one)
        elif row.max_uses is None or row.uses < row.max_uses:
            left = Money(row.budget - row.spent, row.currency) if row.budget is not None else None
            kept.append(replace(one, budget_left=left))
    return kept
