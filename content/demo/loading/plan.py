"""
Eight weeks of trade, drawn up before the shop opens: who ordered what and when, and what became of it.

The same plan comes out at every run, because stock is opened with what the plan will sell.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from content.demo.loading.source import read

SEED = 74
EVERY = 25
DEMO_CUSTOMER = {"first_name": "Clara", "last_name": "Customer", "email": "customer@example.com"}
DAYS = 56
ORDERS_PER_WEEKDAY = (2, 2, 2, 2, 3, 4, 5)
HOURS = (7, 8, 9, 11, 12, 13, 17, 18, 19, 20, 20, 21, 21, 22)
STANDARD = {
    "DE": "standard-de",
    "AT": "standard-eu",
    "FR": "standard-eu",
    "NL": "standard-eu",
    "GB": "standard-gb",
}
EXPRESS = {
    "DE": "express-de",
    "AT": "express-eu",
    "FR": "express-eu",
    "NL": "express-eu",
    "GB": "standard-gb",
}


@dataclass(frozen=True)
class PlannedOrder:
    """One order of the plan. ``days_ago`` counts back from the day of loading."""

    person: Mapping[str, Any]
    is_member: bool
    days_ago: float
    lines: Sequence[tuple[str, int]]
    method: str
    cancelled: bool
    pays_after_hours: float
    packed_after_hours: float


@dataclass(frozen=True)
class Plan:
    """The orders, oldest first, and the open carts of the last days."""

    orders: Sequence[PlannedOrder]
    carts: Sequence[Sequence[tuple[str, int]]]

    @property
    def sold(self) -> Counter[str]:
        """Pieces that leave the shelf, by SKU."""
        pieces: Counter[str] = Counter()
        for order in self.orders:
            if not order.cancelled:
                pieces.update(dict(order.lines))
        return pieces


def plan_orders() -> Plan:
    """Return the plan."""
    return _Planner().plan()


class _Planner:
    def __init__(self) -> None:
        self.random = random.Random(SEED)
        self.people = read("people")
        self.drawn = 0
        self.products = read("catalogue")["products"]
        # A few things sell far more often than most, as in any shop.
        shuffled = self.random.sample(self.products, len(self.products))
        self.weights = {row["slug"]: 1 / (place + 3) for place, row in enumerate(shuffled)}

    def plan(self) -> Plan:
        orders = [
            self._order(day, hour)
            for day in range(DAYS, 0, -1)
            for hour in sorted(self.random.choice(HOURS) for _ in range(ORDERS_PER_WEEKDAY[day % 7]))
        ]
        carts = [self._lines(days_ago=0) for _ in range(24)]
        return Plan(orders, carts)

    def _order(self, day: int, hour: int) -> PlannedOrder:
        position = self.random.randrange(len(self.people))
        person = self.people[position]
        self.drawn += 1
        if self.drawn % EVERY == 0:
            # The customer whose log-in the demo prints has a few orders to look at.
            person = DEMO_CUSTOMER | {"address": self.people[0]["address"]}
        country = person["address"]["country"]
        days_ago = day - 1 + (24 - hour) / 24 - self.random.random() / 24
        return PlannedOrder(
            person=person,
            is_member=position % 3 != 2 or self.drawn % EVERY == 0,
            days_ago=days_ago,
            lines=self._lines(days_ago),
            method=(EXPRESS if self.random.random() < 0.15 else STANDARD)[country],
            cancelled=self.random.random() < 0.04,
            pays_after_hours=self.random.choice((0.2, 1, 3, 20, 30, 48)),
            packed_after_hours=self.random.choice((5, 20, 30, 30, 60, 80)),
        )

    def _lines(self, days_ago: float) -> list[tuple[str, int]]:
        on_sale = [
            row
            for row in self.products
            if row["days_old"] > days_ago
            and any(variant["stock"] or days_ago > 5 for variant in row["variants"])
        ]
        weights = [self.weights[row["slug"]] for row in on_sale]
        wanted = self.random.choice((1, 1, 1, 2, 2, 3, 4))
        lines: dict[str, int] = {}
        for row in self.random.choices(on_sale, weights, k=wanted):
            # What is sold out today was sold while there was some.
            variants = [variant for variant in row["variants"] if variant["stock"] or days_ago > 5]
            sku = self.random.choice(variants)["sku"]
            lines[sku] = self.random.choice((1, 1, 1, 1, 2, 2, 4))
        return list(lines.items())
