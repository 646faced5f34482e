"""
Doing jobs, chunk by chunk.

* A try is counted before the chunk, in a transaction of its own: a chunk that kills its worker fails too.
* The chunk's effects, its rows and the new cursor stand in one transaction, which ends with a write that
  only the holder of the lease can make.
* Whoever is killed leaves a job whose lease runs out; the next worker begins at the last whole chunk.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from django.db import transaction

from shop.core import clock
from shop.core.errors import ShopError
from shop.core.jobs.leases import LEASE, LeaseLost, claim, claim_next, heartbeat, held, release
from shop.core.jobs.registry import Step, get_preparation, get_step
from shop.core.models import BackgroundJob, JobRow
from shop.core.outbox import record_event
from shop.core.request_id import request_id_set

logger = logging.getLogger(__name__)

MAX_ATTEMPTS: Final = 3
FIRST_DELAY: Final = timedelta(seconds=5)
DELAY_FACTOR: Final = 3
# How long one job is worked on before the others get their turn, in seconds.
SLICE: Final = 10.0
ERROR_LENGTH: Final = 2000
DIED = "The worker died each time it came to this part."

Status = BackgroundJob.Status


class JobIsBusy(ShopError):
    """Another process works on the job, or it has ended."""

    code = "job_is_busy"
    status = 409
    title = "Another worker does this job already."


def run_inline(job: BackgroundJob) -> BackgroundJob:
    """
    Do the job to its end in this process and return it as it stands then.

    A chunk that raises is tried again at once, three times in all; then the job is ``failed``.

    :raises JobIsBusy: when a worker has it, or it has ended
    """
    claimed = claim(job)
    if claimed is None:
        raise JobIsBusy()
    with heartbeat(claimed), request_id_set(claimed.request_id):
        while _run_chunk(claimed, wait=False):
            pass
    claimed.refresh_from_db()
    return claimed


def run_due_jobs(
    *, seconds: float = 20.0, slice_seconds: float = SLICE, stop: Callable[[], bool] = lambda: False
) -> int:
    """
    Work on jobs that are due, each for a slice of time in turn; return how many chunks were done.

    :param seconds: begin no further chunk after so much time
    :param stop: asked between chunks; true ends the work
    """
    deadline = time.monotonic() + seconds
    chunks = 0
    while time.monotonic() < deadline and not stop():
        job = claim_next()
        if job is None:
            break
        end_of_slice = min(deadline, time.monotonic() + slice_seconds)
        with heartbeat(job), request_id_set(job.request_id):
            while True:
                goes_on = _run_chunk(job, wait=True)
                chunks += 1
                if not goes_on:
                    break
                if time.monotonic() >= end_of_slice or stop():
                    release(job)
                    break
    return chunks


def _run_chunk(job: BackgroundJob, *, wait: bool) -> bool:
    """Do the next chunk; False when the job has ended, waits for its next try, or is another's now."""
    if not _begin_chunk(job):
        return False
    try:
        if (prepare := get_preparation(job.kind)) is not None:
            prepare(job)
        with transaction.atomic():
            changes = _do_chunk(job)
    except LeaseLost:
        logger.warning("Job %s was taken over by another worker.", job.pk)
        return False
    except Exception as failure:
        logger.exception("A chunk of job %s (%s) failed", job.pk, job.kind)
        return _set_back(job, failure, wait=wait)
    # Not before the commit: a chunk that is undone must find the job as it was.
    for name, value in changes.items():
        setattr(job, name, value)
    return job.status == Status.RUNNING


def _begin_chunk(job: BackgroundJob) -> bool:
    """Count the try, or end a job that is cancelled or has no try left; False when there is nothing to do."""
    row = held(job).values("cancel_requested_at", "attempts").first()
    if row is None:
        return False
    if row["cancel_requested_at"] is not None:
        _end(job, Status.CANCELLED)
        return False
    if row["attempts"] >= MAX_ATTEMPTS:
        _end(job, Status.FAILED, error=job.error or DIED)
        return False
    now = clock.now()
    job.attempts = row["attempts"] + 1
    job.started_at = job.started_at or now
    return bool(held(job).update(attempts=job.attempts, started_at=job.started_at, lease_until=now + LEASE))


def _do_chunk(job: BackgroundJob) -> dict[str, Any]:
    """Run the step and write what it hands back; return the job's new values."""
    at = clock.now()
    step = get_step(job.kind)(job, at)
    _write_rows(job, step)
    done = len(step.rows) if step.done is None else step.done
    refused = sum(row.status == JobRow.Status.REFUSED for row in step.rows)
    changes: dict[str, Any] = {
        "cursor": step.cursor,
        "attempts": 0,
        "error": "",
        "done": job.done + max(done, refused),
        "refused": job.refused + refused,
        "row_count": job.row_count + len(step.rows),
        "result": {**job.result, **(step.result or {})},
        "total": job.total if step.total is None else step.total,
        "lease_until": clock.now() + LEASE,
    }
    if step.finished:
        changes |= _ending(Status.DONE)
    if not held(job).update(**changes):
        raise LeaseLost
    if step.finished:
        _tell_finished(job, Status.DONE)
    return changes


def _write_rows(job: BackgroundJob, step: Step) -> None:
    JobRow.objects.bulk_create(
        [
            JobRow(
                job_id=job.pk,
                position=position,
                status=row.status,
                object_type=row.object_type,
                object_id=row.object_id,
                label=row.label[:255],
                detail=row.detail,
                data=dict(row.data),
            )
            for position, row in enumerate(step.rows, start=job.row_count + 1)
        ],
        batch_size=500,
    )


def _set_back(job: BackgroundJob, failure: Exception, *, wait: bool) -> bool:
    """Plan the next try, or give the job up; True when the caller may try again at once."""
    is_refusal = isinstance(failure, ShopError)
    error = str(failure) if is_refusal else f"{type(failure).__name__}: {failure}"
    # Trying again does not mend a refusal.
    if is_refusal or job.attempts >= MAX_ATTEMPTS:
        _end(job, Status.FAILED, error=error)
        return False
    job.error = error[:ERROR_LENGTH]
    if not wait:
        return bool(held(job).update(error=job.error))
    delay = FIRST_DELAY * DELAY_FACTOR ** (job.attempts - 1)
    held(job).update(error=job.error, lease_token=None, lease_until=None, next_attempt_at=clock.now() + delay)
    return False


def _ending(status: str) -> dict[str, Any]:
    return {"status": status, "finished_at": clock.now(), "lease_token": None, "lease_until": None}


@transaction.atomic
def _end(job: BackgroundJob, status: str, *, error: str = "") -> None:
    if held(job).update(error=error[:ERROR_LENGTH], **_ending(status)):
        job.status = status
        _tell_finished(job, status)


def _tell_finished(job: BackgroundJob, status: str) -> None:
    record_event(
        "job.finished", key=f"job:{job.pk}", payload={"job": job.pk, "kind": job.kind, "status": status}
    )
