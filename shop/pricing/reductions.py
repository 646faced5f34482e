"""
What a reduced article cost before: the lowest price of the 30 days before the reduction.

Directive 98/6/EC, art. 6a (as amended by Directive (EU) 2019/2161): an announcement of a reduction shows the
lowest price applied during at least 30 days before it; where it is reduced further step by step, before the
first step. Pure: what lists and prices were comes in, a price comes out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal

from shop.core.money import Money
from shop.pricing.quoting import Candidate, Quote, choose_price

PERIOD_BEFORE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Span:
    """From ``start`` (``None``: since ever) until just before ``end`` (``None``: still)."""

    start: datetime | None
    end: datetime | None

    def contains(self, moment: datetime) -> bool:
        """Tell whether the moment is in the span."""
        return (self.start is None or self.start <= moment) and (self.end is None or moment < self.end)


@dataclass(frozen=True, slots=True)
class ListPast:
    """When a list was in use, and what one variant cost in it since when (``None``: no price any more)."""

    template: Candidate
    in_use: Sequence[Span]
    amounts: Sequence[tuple[datetime, Decimal | None]] = field(default_factory=tuple)

    def candidate_at(self, moment: datetime) -> Candidate | None:
        """Return what the list would have offered then."""
        if not any(span.contains(moment) for span in self.in_use):
            return None
        amount = None
        for since, value in self.amounts:
            if since <= moment:
                amount = value
        return None if amount is None else replace(self.template, amount=amount)

    def turning_points(self) -> list[datetime]:
        """Return every moment at which the list may have offered something else than before."""
        edges = [edge for span in self.in_use for edge in (span.start, span.end) if edge is not None]
        return edges + [since for since, _ in self.amounts]


def lowest_price_before_reduction(
    *, variant_id: int, pasts: Sequence[ListPast], at: datetime
) -> Money | None:
    """
    Return the lowest price of the 30 days before the reduction that holds at ``at``.

    :returns: ``None`` when the price is not reduced, or when the article had no price before
    """

    def quote(moment: datetime) -> Quote | None:
        candidates = [found for past in pasts if (found := past.candidate_at(moment)) is not None]
        return choose_price(variant_id=variant_id, candidates=candidates)

    points = sorted({point for past in pasts for point in past.turning_points() if point <= at})
    began_at = at
    for point in reversed(points):
        held = quote(point)
        if held is None or not held.is_reduced:
            break
        began_at = point
    if began_at == at and not _is_reduced(quote(at)):
        return None
    window_start = began_at - PERIOD_BEFORE
    # The price that was in force when the 30 days began counts too.
    moments = [window_start] + [point for point in points if window_start < point < began_at]
    amounts = [held.amount for moment in moments if (held := quote(moment)) is not None]
    return min(amounts, default=None)


def _is_reduced(quote: Quote | None) -> bool:
    return quote is not None and quote.is_reduced
