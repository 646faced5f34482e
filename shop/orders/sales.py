"""How goods sell: pieces and revenue by day, and the products that sell best."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from django.db.models import QuerySet, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone
from wagtail.query import PageQuerySet

from shop.core.money import Money
from shop.orders.models import OrderLine
from shop.orders.transitions import OrderStatus

SOLD: Final = (OrderStatus.CONFIRMED, OrderStatus.COMPLETED)
TOP: Final = 5


@dataclass(frozen=True, slots=True)
class DaySales:
    """What was sold on one day."""

    day: date
    pieces: int
    revenue: Money


@dataclass(frozen=True, slots=True)
class ProductSales:
    """What was sold of one product."""

    product_id: int
    title: str
    pieces: int
    revenue: Money


@dataclass(frozen=True, slots=True)
class Sales:
    """Sales of a span of days, every day of it, and the best of the products."""

    days: tuple[DaySales, ...]
    top: tuple[ProductSales, ...]
    pieces: int
    revenue: Money


def get_sales(*, currency: str, until: datetime, days: int, products: PageQuerySet | None = None) -> Sales:
    """
    Return what was sold in a currency within so many days, today included, in two queries.

    Orders count that stand; tax and discounts are in the revenue. Days are those of the current time zone.

    :param products: only these; without it, everything
    """
    last = timezone.localdate(until)
    first = last - timedelta(days=days - 1)
    since = timezone.make_aware(datetime.combine(first, datetime.min.time()))
    lines = OrderLine.objects.filter(
        order__placed_at__gte=since,
        order__placed_at__lte=until,
        order__status__in=SOLD,
        order__currency=currency,
    )
    if products is not None:
        lines = lines.filter(variant__product__in=products.order_by().values("pk"))
    by_day = _by_day(lines, currency, [first + timedelta(days=number) for number in range(days)])
    return Sales(
        days=by_day,
        top=_best(lines, currency),
        pieces=sum(day.pieces for day in by_day),
        revenue=Money.sum([day.revenue for day in by_day], currency),
    )


def _by_day(lines: QuerySet[OrderLine], currency: str, days: Sequence[date]) -> tuple[DaySales, ...]:
    sums: dict[date, dict[str, Any]] = {
        row["day"]: dict(row)
        for row in lines.order_by()
        .annotate(day=TruncDate("order__placed_at"))
        .values("day")
        .annotate(pieces=Sum("quantity"), revenue=Sum("gross"))
    }
    nothing: dict[str, Any] = {"pieces": 0, "revenue": Decimal(0)}
    return tuple(
        DaySales(day, row["pieces"], Money(row["revenue"], currency))
        for day, row in ((day, sums.get(day, nothing)) for day in days)
    )


def _best(lines: QuerySet[OrderLine], currency: str) -> tuple[ProductSales, ...]:
    rows = (
        lines.filter(variant__product__isnull=False)
        .order_by()
        .values("variant__product_id", "variant__product__title")
        .annotate(pieces=Sum("quantity"), revenue=Sum("gross"))
        .order_by("-revenue", "variant__product_id")[:TOP]
    )
    return tuple(
        ProductSales(
            row["variant__product_id"],
            row["variant__product__title"],
            row["pieces"],
            Money(row["revenue"], currency),
        )
        for row in rows
    )
