"""
The one clock. Whatever decides visibility, price or promotion asks it, never ``timezone.now()``.

A moment set by :func:`at` holds for the current thread or task only, so that one request can be
answered "as of Friday 00:01" while the others live on.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_moment: ContextVar[datetime | None] = ContextVar("shop_clock_moment", default=None)


def now() -> datetime:
    """Return the current moment in UTC, or the one that :func:`at` set."""
    return _moment.get() or datetime.now(UTC)  # noqa: TID251 - the one place


def is_set() -> bool:
    """Tell whether :func:`at` is in force: what is answered then must not be kept in a cache."""
    return _moment.get() is not None


@contextmanager
def at(moment: datetime) -> Iterator[datetime]:
    """
    Let the clock stand at ``moment`` inside the ``with`` block. Blocks nest.

    :raises ValueError: for a moment without a time zone
    """
    if moment.tzinfo is None:
        raise ValueError("The clock needs a moment with a time zone.")
    moment = moment.astimezone(UTC)
    token = _moment.set(moment)
    try:
        yield moment
    finally:
        _moment.reset(token)
