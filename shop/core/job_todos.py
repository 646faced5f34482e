"""Background jobs on the home page: those of the reader that failed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from django.http import HttpRequest
from django.urls import reverse

from shop.core import clock
from shop.core.dashboard import NAMED, Todo, TodoList, bounded
from shop.core.jobs.service import job_url
from shop.core.models.jobs import BackgroundJob

SHOWN_FOR: Final = timedelta(days=7)


def list_failed_jobs(request: HttpRequest) -> Iterator[TodoList]:
    """Jobs that the reader started and that failed within a week, imports among them."""
    jobs = BackgroundJob.objects.filter(
        created_by=request.user.pk,
        status=BackgroundJob.Status.FAILED,
        finished_at__gte=clock.now() - SHOWN_FOR,
    ).order_by("-finished_at")[: NAMED + 1]
    todos = [
        Todo(title=job.label, url=job_url(job), detail="Open it to see what went wrong, and resume it.")
        for job in jobs
    ]
    yield bounded(
        "failed-jobs",
        "Imports and jobs that failed",
        todos,
        order=50,
        is_problem=True,
        more_url=reverse("core_jobs"),
    )
