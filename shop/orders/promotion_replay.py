"""
A dry run on the past: what a draft promotion would have given on the orders of the last days.

Orders are replayed from their lines as they were sold, against the promotions of carts that are in use now
and were valid then, once with the draft and once without it. Nothing is written but the report.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from shop.core.jobs import RowResult, Step, job_step, start_job
from shop.core.models import BackgroundJob
from shop.core.money import Money
from shop.core.selectors import get_shop_settings
from shop.orders.models import Order, OrderAddress
from shop.promotions.engine import Outcome
from shop.promotions.facts import Shopper
from shop.promotions.models import Promotion
from shop.promotions.selectors import Line, prepare_basket
from shop.promotions.snapshot import Snapshot, take_snapshot

if TYPE_CHECKING:
    from shop.customers.models import User

REPLAY: Final = "orders.promotion_replay"
ORDERS_AT_ONCE: Final = 50
MOST_DAYS: Final = 365
TOP: Final = 10


def start_replay(*, promotion: Promotion, days: int, actor: User | None, at: datetime) -> BackgroundJob:
    """Replay the orders of the last ``days`` (1 to 365) in the background."""
    days = max(1, min(days, MOST_DAYS))
    currency = promotion.currency or get_shop_settings().default_currency
    params = {
        "promotion": promotion.pk,
        "since": (at - timedelta(days=days)).isoformat(),
        "until": at.isoformat(),
        "currency": currency,
        "days": days,
    }
    return start_job(
        kind=REPLAY,
        label=f"Dry run of {promotion.name} on {days} days",
        params=params,
        total=_orders(params).count(),
        actor=actor,
    )


def _orders(params: Mapping[str, Any]) -> Any:
    return Order.objects.filter(
        currency=params["currency"], placed_at__gte=params["since"], placed_at__lt=params["until"]
    ).exclude(status__in=(Order.Status.CANCELLED, Order.Status.EXPIRED))


@job_step(REPLAY)
def replay_some_orders(job: BackgroundJob, at: datetime) -> Step:
    """Replay the next orders and add them to the figures."""
    promotion = Promotion.objects.filter(pk=job.params["promotion"]).first()
    if promotion is None:
        return Step(cursor=None, finished=True, done=0)
    after = job.cursor or 0
    orders = list(
        _orders(job.params)
        .filter(pk__gt=after)
        .select_related("user__group")
        .prefetch_related("lines__variant__product__product_type", "addresses", "discounts")
        .order_by("pk")[:ORDERS_AT_ONCE]
    )
    figures = _Figures(job.result, job.params["currency"])
    without, with_draft = _snapshots(promotion)
    rows = []
    for order in orders:
        before = _work_out(order, promotion, without)
        after_it = _work_out(order, promotion, with_draft)
        row = figures.add(order, promotion, before, after_it)
        rows += [row] if row else []
    return Step(
        cursor=orders[-1].pk if orders else after,
        rows=rows,
        finished=len(orders) < ORDERS_AT_ONCE,
        result=figures.as_json(),
        done=len(orders),
    )


def _snapshots(promotion: Promotion) -> tuple[Snapshot, Snapshot]:
    others = list(Promotion.objects.filter(kind=Promotion.Kind.CART, is_active=True).exclude(pk=promotion.pk))
    # Whenever it is meant for, it is tried on those days; and as if every limit were open.
    promotion.valid_from = promotion.valid_until = None
    without, with_draft = take_snapshot(others), take_snapshot([*others, promotion])
    open_to_all: frozenset[int] = frozenset()
    return replace(without, limited=open_to_all), replace(with_draft, limited=open_to_all)


def _work_out(order: Order, promotion: Promotion, snapshot: Snapshot) -> Outcome:
    address = next((one for one in order.addresses.all() if one.kind == OrderAddress.Kind.SHIPPING), None)
    group = order.user.group if order.user else None
    lines = [
        Line(
            key=str(line.pk),
            variant_id=line.variant_id,
            product_id=line.variant.product_id,
            sku=line.sku,
            unit_price=Money(line.unit_price, order.currency),
            quantity=line.quantity,
        )
        for line in order.lines.all()
        if not line.is_gift
    ]
    unlocked = {one.promotion_id: one.code for one in order.discounts.all() if one.code}
    prepared = prepare_basket(
        lines=lines,
        shopper=Shopper(
            user_id=order.user_id,
            email=order.email,
            group_slug=group.slug if group else "",
            country=address.country if address else "",
        ),
        currency=order.currency,
        site_id=promotion.site_id,
        at=order.placed_at,
        unlocked={**unlocked, promotion.pk: "every order"},
        snapshot=snapshot,
    )
    return prepared.work_out(Money(order.shipping, order.currency))


class _Figures:
    """The sums so far, as the job keeps them."""

    def __init__(self, held: Mapping[str, Any], currency: str) -> None:
        self.currency = currency
        self.orders = int(held.get("orders", 0))
        self.touched = int(held.get("touched", 0))
        self.conflicts = int(held.get("conflicts", 0))
        self.without_cost = int(held.get("without_cost", 0))
        amounts = ("given", "extra", "margin_before", "margin_after")
        self.sums = {name: Decimal(held.get(name, "0")) for name in amounts}
        self.days = {day: Decimal(amount) for day, amount in held.get("by_day", {}).items()}
        self.products = {sku: Decimal(amount) for sku, amount in held.get("by_sku", {}).items()}

    def add(self, order: Order, promotion: Promotion, before: Outcome, after: Outcome) -> RowResult | None:
        """Add an order; a row for one that the draft touches."""
        self.orders += 1
        applied = next((one for one in after.applied if one.promotion_id == promotion.pk), None)
        if applied is None:
            return None
        self.touched += 1
        given = applied.amount.amount
        extra = _total(after) - _total(before)
        self.sums["given"] += given
        self.sums["extra"] += extra
        day = order.placed_at.date().isoformat()
        self.days[day] = self.days.get(day, Decimal(0)) + given
        skus = {str(line.pk): line.sku for line in order.lines.all()}
        for key, amount in applied.lines.items():
            self.products[skus[key]] = self.products.get(skus[key], Decimal(0)) + amount.amount
        self._add_margin(order, extra)
        kept = {one.promotion_id: one.amount.amount for one in after.applied}
        displaced = [
            one.name for one in before.applied if kept.get(one.promotion_id, Decimal(0)) < one.amount.amount
        ]
        self.conflicts += bool(displaced)
        detail = f"{given:f} {self.currency} off"
        if displaced:
            detail += f", in the place of {', '.join(displaced)}"
        return RowResult(label=order.number, detail=f"{detail}.")

    def _add_margin(self, order: Order, extra: Decimal) -> None:
        lines = [line for line in order.lines.all() if not line.is_gift]
        gross = sum((line.gross for line in lines), Decimal(0))
        costs = [line.variant.cost * line.quantity for line in lines if line.variant.cost is not None]
        if len(costs) < len(lines) or not gross:
            self.without_cost += 1
            return
        net = sum((line.net for line in lines), Decimal(0))
        margin = net - sum(costs, Decimal(0))
        share = net / gross if order.prices_include_tax else Decimal(1)
        self.sums["margin_before"] += margin
        self.sums["margin_after"] += margin - extra * share

    def as_json(self) -> dict[str, Any]:
        """As the job keeps it, the products that get the most first."""
        return {
            "orders": self.orders,
            "touched": self.touched,
            "conflicts": self.conflicts,
            "without_cost": self.without_cost,
            **{name: str(amount) for name, amount in self.sums.items()},
            "by_day": {day: str(amount) for day, amount in sorted(self.days.items())},
            "by_sku": {sku: str(amount) for sku, amount in self.products.items()},
        }


def _total(outcome: Outcome) -> Decimal:
    return sum((one.amount.amount for one in outcome.applied), Decimal(0))
