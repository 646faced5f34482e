"""What people may see of imports and exports, and how each import stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from django.db import models
from django.db.models import Case, Count, Q, QuerySet, Value, When

from shop.core.models import BackgroundJob
from shop.spreadsheets.models import ExportFile, ImportItem, ImportRun, ImportUpload

if TYPE_CHECKING:
    from shop.customers.models import User

_Status = BackgroundJob.Status


class ImportState(models.TextChoices):
    """How an import stands."""

    WAITING = "waiting", "Not tried yet"
    TRYING = "trying", "Dry run at work"
    TRIED = "tried", "Waits to be applied"
    RUNNING = "running", "At work"
    STOPPED = "stopped", "Stopped"
    APPLIED = "applied", "Applied"


OUTCOMES: Final = ("created", "changed", "unchanged", "refused")


def list_imports(user: User) -> QuerySet[ImportRun]:
    """A person's own imports, or everybody's for those who may see them, each with its ``state``."""
    runs = ImportRun.objects.select_related("created_by", "job", "trial_job__created_by")
    if not user.has_perm("spreadsheets.view_importrun"):
        runs = runs.filter(created_by=user)
    return runs.annotate(
        state=Case(
            When(applied_at__isnull=False, then=Value(ImportState.APPLIED)),
            When(job__status__in=BackgroundJob.OPEN, then=Value(ImportState.RUNNING)),
            When(job__isnull=False, then=Value(ImportState.STOPPED)),
            When(trial_job__status__in=BackgroundJob.OPEN, then=Value(ImportState.TRYING)),
            When(trial_job__status__in=BackgroundJob.RESUMABLE, then=Value(ImportState.STOPPED)),
            When(tried_at__isnull=False, then=Value(ImportState.TRIED)),
            default=Value(ImportState.WAITING),
            output_field=models.CharField(),
        )
    ).order_by("-created_at", "-pk")


def list_uploads(user: User) -> QuerySet[ImportUpload]:
    """The files that a person has sent, or all of them for those who may see all imports."""
    uploads = ImportUpload.objects.select_related("job", "run")
    if not user.has_perm("spreadsheets.view_importrun"):
        uploads = uploads.filter(created_by=user)
    return uploads


def list_exports(user: User) -> QuerySet[ExportFile]:
    """The exports that a person has asked for: what is in them depends on their rights."""
    return ExportFile.objects.select_related("job").filter(created_by=user)


def job_of(run: ImportRun) -> BackgroundJob | None:
    """The job that matters now: the import itself, or before that the dry run."""
    return run.job or run.trial_job


def counts_of(run: ImportRun) -> Mapping[str, int]:
    """What the last finished try or run has counted; nothing before its end. Asks no query."""
    job = job_of(run)
    counts: Mapping[str, int] = job.result.get("counts", {}) if job is not None else {}
    return counts


def list_reported(run: ImportRun) -> QuerySet[ImportItem]:
    """The items that the report is about: all of them, or those that an import has come to so far."""
    items = run.items.defer("data").order_by("position")
    if run.applied_at is not None or run.job is None:
        return items
    place = run.job.cursor or {"phase": "items", "position": 0}
    return items if place["phase"] == "links" else items.filter(position__lte=place["position"])


def count_reported(run: ImportRun) -> dict[str, int]:
    """How many of the report's items had which outcome, and how many had warnings; one query."""
    rows = list_reported(run).order_by().values("action").annotate(n=Count("pk"))
    warned = Count("pk", filter=Q(has_warnings=True))
    counts = dict.fromkeys((*OUTCOMES, "warnings"), 0)
    for row in rows.annotate(warned=warned):
        if row["action"] in counts:
            counts[row["action"]] += row["n"]
        counts["warnings"] += row["warned"]
    return counts


def search_reported(run: ImportRun, *, outcome: str = "", text: str = "") -> QuerySet[ImportItem]:
    """The report's items with one outcome (or with warnings), and with a text in their key or title."""
    items = list_reported(run)
    if outcome == "warnings":
        items = items.filter(has_warnings=True)
    elif outcome in OUTCOMES:
        items = items.filter(action=outcome)
    if text:
        items = items.filter(Q(key__icontains=text) | Q(report__label__icontains=text))
    return items
