"""
The relay: hands open events to their consumers, at least once, in order per key.

Several relays may run at once, and each may be killed at any moment:

* An event is claimed by moving ``next_attempt_at`` into the future; the value written is the relay's
  proof that the event is still its own. Whoever is killed leaves an event that is due again a minute later.
* An attempt is counted before the effect, so that a consumer which kills its worker is parked as well.
* A consumer's effect and the row that records it stand in one transaction, hence exactly once.
* Only the oldest open event of a key is ever claimed, hence in order. A parked event no longer holds up
  those behind it: one poisonous event must not silence an order for ever.
"""

from __future__ import annotations

import logging
import random
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import IntegrityError, connection, transaction
from django.db.models import F, OuterRef, QuerySet, Subquery

from shop.core import clock
from shop.core.models import ConsumedEvent, OutboxEvent
from shop.core.outbox import Subscription, TryLater, consumers_of
from shop.core.request_id import request_id_set

logger = logging.getLogger(__name__)

MAX_ATTEMPTS: Final = 5
LEASE: Final = timedelta(seconds=60)
BATCH: Final = 50
FIRST_DELAY: Final = timedelta(seconds=5)
DELAY_FACTOR: Final = 3
ERROR_LENGTH: Final = 2000


@dataclass(slots=True)
class DeliveryReport:
    """What one call of :func:`deliver_due` did, in events."""

    delivered: int = 0
    retried: int = 0
    postponed: int = 0
    parked: int = 0
    lost: int = 0

    @property
    def handled(self) -> int:
        """Events that were taken up, whatever became of them."""
        return self.delivered + self.retried + self.postponed + self.parked + self.lost


def deliver_due(
    *, limit: int = 100, at: datetime | None = None, seconds: float | None = None
) -> DeliveryReport:
    """
    Deliver events that are due, until none is left or ``limit`` were handled.

    A consumer that raises is logged and tried again later; nothing it raises leaves this function.

    :param at: deliver as of this moment instead of now
    :param seconds: take up no further event after so much time
    :raises django.db.Error: when the database itself is away
    """
    if at is not None:
        with clock.at(at):
            return deliver_due(limit=limit, seconds=seconds)
    report = DeliveryReport()
    deadline = None if seconds is None else time.monotonic() + seconds
    while report.handled < limit:
        claimed, without_consumers = _claim(min(BATCH, limit - report.handled))
        report.delivered += without_consumers
        for event in claimed:
            _deliver(event, report)
            if deadline is not None and time.monotonic() > deadline:
                return report
        if not claimed and not without_consumers:
            break
    return report


def _open_events() -> QuerySet[OutboxEvent]:
    return OutboxEvent.objects.filter(done_at__isnull=True, parked_at__isnull=True)


def _due_events(moment: datetime) -> QuerySet[OutboxEvent]:
    # Not "no older one exists": with the statistics of a table that fills and empties all day, PostgreSQL
    # reads the whole backlog for every event then (20,000 events: 370 ms a claim instead of 2).
    oldest_of_the_key = _open_events().filter(key=OuterRef("key")).order_by("pk").values("pk")[:1]
    return _open_events().filter(next_attempt_at__lte=moment, pk=Subquery(oldest_of_the_key))


def _claim(size: int) -> tuple[list[OutboxEvent], int]:
    """Return events that are ours for a minute, and how many had no consumer and are done already."""
    now = clock.now()
    with transaction.atomic():
        due = _due_events(now).order_by("next_attempt_at", "pk")
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        # SQLite has one writer at a time (BEGIN IMMEDIATE): the read above is exclusive there already.
        found = list(due[:size])
        if not found:
            return [], 0
        claimed = [event for event in found if consumers_of(event.topic)]
        idle = [event.pk for event in found if not consumers_of(event.topic)]
        if idle:
            OutboxEvent.objects.filter(pk__in=idle).update(done_at=now)
        if claimed:
            lease = now + LEASE
            OutboxEvent.objects.filter(pk__in=[event.pk for event in claimed]).update(next_attempt_at=lease)
            for event in claimed:
                event.next_attempt_at = lease
    return claimed, len(idle)


