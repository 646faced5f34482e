"""Celery's doors to the core. Each task bears being run twice; embedded, they are called as functions."""

from __future__ import annotations

import logging
from typing import Any

from celery import shared_task
from django.conf import settings

from shop.core.idempotency import delete_expired_keys
from shop.core.jobs import delete_old_jobs, run_due_jobs
from shop.core.publishing import publish_due
from shop.core.relay import deliver_due
from shop.core.services import delete_done_events

logger = logging.getLogger(__name__)

# A relay task ends after this time, well inside the task's own limit; the next nudge or sweep goes on.
RELAY_SECONDS = 20.0
# The same for background jobs: whatever is left over is taken up by the next nudge or sweep.
JOB_SECONDS = 20.0
# Batches that one night's clean-up deletes at most; the next night goes on.
MOST_BATCHES = 200


@shared_task(name="core.relay_outbox", ignore_result=True, queue="critical")
def relay_outbox(**kwargs: Any) -> None:
    """Deliver what is due."""
    deliver_due(limit=1000, seconds=RELAY_SECONDS)


@shared_task(name="core.publish_scheduled", ignore_result=True, queue="critical")
def publish_scheduled(**kwargs: Any) -> None:
    """Put live and take offline what is due."""
    report = publish_due()
    if report.published or report.unpublished or report.failed:
        logger.info("By schedule: %s", report)


@shared_task(name="core.run_jobs", ignore_result=True, queue="bulk")
def run_jobs(**kwargs: Any) -> None:
    """Work on background jobs for a while, in turn."""
    if settings.EMBEDDED:
        # The embedded worker gives them short slices between its other duties.
        return
    run_due_jobs(seconds=JOB_SECONDS)


@shared_task(name="core.clean_up", ignore_result=True, queue="bulk")
def clean_up(**kwargs: Any) -> None:
    """Delete idempotency keys, events and jobs that have had their time."""
    for delete_some in (delete_expired_keys, delete_done_events, delete_old_jobs):
        for _ in range(MOST_BATCHES):
            if not delete_some():
                break
