"""Looking after the outbox: replaying what was parked, and throwing away what is long done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db import transaction

from shop.core import clock
from shop.core.models import OutboxEvent
from shop.core.nudge import nudge

RETENTION: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class ReplayReport:
    """Which events were opened again, and which could not be."""

    replayed: list[int]
    refused: list[int]


def replay_events(*, event_ids: Sequence[int]) -> ReplayReport:
    """
    Open parked events again, with five new tries. Consumers that recorded their effect are not asked again.

    Events that are done, unknown, or still waiting are refused.
    """
    with transaction.atomic():
        parked = list(
            OutboxEvent.objects.select_for_update()
            .filter(pk__in=event_ids, parked_at__isnull=False)
            .order_by("pk")
            .values_list("pk", flat=True)
        )
        OutboxEvent.objects.filter(pk__in=parked).update(
            parked_at=None, attempts=0, next_attempt_at=clock.now(), last_error=""
        )
        transaction.on_commit(nudge, robust=True)
    return ReplayReport(replayed=parked, refused=[pk for pk in event_ids if pk not in set(parked)])


def delete_done_events(*, older_than: timedelta = RETENTION, limit: int = 5000) -> int:
    """
    Delete events done longer ago than ``older_than``, at most ``limit``; return how many.

    What is parked stays until somebody has looked at it.
    """
    done = OutboxEvent.objects.filter(done_at__lt=clock.now() - older_than).order_by("done_at")
    doomed = list(done.values_list("pk", flat=True)[:limit])
    return OutboxEvent.objects.filter(pk__in=doomed).delete()[1].get(OutboxEvent._meta.label, 0)
