"""
Who changed what of a product and its variants: variants, prices, stock.

Each app tells its own part, as values, newest first; here they become one list that is read page by page::

    register_trail_source(PriceTrail())
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from typing import NamedTuple, Protocol

from django.db.models import Q

PER_PAGE = 50


class Place(NamedTuple):
    """Where the list goes on: after this entry."""

    at: datetime
    source: str
    key: int


@dataclass(frozen=True, slots=True)
class TrailLine:
    """One thing that changed; what was not there, or is no more, is empty."""

    sku: str
    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailEntry:
    """
    What one person did at one moment. ``key`` is the primary key of the row that tells of it.

    One without lines is not shown, yet counts: where the list goes on is told by rows.
    """

    at: datetime
    source: str
    key: int
    kind: str
    lines: Sequence[TrailLine]
    actor_id: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailQuery:
    """
    What is asked for.

    :param skus: SKUs of the variants by primary key; archived ones too
    :param is_whole: whether these are all variants of the product, so that what is the product's own counts
    """

    product_id: int
    skus: Mapping[int, str]
    is_whole: bool = True
    actor_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    kind: str = ""
    after: Place | None = None
    limit: int = PER_PAGE

    def narrow(self, source: str) -> Q:
        """Return the conditions on rows with ``at`` and ``actor``, whose primary keys grow with time."""
        asked = Q()
        if self.actor_id is not None:
            asked &= Q(actor_id=self.actor_id)
        if self.since is not None:
            asked &= Q(at__gte=self.since)
        if self.until is not None:
            asked &= Q(at__lt=self.until)
        if self.after is None:
            return asked
        if source < self.after.source:
            return asked & Q(at__lt=self.after.at)
        if source > self.after.source:
            return asked & Q(at__lte=self.after.at)
        return asked & (Q(at__lt=self.after.at) | Q(at=self.after.at, pk__lt=self.after.key))


class TrailSource(Protocol):
    """What an app tells."""

    name: str
    """Unique; sources are told in its order where moments are the same."""
    kind: str
    label: str
    """How the kind is called in the filter; sources may share both."""

    def read(self, query: TrailQuery) -> Sequence[TrailEntry]:
        """Return at most ``query.limit`` entries: newest first, and by falling keys at the same moment."""


_registered: list[TrailSource] = []


def register_trail_source(source: TrailSource) -> None:
    """Let an app tell its part; doing it twice changes nothing."""
    if all(held.name != source.name for held in _registered):
        _registered.append(source)


def list_trail_kinds() -> list[tuple[str, str]]:
    """Return the kinds of changes with their labels."""
    return sorted({source.kind: source.label for source in _registered}.items())


@dataclass(frozen=True, slots=True)
class TrailPage:
    """Some entries, newest first; ``after`` says where the older ones begin."""

    entries: Sequence[TrailEntry]
    after: Place | None


def read_trail(query: TrailQuery) -> TrailPage:
    """Return one page, in a number of queries that does not grow with it."""
    told = [source.read(query) for source in _registered if query.kind in ("", source.kind)]
    entries = list(merge(*told, key=_order))[: query.limit]
    is_more = sum(len(part) for part in told) > len(entries) or any(len(part) == query.limit for part in told)
    last = entries[-1] if entries and is_more else None
    after = Place(last.at, last.source, last.key) if last else None
    return TrailPage([entry for entry in entries if entry.lines], after)


def _order(entry: TrailEntry) -> tuple[float, str, int]:
    return -entry.at.timestamp(), entry.source, -entry.key
