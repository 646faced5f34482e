"""
For whom prices are shown: a context variable like the clock, set once at the edge of a request.

Doors to the catalogue need not hand it down; what acts for somebody else, such as a feed for everybody, sets
its own with :func:`speak_to`. It is found out when the first price is asked for, and not before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Audience:
    """Members of a customer group, or everybody; in a currency, or the shop's own where it is empty."""

    customer_group_id: int | None = None
    currency: str = ""


EVERYBODY = Audience()
_current: ContextVar[Callable[[], Audience]] = ContextVar("audience", default=lambda: EVERYBODY)


def current() -> Audience:
    """Return who is spoken to."""
    return _current.get()()


@contextmanager
def speak_to(audience: Audience | Callable[[], Audience]) -> Iterator[None]:
    """Speak to this audience, or to the one that is found out when it matters, until the block ends."""
    token = _current.set(audience if callable(audience) else lambda: audience)
    try:
        yield
    finally:
        _current.reset(token)
