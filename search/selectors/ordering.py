"""Orders of a product list: keyset paging, so that page 400 costs what page 1 costs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet

from search.selectors.audience import price_column
from search.values import ProductSort
from shop.core import cursors

MANUAL = "manual"
"""A collection's own order; not a sort that a client names."""

PLACED = "placed"
"""A category's: what was put in its place by hand, then the newest. Not a sort that a client names either."""

# Columns, "-" for downwards. The last one makes each order total.
ORDERS: dict[str, tuple[str, ...]] = {
    ProductSort.RELEVANCE: ("-score", "-popularity", "-product_id"),
    ProductSort.NEWEST: ("-published_at", "-product_id"),
    ProductSort.PRICE_ASC: ("price_from", "product_id"),
    ProductSort.PRICE_DESC: ("-price_from", "-product_id"),
    ProductSort.NAME: ("sort_title", "product_id"),
    ProductSort.RATING: ("-rated", "-review_count", "-product_id"),
    ProductSort.POPULARITY: ("-popularity", "-product_id"),
    "group-price": ("shown_price", "product_id"),
    "-group-price": ("-shown_price", "-product_id"),
    MANUAL: ("position", "product_id"),
    PLACED: ("place", "-published_at", "-product_id"),
}


_FOR_GROUPS: dict[str, str] = {
    ProductSort.PRICE_ASC: "group-price",
    ProductSort.PRICE_DESC: "-group-price",
}


def for_audience(order: str) -> str:
    """The same order by what the caller pays, where that may be another price than everybody's."""
    return order if price_column() == "price_from" else _FOR_GROUPS.get(order, order)


def encode_cursor(order: str, row: dict[str, Any]) -> str:
    """The place of `row` in the order, opaque and safe in a URL."""
    return cursors.encode_cursor([row[column.lstrip("-")] for column in ORDERS[order]], scope=_scope(order))


def decode_cursor(order: str, cursor: str) -> list[Any]:
    """
    The values of the order's columns at the cursor.

    :raises InvalidCursor: if it was not made by `encode_cursor` for this order
    """
    return cursors.decode_cursor(cursor, scope=_scope(order))


def ordered(entries: QuerySet[Any, Any], order: str, *, backwards: bool = False) -> QuerySet[Any, Any]:
    """The entries in the order, or from its end."""
    return entries.order_by(*(_turned(column) if backwards else column for column in ORDERS[order]))


def beyond(order: str, values: Sequence[Any], *, backwards: bool = False) -> Q:
    """What lies after these values in the order (before them, when `backwards`)."""
    condition, same = Q(), Q()
    for column, value in zip(ORDERS[order], values, strict=True):
        name = column.lstrip("-")
        comparison = "lt" if column.startswith("-") is not backwards else "gt"
        condition |= same & Q(**{f"{name}__{comparison}": value})
        same &= Q(**{name: value})
    return condition


def _turned(column: str) -> str:
    return column[1:] if column.startswith("-") else f"-{column}"


def _scope(order: str) -> str:
    return f"products:{order}"
