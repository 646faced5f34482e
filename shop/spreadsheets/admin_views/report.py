"""One import: its dry run and its report, applying it, steering what is at work."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST
from wagtail.admin import messages

from shop.core.errors import ShopError
from shop.core.job_views import can_steer, describe_progress, progress_of
from shop.core.jobs import cancel_job, resume_job
from shop.core.models import BackgroundJob
from shop.spreadsheets.admin_views.access import ScreenView, actor_of, for_importers, get_import
from shop.spreadsheets.admin_views.imports import import_url, state_of
from shop.spreadsheets.column_words import labels_of, list_column_groups
from shop.spreadsheets.models import ImportItem, ImportRun
from shop.spreadsheets.report_rows import describe_items, iterate_report
from shop.spreadsheets.selectors import (
    OUTCOMES,
    ImportState,
    count_reported,
    job_of,
    search_reported,
)
from shop.spreadsheets.services import start_import, start_trial

ITEMS_PER_PAGE: Final = 25
LONGEST_SEARCH: Final = 100
FILTERS: Final = (
    ("", "All"),
    *((str(action), str(action.label)) for action in ImportItem.Action if action in OUTCOMES),
    ("warnings", "With warnings"),
)
REPORTED: Final = (ImportState.TRIED, ImportState.APPLIED)


def has_report(run: Any) -> bool:
    """Whether there is anything to show row by row: a finished dry run, or what an import has come to."""
    return run.state in REPORTED or (run.state == ImportState.STOPPED and run.job_id is not None)


def tried_by_another(run: ImportRun, request: HttpRequest) -> bool:
    """Whether somebody else tried it: what the reader may do is perhaps another thing."""
    return run.trial_job is None or run.trial_job.created_by_id != request.user.pk


class ImportView(ScreenView):
    """How an import stands, and its report."""

    template_name = "spreadsheets/admin/import.html"

    def get(self, request: HttpRequest, public_id: UUID) -> HttpResponse:
        """Show progress while something is at work, and the report when there is one."""
        run = get_import(request, public_id)
        self.page_title = run.file_name
        job = job_of(run)
        context = self.get_context_data(
            run=run,
            state=run.state,  # type: ignore[attr-defined]
            state_label=state_of(run),
            job=job,
            progress=describe_progress(job) if job is not None else "",
            is_open=job is not None and job.is_open,
            is_cancelling=job is not None and job.is_open and job.cancel_requested_at is not None,
            may_steer=job is not None and may_steer(request, job),
            may_apply=run.state == ImportState.TRIED and not tried_by_another(run, request),  # type: ignore[attr-defined]
            tried_by_another=run.state == ImportState.TRIED and tried_by_another(run, request),  # type: ignore[attr-defined]
            upload=run.uploads.first() if run.applied_at is None and run.job is None else None,
            **(self._report(request, run) if has_report(run) else {}),
        )
        return self.render_to_response(context)

    @staticmethod
    def _report(request: HttpRequest, run: ImportRun) -> dict[str, Any]:
        outcome = request.GET.get("outcome", "")
        text = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
        items = search_reported(run, outcome=outcome, text=text)
        page = Paginator(items.defer(None), ITEMS_PER_PAGE).get_page(request.GET.get("p"))
        labels = labels_of(list_column_groups(run.kind))
        counts = count_reported(run)
        return {
            "counts": counts,
            "page": page,
            "items": describe_items(page, kind=run.kind, labels=labels),
            "outcome": outcome,
            "text": text,
            "query": f"{urlencode({'outcome': outcome, 'q': text})}&" if outcome or text else "",
            "filters": FILTERS,
            "worth_applying": counts["created"] + counts["changed"],
        }


def may_steer(request: HttpRequest, job: BackgroundJob) -> bool:
    """Whether the reader may cancel and go on with the job: their own, or any import's for who sees all."""
    return can_steer(request.user, job) or request.user.has_perm("spreadsheets.view_importrun")


@require_GET
@for_importers
def import_progress(request: HttpRequest, public_id: UUID) -> JsonResponse:
    """How the dry run or the import stands at this moment; the page asks every two seconds."""
    job = job_of(get_import(request, public_id))
    return JsonResponse(progress_of(job) if job is not None else {"is_open": False})


@require_GET
@for_importers
def import_csv(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    """The report as a file."""
    run = get_import(request, public_id)
    response = StreamingHttpResponse(iterate_report(run), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="import-{run.public_id}.csv"'
    return response


@require_POST
@for_importers
def try_import(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Try it (again), with the rights of whoever asks."""
    run = get_import(request, public_id)
    try:
        start_trial(run=run, actor=actor_of(request))
    except ShopError as refused:
        messages.error(request, refused.detail)
    return redirect(import_url(run))


@require_POST
@for_importers
def steer_import(request: HttpRequest, public_id: UUID, action: str) -> HttpResponse:
    """Cancel what is at work, or go on with what was stopped."""
    run = get_import(request, public_id)
    job = job_of(run)
    if job is None or not may_steer(request, job):
        raise PermissionDenied
    try:
        if action == "cancel":
            cancel_job(job=job, actor=actor_of(request))
            messages.success(request, "It ends after the part at hand. What was done stays done.")
        else:
            resume_job(job=job, actor=actor_of(request))
            messages.success(request, "It goes on where it stopped.")
    except ShopError as refused:
        messages.error(request, refused.detail)
    return redirect(import_url(run))


class ApplyView(ScreenView):
    """The last question before the catalogue changes."""

    template_name = "spreadsheets/admin/apply_import.html"
    page_title = "Apply the import"

    def get(self, request: HttpRequest, public_id: UUID) -> HttpResponse:
        """Ask, with what will be created, changed and left out."""
        run = get_import(request, public_id)
        if refusal := self._refusal(request, run):
            messages.warning(request, refusal)
            return redirect(import_url(run))
        return self.render_to_response(self.get_context_data(run=run, counts=count_reported(run)))

    def post(self, request: HttpRequest, public_id: UUID) -> HttpResponse:
        """Start it in the background."""
        run = get_import(request, public_id)
        refusal = self._refusal(request, run)
        try:
            if refusal:
                messages.warning(request, refusal)
            else:
                start_import(run=run, actor=actor_of(request))
        except ShopError as error:
            messages.error(request, error.detail)
        return redirect(import_url(run))

    @staticmethod
    def _refusal(request: HttpRequest, run: Any) -> str:
        if run.state != ImportState.TRIED:
            return "Only an import whose dry run has come to its end can be applied, and only once."
        if tried_by_another(run, request):
            return "This dry run was made with the rights of somebody else: try it yourself first."
        return ""
