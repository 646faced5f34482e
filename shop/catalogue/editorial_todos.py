"""Editorial work on the home page: reviews, what was sent back, schedules, and schedules that failed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from wagtail.models import Page, Revision, TaskState, WorkflowState
from wagtail.permission_policies.pages import PagePermissionPolicy

from shop.catalogue.models import ProductPage
from shop.catalogue.readiness import check_revisions
from shop.core import clock
from shop.core.dashboard import NAMED, Todo, TodoList, bounded

WEEK: Final = timedelta(days=7)
# Publishing runs every minute: what is due for longer has failed.
GRACE: Final = timedelta(minutes=5)
# Of so many scheduled things, those that the reader may edit are shown.
LOOKED_AT: Final = 100


def list_reviews(request: HttpRequest) -> Iterator[TodoList]:
    """What waits for the reader's review, and what became of what they submitted."""
    user = request.user
    waiting = (
        TaskState.objects.reviewable_by(user)
        .select_related("revision__content_type", "workflow_state__requested_by")
        .order_by("started_at")[: NAMED + 1]
    )
    yield bounded(
        "awaiting-review",
        "Waiting for your review",
        [
            _describe(state, f"Submitted by {state.workflow_state.requested_by or 'somebody'}")
            for state in waiting
        ],
        order=10,
        more_url=reverse("wagtailadmin_reports:workflow_tasks"),
    )
    yield from _list_submitted(user)


def _list_submitted(user: Any) -> Iterator[TodoList]:
    """What became of what the reader submitted."""
    mine = (
        WorkflowState.objects.active()
        .filter(requested_by=user.pk, current_task_state__isnull=False)
        .select_related("current_task_state__revision__content_type", "current_task_state__finished_by")
        .order_by("-created_at")[: 2 * NAMED]
    )
    returned = [state for state in mine if state.status == WorkflowState.STATUS_NEEDS_CHANGES]
    submitted = [state for state in mine if state.status == WorkflowState.STATUS_IN_PROGRESS]
    more_url = reverse("wagtailadmin_reports:workflow")
    yield bounded(
        "sent-back",
        "Sent back to you",
        [_describe(state.current_task_state, _verdict(state.current_task_state)) for state in returned],
        order=20,
        more_url=more_url,
    )
    yield bounded(
        "submitted",
        "Submitted by you, waiting for an approver",
        [
            _describe(state.current_task_state, f"Since {show_time(state.current_task_state.started_at)}")
            for state in submitted
        ],
        order=60,
        more_url=more_url,
    )


def _verdict(state: TaskState) -> str:
    said = f": “{state.comment}”" if state.comment else ""
    return f"{state.finished_by or 'Somebody'} asks for changes{said}"


def _describe(state: TaskState, detail: str) -> Todo:
    revision = state.revision
    title = revision.object_str if revision else str(state)
    return Todo(title=title, url=edit_url_of(revision) if revision else "", detail=detail)


def edit_url_of(revision: Revision) -> str:
    """The editor of what a revision belongs to, without reading that."""
    model = revision.content_type.model_class()
    if model is not None and issubclass(model, Page):
        return reverse("wagtailadmin_pages:edit", args=[revision.object_id])
    viewset = getattr(model, "snippet_viewset", None)
    return reverse(viewset.get_url_name("edit"), args=[revision.object_id]) if viewset else ""


def list_schedules(request: HttpRequest) -> Iterator[TodoList]:
    """What goes live or offline within a week, and what should have gone live and could not."""
    now = clock.now()
    due = _editable(
        request, Revision.objects.filter(approved_go_live_at__lt=now - GRACE).order_by("approved_go_live_at")
    )
    yield bounded(
        "failed-schedules",
        "Could not be published as scheduled",
        _explain_failures(due[: NAMED + 1]),
        order=5,
        is_problem=True,
    )
    yield bounded("scheduled", "Scheduled this week", _list_coming(request, now), order=30)


def _list_coming(request: HttpRequest, now: datetime) -> list[Todo]:
    """What goes live or offline within a week, the next first."""
    coming = _editable(
        request,
        Revision.objects.filter(
            approved_go_live_at__gte=now - GRACE, approved_go_live_at__lte=now + WEEK
        ).order_by("approved_go_live_at"),
    )
    todos = [
        (
            revision.approved_go_live_at,
            Todo(
                title=revision.object_str,
                url=edit_url_of(revision),
                detail=f"Goes live on {show_time(revision.approved_go_live_at)}",
            ),
        )
        for revision in coming
    ]
    todos += [
        (
            page.expire_at,
            Todo(
                title=page.draft_title or page.title,
                url=reverse("wagtailadmin_pages:edit", args=[page.pk]),
                detail=f"Goes offline on {show_time(page.expire_at)}",
            ),
        )
        for page in _list_expiring(request.user, now)
    ]
    return [todo for _, todo in sorted(todos, key=lambda pair: pair[0])]


def _editable(request: HttpRequest, revisions: Any) -> list[Revision]:
    """Of the first few revisions, those of things that the reader may edit; one query for all pages."""
    user = request.user
    held = list(revisions.select_related("content_type").defer("content")[:LOOKED_AT])
    page_ids = [int(revision.object_id) for revision in held if _is_page(revision)]
    pages = PagePermissionPolicy(Page).instances_user_has_permission_for(user, "change")
    allowed = set(pages.filter(pk__in=page_ids).values_list("pk", flat=True)) if page_ids else set()
    return [
        revision
        for revision in held
        if (int(revision.object_id) in allowed if _is_page(revision) else _may_change(user, revision))
    ]


def _is_page(revision: Revision) -> bool:
    model = revision.content_type.model_class()
    return model is not None and issubclass(model, Page)


def _may_change(user: Any, revision: Revision) -> bool:
    kind = revision.content_type
    return bool(user.has_perm(f"{kind.app_label}.change_{kind.model}"))


def _explain_failures(revisions: Sequence[Revision]) -> list[Todo]:
    products = ProductPage.objects.in_bulk(
        [int(revision.object_id) for revision in revisions if revision.content_type.model == "productpage"]
    )
    whole = Revision.objects.in_bulk([revision.pk for revision in revisions])
    pairs = [
        (products[int(revision.object_id)], whole[revision.pk])
        for revision in revisions
        if revision.content_type.model == "productpage" and int(revision.object_id) in products
    ]
    found = check_revisions(pairs)
    todos = []
    for revision in revisions:
        readiness = found.get(int(revision.object_id)) if revision.object_id.isdigit() else None
        reasons = " ".join(finding.message for finding in readiness.errors) if readiness else ""
        mend = reasons or "It is tried again every minute."
        detail = f"Was due on {show_time(revision.approved_go_live_at)}. {mend}"
        todos.append(Todo(title=revision.object_str, url=edit_url_of(revision), detail=detail))
    return todos


def _list_expiring(user: Any, now: datetime) -> Iterable[Page]:
    pages = PagePermissionPolicy(Page).instances_user_has_permission_for(user, "change")
    return pages.filter(live=True, expire_at__gte=now, expire_at__lte=now + WEEK).order_by("expire_at")[
        :NAMED
    ]


def show_time(moment: datetime) -> str:
    """A moment in the reader's zone, with the zone: Wagtail activates it for each request."""
    local = timezone.localtime(moment)
    return f"{date_format(local, 'j F Y, H:i')} ({timezone.get_current_timezone_name()})"
