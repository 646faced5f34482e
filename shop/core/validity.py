"""When something counts: from ``valid_from`` on, until just before ``valid_until``; either may be open."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q


def valid_at(at: datetime) -> Q:
    """The rows whose ``valid_from`` and ``valid_until`` contain ``at``; an end is not part of it."""
    begun = Q(valid_from__isnull=True) | Q(valid_from__lte=at)
    return begun & (Q(valid_until__isnull=True) | Q(valid_until__gt=at))


def is_within(at: datetime, valid_from: datetime | None, valid_until: datetime | None) -> bool:
    """The same of values that are known already."""
    return (valid_from is None or valid_from <= at) and (valid_until is None or valid_until > at)