def _deliver(event: OutboxEvent, report: DeliveryReport) -> None:
    if not _start(event):
        report.lost += 1
        return
    if event.attempts > MAX_ATTEMPTS:
        _park(event, event.last_error or "Its consumer never came back: the worker died each time.")
        report.parked += 1
        return
    failures, delay = _run_consumers(event)
    if failures and event.attempts >= MAX_ATTEMPTS:
        _park(event, "\n".join(failures))
        report.parked += 1
    elif failures:
        _set_back(event, calculate_delay(event.attempts), attempts=event.attempts, error="\n".join(failures))
        report.retried += 1
    elif delay is not None:
        _set_back(event, delay, attempts=event.attempts - 1, error=event.last_error)
        report.postponed += 1
    else:
        OutboxEvent.objects.filter(pk=event.pk, done_at__isnull=True).update(
            done_at=clock.now(), parked_at=None, last_error=""
        )
        report.delivered += 1


def _start(event: OutboxEvent) -> bool:
    """Count the attempt before it is made; False when the event has become another relay's."""
    lease = clock.now() + LEASE
    if not _ours(event).update(attempts=F("attempts") + 1, next_attempt_at=lease):
        return False
    event.attempts += 1
    event.next_attempt_at = lease
    return True


def _ours(event: OutboxEvent) -> QuerySet[OutboxEvent]:
    return _open_events().filter(pk=event.pk, next_attempt_at=event.next_attempt_at)


def _run_consumers(event: OutboxEvent) -> tuple[list[str], timedelta | None]:
    """Run every consumer that has not recorded its effect; one that fails does not hold up the others."""
    failures: list[str] = []
    delay: timedelta | None = None
    recorded = set(ConsumedEvent.objects.filter(event=event).values_list("consumer", flat=True))
    with request_id_set(event.request_id):
        for subscription in consumers_of(event.topic):
            if subscription.name in recorded:
                continue
            try:
                _run(subscription, event)
            except TryLater as reason:
                logger.info("%s asks for event %s again later: %s", subscription.name, event.pk, reason)
                event.last_error = f"{subscription.name}: {reason}"
                delay = max(delay or timedelta(0), reason.delay)
            except Exception as failure:
                logger.exception("%s failed on event %s (%s)", subscription.name, event.pk, event.topic)
                failures.append(f"{subscription.name}: {type(failure).__name__}: {failure}")
    return failures, delay


def _run(subscription: Subscription, event: OutboxEvent) -> None:
    if subscription.external:
        subscription.handler(event)
        ConsumedEvent.objects.bulk_create(
            [ConsumedEvent(event=event, consumer=subscription.name)], ignore_conflicts=True
        )
        return
    with transaction.atomic():
        try:
            with transaction.atomic():
                ConsumedEvent.objects.create(event=event, consumer=subscription.name)
        except IntegrityError:
            # Another relay, whose lease had run out, was quicker.
            return
        subscription.handler(event)


def calculate_delay(attempts: int) -> timedelta:
    """Return how long to wait after so many attempts: 5 s, 15 s, 45 s, 135 s, each give or take a third."""
    jitter = random.uniform(2 / 3, 4 / 3)  # noqa: S311 - spreads load, guards nothing
    return FIRST_DELAY * DELAY_FACTOR ** (attempts - 1) * jitter


def _set_back(event: OutboxEvent, delay: timedelta, *, attempts: int, error: str) -> None:
    _ours(event).update(
        attempts=attempts, next_attempt_at=clock.now() + delay, last_error=error[:ERROR_LENGTH]
    )


def _park(event: OutboxEvent, error: str) -> None:
    if _ours(event).update(parked_at=clock.now(), last_error=error[:ERROR_LENGTH]):
        logger.error("Event %s (%s %s) is parked: %s", event.pk, event.topic, event.key, error)
