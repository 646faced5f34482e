"""
Whose job it is. A worker claims one by writing a token and a time; each chunk ends with a write that only
the holder of the token can make, so that a worker which was given up for dead undoes what it still does.
"""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final

from django.db import DatabaseError, connection, connections, transaction
from django.db.models import Q, QuerySet

from shop.core import clock
from shop.core.jobs.registry import list_kinds
from shop.core.models import BackgroundJob

logger = logging.getLogger(__name__)

LEASE: Final = timedelta(seconds=60)
HEARTBEAT_SECONDS: Final = 15.0


class LeaseLost(Exception):
    """Another worker has taken the job over; nothing of this chunk may remain."""


def claim_next() -> BackgroundJob | None:
    """Return the job that has waited longest, ours until its lease runs out; ``None`` when none is due."""
    now = clock.now()
    with transaction.atomic():
        due = (
            BackgroundJob.objects.filter(
                _free(now), status__in=BackgroundJob.OPEN, next_attempt_at__lte=now, kind__in=list_kinds()
            )
            .order_by("next_attempt_at", "pk")
            .values_list("pk", flat=True)
        )
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        # SQLite has one writer at a time, and the update below looks again.
        pk = due.first()
        return None if pk is None else claim(BackgroundJob(pk=pk))


def claim(job: BackgroundJob) -> BackgroundJob | None:
    """Take this job for oneself; ``None`` when another worker has it or it has ended."""
    now = clock.now()
    token = uuid.uuid4()
    mine = _free(now)
    if job.lease_token is not None:
        mine |= Q(lease_token=job.lease_token)
    taken = BackgroundJob.objects.filter(mine, pk=job.pk, status__in=BackgroundJob.OPEN).update(
        lease_token=token, lease_until=now + LEASE, status=BackgroundJob.Status.RUNNING
    )
    if not taken:
        return None
    return BackgroundJob.objects.get(pk=job.pk, lease_token=token)


def _free(now: object) -> Q:
    return Q(lease_until__isnull=True) | Q(lease_until__lte=now)


def held(job: BackgroundJob) -> QuerySet[BackgroundJob]:
    """Return the job's row for an update that only the holder of its lease can make."""
    return BackgroundJob.objects.filter(
        pk=job.pk, lease_token=job.lease_token, status=BackgroundJob.Status.RUNNING
    )


def renew(job: BackgroundJob) -> bool:
    """Hold on to the job; False when it has become another's."""
    return bool(held(job).update(lease_until=clock.now() + LEASE))


def release(job: BackgroundJob) -> None:
    """Let any worker go on with the job, after those that have waited longer."""
    held(job).update(lease_token=None, lease_until=None, next_attempt_at=clock.now())


@contextmanager
def heartbeat(job: BackgroundJob) -> Iterator[None]:
    """Renew the lease from a thread meanwhile, so that one long chunk is not taken for a dead worker."""
    stop = threading.Event()

    def beat() -> None:
        try:
            while not stop.wait(HEARTBEAT_SECONDS):
                try:
                    if not renew(job):
                        return
                except DatabaseError:
                    logger.warning("The lease of job %s could not be renewed.", job.pk, exc_info=True)
        finally:
            connections.close_all()

    thread = threading.Thread(target=beat, name=f"job-{job.pk}-heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
