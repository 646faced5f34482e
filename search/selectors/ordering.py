"""
Orders of a product list, and the cursors that continue one: keyset paging, so that page 400 costs what page
1 costs.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Q, QuerySet

from search.errors import InvalidCursor
from search.models import ProductIndex
from search.values import ProductSort

MAX_CURSOR_LENGTH = 1000


@dataclass(frozen=True, slots=True)
class Key:
    """A column of an order: where to read it, which way it runs, how a cursor spells it."""

    name: str
    descending: bool = False
    parse: Callable[[Any], Any] = int

    def spelt(self, value: object) -> object:
        """The value as a cursor holds it: a number as it is, everything else as text."""
        if isinstance(value, datetime):
            return value.isoformat()
        return value if isinstance(value, int) else str(value)


def _text(value: object) -> str:
    if not isinstance(value, str) or "\x00" in value:
        raise ValueError
    return value


def _number(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > 2**62:
        raise ValueError
    return value


def _decimal(value: object) -> Decimal:
    number = Decimal(_text(value))
    if not number.is_finite() or abs(number) > 10**14:
        raise ValueError
    return number


def _moment(value: object) -> datetime:
    moment = datetime.fromisoformat(_text(value))
    if moment.tzinfo is None:
        raise ValueError
    return moment


NEWEST_FIRST = Key("product_id", descending=True, parse=_number)
OLDEST_FIRST = Key("product_id", parse=_number)

MANUAL = "manual"
"""A collection's own order; not a sort that a client names."""

ORDERS: dict[str, tuple[Key, ...]] = {
    ProductSort.RELEVANCE: (
        Key("score", descending=True, parse=_number),
        Key("popularity", descending=True, parse=_number),
        NEWEST_FIRST,
    ),
    ProductSort.NEWEST: (Key("published_at", descending=True, parse=_moment), NEWEST_FIRST),
    ProductSort.PRICE_ASC: (Key("price_from", parse=_decimal), OLDEST_FIRST),
    ProductSort.PRICE_DESC: (Key("price_from", descending=True, parse=_decimal), NEWEST_FIRST),
    ProductSort.NAME: (Key("sort_title", parse=_text), OLDEST_FIRST),
    ProductSort.RATING: (
        Key("rated", descending=True, parse=_decimal),
        Key("review_count", descending=True, parse=_number),
        NEWEST_FIRST,
    ),
    ProductSort.POPULARITY: (Key("popularity", descending=True, parse=_number), NEWEST_FIRST),
    MANUAL: (Key("position", parse=_number), OLDEST_FIRST),
}


def encode_cursor(order: str, row: dict[str, Any]) -> str:
    """The place of `row` in the order, opaque and safe in a URL."""
    values = [key.spelt(row[key.name]) for key in ORDERS[order]]
    spelt = json.dumps([order, *values], separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(spelt).decode().rstrip("=")


def decode_cursor(order: str, cursor: str) -> list[Any]:
    """
    The values of the order's keys at the cursor.

    :raises InvalidCursor: if it was not made by `encode_cursor` for this order
    """
    keys = ORDERS[order]
    try:
        if len(cursor) > MAX_CURSOR_LENGTH:
            raise ValueError
        spelt = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        name, *values = json.loads(spelt)
        if name != order or len(values) != len(keys):
            raise ValueError
        return [key.parse(value) for key, value in zip(keys, values, strict=True)]
    except (ValueError, TypeError, InvalidOperation, binascii.Error, RecursionError):
        raise InvalidCursor("This cursor does not belong to this list; start again without it.") from None


def ordered(
    entries: QuerySet[ProductIndex], order: str, *, backwards: bool = False
) -> QuerySet[ProductIndex]:
    """The entries in the order, or from its end."""
    return entries.order_by(
        *(f"{'-' if key.descending is not backwards else ''}{key.name}" for key in ORDERS[order])
    )


def beyond(order: str, values: Sequence[Any], *, backwards: bool = False) -> Q:
    """What lies after these values in the order (before them, when `backwards`)."""
    condition, same = Q(), Q()
    for key, value in zip(ORDERS[order], values, strict=True):
        comparison = "lt" if key.descending is not backwards else "gt"
        condition |= same & Q(**{f"{key.name}__{comparison}": value})
        same &= Q(**{key.name: value})
    return condition
