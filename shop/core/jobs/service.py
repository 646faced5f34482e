"""Starting, cancelling, resuming, listing and throwing away jobs."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse

from shop.core import clock
from shop.core.errors import ShopError
from shop.core.jobs.leases import LEASE
from shop.core.jobs.registry import get_step
from shop.core.models import BackgroundJob, JobRow
from shop.core.outbox import record_event
from shop.core.request_id import get_request_id

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.auth.models import AnonymousUser

RETENTION: Final = timedelta(days=90)

Status = BackgroundJob.Status


class JobNotCancellable(ShopError):
    """It has ended already."""

    code = "job_not_cancellable"
    status = 409
    title = "This job has ended; there is nothing left to cancel."


class JobNotResumable(ShopError):
    """It has not failed and was not cancelled."""

    code = "job_not_resumable"
    status = 409
    title = "Only a job that failed or was cancelled can be resumed."


@transaction.atomic
def start_job(
    *,
    kind: str,
    label: str,
    params: Mapping[str, Any],
    total: int | None = None,
    actor: AbstractBaseUser | AnonymousUser | None = None,
    inline: bool = False,
) -> BackgroundJob:
    """
    Queue a job; a worker takes it up within seconds of the commit.

    :param label: what the person reads, such as "Publish 120 products"
    :param params: JSON-able and small: ids and choices, not rows
    :param total: how many things there are, when that is known
    :param inline: the caller does it itself at once by ``run_inline``; should it die, a worker goes on
    :raises UnknownJobKind: when nothing can do such a job
    """
    get_step(kind)
    now = clock.now()
    job = BackgroundJob.objects.create(
        kind=kind,
        label=label[:255],
        params=dict(params),
        total=total,
        created_by_id=actor.pk if actor is not None and actor.is_authenticated else None,
        created_at=now,
        next_attempt_at=now,
        lease_token=uuid.uuid4() if inline else None,
        lease_until=now + LEASE if inline else None,
        request_id=get_request_id(),
    )
    if not inline:
        _tell("job.started", job)
    return job


@transaction.atomic
def cancel_job(*, job: BackgroundJob, actor: AbstractBaseUser | None) -> BackgroundJob:
    """
    End a job: at once when nobody works on it, otherwise after the chunk at hand. What is done stays done.

    :raises JobNotCancellable: when it has ended
    """
    now = clock.now()
    open_job = BackgroundJob.objects.filter(pk=job.pk, status__in=BackgroundJob.OPEN)
    idle = open_job.filter(Q(lease_until__isnull=True) | Q(lease_until__lte=now))
    if idle.update(
        status=Status.CANCELLED, cancel_requested_at=now, finished_at=now, lease_token=None, lease_until=None
    ):
        job.refresh_from_db()
        _tell("job.finished", job)
    elif open_job.update(cancel_requested_at=now):
        job.refresh_from_db()
    else:
        raise JobNotCancellable()
    return job


@transaction.atomic
def resume_job(*, job: BackgroundJob, actor: AbstractBaseUser | None) -> BackgroundJob:
    """
    Go on with a failed or cancelled job where its last whole chunk ended.

    :raises JobNotResumable: when it is neither
    """
    resumed = BackgroundJob.objects.filter(pk=job.pk, status__in=BackgroundJob.RESUMABLE).update(
        status=Status.QUEUED,
        error="",
        attempts=0,
        next_attempt_at=clock.now(),
        cancel_requested_at=None,
        finished_at=None,
        lease_token=None,
        lease_until=None,
    )
    if not resumed:
        raise JobNotResumable()
    job.refresh_from_db()
    _tell("job.started", job)
    return job


def _tell(topic: str, job: BackgroundJob) -> None:
    record_event(topic, key=f"job:{job.pk}", payload={"job": job.pk, "kind": job.kind, "status": job.status})


def list_visible_jobs(user: AbstractBaseUser | AnonymousUser) -> QuerySet[BackgroundJob]:
    """Return the jobs that a person may see: their own, or all with ``core.view_backgroundjob``."""
    jobs = BackgroundJob.objects.select_related("created_by")
    if not user.is_authenticated:
        return jobs.none()
    if user.has_perm("core.view_backgroundjob"):  # type: ignore[attr-defined]
        return jobs
    return jobs.filter(created_by_id=user.pk)


def job_url(job: BackgroundJob) -> str:
    """Return the address of the job's page in the admin."""
    return reverse("core_job", args=[job.public_id])


def delete_old_jobs(*, older_than: timedelta = RETENTION, limit: int = 50) -> int:
    """Delete jobs that ended longer ago than ``older_than``, at most ``limit``; return how many."""
    old = BackgroundJob.objects.filter(finished_at__lt=clock.now() - older_than).order_by("finished_at")
    doomed = list(old.values_list("pk", flat=True)[:limit])
    with transaction.atomic():
        rows = JobRow.objects.filter(job_id__in=doomed)
        # Listeners of post_delete would make Django load every row; a job can have 50,000.
        rows._raw_delete(rows.db)
        BackgroundJob.objects.filter(pk__in=doomed).delete()
    return len(doomed)
