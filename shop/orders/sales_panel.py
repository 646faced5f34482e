"""The home page's panel "How my goods sell"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.core.cache import cache
from django.utils import timezone
from wagtail.admin.ui.components import Component

from shop.catalogue.permissions import editable_products, is_bound_to_folders
from shop.core import clock
from shop.core.selectors import get_shop_settings
from shop.orders.sales import Sales, get_sales

DAYS: Final = 30
KEPT_FOR: Final = 300
BAR_WIDTH: Final = 20
CHART_HEIGHT: Final = 120


@dataclass(frozen=True, slots=True)
class Bar:
    """One day of the chart, in its coordinates."""

    x: int
    y: int
    width: int
    height: int
    label: str


class SalesPanel(Component):
    """Thirty days of what the reader's goods sold: a chart, its numbers as a table, the best products."""

    name = "sales"
    order = 70
    template_name = "orders/admin/sales_panel.html"

    @staticmethod
    def is_shown_to(user: Any) -> bool:
        """To whoever works on goods, and to whoever may see orders."""
        return is_bound_to_folders(user) or bool(user.has_perm("orders.view_order"))

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Add the numbers, at most five minutes old."""
        user = (parent_context or {})["request"].user
        sales = load_sales(user)
        return {
            "sales": sales,
            "bars": draw_bars(sales),
            "chart_width": DAYS * BAR_WIDTH,
            "chart_height": CHART_HEIGHT,
            "days": DAYS,
            "is_bound": is_bound_to_folders(user),
        }


def load_sales(user: Any) -> Sales:
    """The sales of the goods that the user works on, or of all goods; kept for a few minutes."""
    bound = is_bound_to_folders(user)
    whose = f"user:{user.pk}" if bound else "all"
    zone = timezone.get_current_timezone_name()
    now = clock.now()
    key = f"orders:sales:{whose}:{zone}:{timezone.localdate(now)}"
    held: Sales | None = cache.get(key)
    if held is None:
        held = get_sales(
            currency=get_shop_settings().default_currency,
            until=now,
            days=DAYS,
            products=editable_products(user) if bound else None,
        )
        cache.set(key, held, KEPT_FOR)
    return held


def draw_bars(sales: Sales) -> list[Bar]:
    """The bars of the chart: as high as the day's revenue is, beside the best day."""
    most = max((day.revenue.amount for day in sales.days), default=0)
    bars = []
    for number, day in enumerate(sales.days):
        height = int(day.revenue.amount * CHART_HEIGHT / most) if most else 0
        if day.pieces:
            height = max(height, 1)
        bars.append(
            Bar(
                x=number * BAR_WIDTH + 2,
                y=CHART_HEIGHT - height,
                width=BAR_WIDTH - 4,
                height=height,
                label=f"{day.day:%d %B}: {day.pieces} sold, {day.revenue}",
            )
        )
    return bars
