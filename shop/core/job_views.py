"""Background jobs in the admin: the list, one job with its progress and report, cancelling, resuming."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import django_filters
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.reports import ReportView

from shop.core.errors import ShopError
from shop.core.jobs import cancel_job, job_url, list_visible_jobs, resume_job
from shop.core.jobs.report import iterate_csv
from shop.core.models import BackgroundJob, JobRow

ROWS_PER_PAGE = 100


def tell_started(request: HttpRequest, job: BackgroundJob) -> None:
    """Say that the job works in the background, with the way to its page."""
    messages.success(
        request,
        f"{job.label}: this runs in the background.",
        buttons=[messages.button(job_url(job), "Watch the progress")],
    )


class JobFilterSet(WagtailFilterSet):
    """Find a job by how it stands, what it does and when it was started."""

    status = django_filters.ChoiceFilter(choices=BackgroundJob.Status.choices, label="Status")
    label = django_filters.CharFilter(lookup_expr="icontains", label="What, e.g. publish")
    created_at = django_filters.DateFromToRangeFilter(label="Started", widget=DateRangePickerWidget)

    class Meta:
        model = BackgroundJob
        fields: list[str] = []


def describe_progress(job: BackgroundJob) -> str:
    """Return ``40 of 120, 3 refused``."""
    text = f"{job.done:,} of {job.total:,}" if job.total else f"{job.done:,}"
    return f"{text}, {job.refused:,} refused" if job.refused else text


class JobReport(ReportView):
    """A person's own jobs, newest first; everybody's for those who may see them."""

    page_title = "Background jobs"
    verbose_name = "job"
    verbose_name_plural = "jobs"
    header_icon = "tasks"
    index_url_name = "core_jobs"
    index_results_url_name = "core_jobs_results"
    filterset_class = JobFilterSet
    columns = [
        TitleColumn("label", label="What", get_url=job_url),
        Column("status", label="Status", accessor="get_status_display", width="12%"),
        Column("progress", label="Progress", accessor=describe_progress, width="20%"),
        Column("who", label="Started by", accessor=lambda job: job.created_by or "the system", width="18%"),
        DateColumn("created_at", label="Started", width="12%"),
    ]
    no_results_message = (
        "No jobs yet. Imports, and changes of more than 50 products at once, run here in the background."
    )

    def get_queryset(self) -> QuerySet[BackgroundJob]:
        return list_visible_jobs(self.request.user).order_by("-created_at", "-pk")


def _get_job(request: HttpRequest, public_id: UUID) -> BackgroundJob:
    return get_object_or_404(list_visible_jobs(request.user), public_id=public_id)


def can_steer(user: Any, job: BackgroundJob) -> bool:
    """Whether a person may cancel and resume the job: their own, or any with the right to change jobs."""
    return job.created_by_id == user.pk or bool(user.has_perm("core.change_backgroundjob"))


class JobView(WagtailAdminTemplateMixin, View):
    """One job: its progress while it runs, and what became of each thing."""

    template_name = "core/admin/job.html"
    header_icon = "tasks"

    def get(self, request: HttpRequest, public_id: UUID) -> HttpResponse:
        """Show it, with the rows of one status or of all."""
        job = _get_job(request, public_id)
        self.page_title = job.label
        status = request.GET.get("status", "")
        rows = job.rows.order_by("position")
        if status in JobRow.Status.values:
            rows = rows.filter(status=status)
        page = Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("p"))
        context = self.get_context_data(
            job=job,
            progress=describe_progress(job),
            page=page,
            status=status,
            statuses=JobRow.Status.choices,
            can_steer=can_steer(request.user, job),
            is_cancelling=job.is_open and job.cancel_requested_at is not None,
        )
        return self.render_to_response(context)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Lead from the list to here."""
        jobs = {"url": reverse("core_jobs"), "label": "Background jobs"}
        return [*self.breadcrumbs_items, jobs, {"url": "", "label": self.page_title}]


def progress_of(job: BackgroundJob) -> dict[str, Any]:
    """What the script of a job's page shows."""
    return {
        "status": job.status,
        "status_label": job.get_status_display(),
        "is_open": job.is_open,
        "done": job.done,
        "total": job.total,
        "refused": job.refused,
        "percent": job.percent,
        "progress": describe_progress(job),
        "error": job.error,
    }


@require_GET
def job_progress(request: HttpRequest, public_id: UUID) -> JsonResponse:
    """How the job stands at this moment; its page asks every two seconds."""
    job = _get_job(request, public_id)
    return JsonResponse(progress_of(job))


@require_GET
def job_csv(request: HttpRequest, public_id: UUID) -> StreamingHttpResponse:
    """The report as a file."""
    job = _get_job(request, public_id)
    response = StreamingHttpResponse(iterate_csv(job), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="job-{job.public_id}.csv"'
    return response


@require_POST
def steer_job(request: HttpRequest, public_id: UUID, action: str) -> HttpResponse:
    """Cancel or resume the job and lead back to it."""
    job = _get_job(request, public_id)
    if not can_steer(request.user, job):
        raise PermissionDenied
    try:
        if action == "cancel":
            job = cancel_job(job=job, actor=request.user)  # type: ignore[arg-type]
            ended = job.status == BackgroundJob.Status.CANCELLED
            messages.success(
                request,
                "The job is cancelled. What was done stays done."
                if ended
                else "The job ends after the part at hand. What was done stays done.",
            )
        else:
            resume_job(job=job, actor=request.user)  # type: ignore[arg-type]
            messages.success(request, "The job goes on where it stopped.")
    except ShopError as refused:
        messages.error(request, refused.detail)
    return redirect(job_url(job))
