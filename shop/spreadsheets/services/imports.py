"""Trying and applying what was staged: the same code for both, a trial is rolled back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.db.models import Count

from shop.core import clock
from shop.core.jobs import RowResult, Step, job_step, start_job
from shop.core.models import BackgroundJob
from shop.customers.models import User
from shop.spreadsheets.category_imports import apply_categories
from shop.spreadsheets.chunks import apply_chunk
from shop.spreadsheets.errors import ImportNotReady
from shop.spreadsheets.models import FetchedPicture, ImportClaim, ImportItem, ImportRun
from shop.spreadsheets.pictures import find_texts, prepare_pictures
from shop.spreadsheets.private_files import forget_file

if TYPE_CHECKING:
    from collections.abc import Iterator

CHUNK: Final = 250
RETENTION: Final = timedelta(days=90)
KIND: Final = "spreadsheets.import"


@dataclass(frozen=True, slots=True)
class Report:
    """What a trial or a run found; rows of it are the run's items."""

    run: ImportRun
    is_trial: bool
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def refused(self) -> int:
        return self.counts.get(ImportItem.Action.REFUSED, 0)

    def items(self) -> Iterator[ImportItem]:
        """Item by item, in the order of the file, without holding them all."""
        return self.run.items.order_by("position").defer("data").iterator(chunk_size=500)

    def as_json(self) -> dict[str, Any]:
        """The report as ``--json`` prints it and the API gives it; see docs/import-export.md."""
        return {
            "import": str(self.run.public_id),
            "kind": self.run.kind,
            "file": self.run.file_name,
            "mapping": self.run.mapping,
            "dry_run": self.is_trial,
            "rows": self.run.rows,
            "counts": self.counts,
            "notes": self.run.notes,
            "items": [item_as_json(item) for item in self.items()],
        }


def item_as_json(item: ImportItem) -> dict[str, Any]:
    """One product of a report."""
    return {"position": item.position, "key": item.key, "action": item.action, **item.report}


def report_of(*, run: ImportRun, is_trial: bool) -> Report:
    """What the last trial or run found."""
    found = dict(run.items.order_by().values_list("action").annotate(Count("pk")))
    names = [ImportItem.Action.CREATED, "changed", "unchanged", "refused"]
    counts = {str(name): found.get(name, 0) for name in names}
    counts["warnings"] = run.items.filter(has_warnings=True).count()
    return Report(run=run, is_trial=is_trial, counts=counts)


def plan_import(*, run: ImportRun, actor: User | None = None, at: datetime | None = None) -> Report:
    """
    Try an import to its end in this process; nothing of the catalogue changes.

    For files of thousands of products use :func:`start_trial`.

    :raises ImportNotReady: when it was applied already
    """
    _require_open(run)
    cursor: Any = None
    while True:
        fetch_ahead(run, cursor=cursor, is_trial=True)
        with transaction.atomic():
            step = do_chunk(run, cursor=cursor, is_trial=True, actor=actor, at=at or clock.now())
        if step.finished:
            break
        cursor = step.cursor
    run.refresh_from_db()
    return report_of(run=run, is_trial=True)


@transaction.atomic
def start_trial(*, run: ImportRun, actor: User | None) -> BackgroundJob:
    """
    Try an import in the background, with the rights of ``actor``.

    :raises ImportNotReady: when it was applied already, or is being tried
    """
    run = ImportRun.objects.select_for_update().get(pk=run.pk)
    _require_open(run)
    run.trial_job = start_job(
        kind=KIND,
        label=f"Try the import of {run.file_name}",
        params={"run": run.pk, "trial": True},
        total=run.items_total,
        actor=actor,
    )
    run.save(update_fields=["trial_job"])
    return run.trial_job


@transaction.atomic
def start_import(*, run: ImportRun, actor: User | None, inline: bool = False) -> BackgroundJob:
    """
    Apply an import in the background, once; chunk by chunk, each whole or not at all.

    :param inline: the caller runs the job itself (``run_inline``)
    :raises ImportNotReady: when it was started already
    """
    run = ImportRun.objects.select_for_update().get(pk=run.pk)
    _require_open(run)
    job = start_job(
        kind=KIND,
        label=f"Import {run.file_name}",
        params={"run": run.pk, "trial": False},
        total=run.items_total,
        actor=actor,
        inline=inline,
    )
    run.job = job
    run.save(update_fields=["job"])
    return job


def _require_unapplied(run: ImportRun) -> None:
    if run.job_id is not None or run.applied_at is not None:
        raise ImportNotReady()


def _require_open(run: ImportRun) -> None:
    _require_unapplied(run)
    if run.trial_job is not None and run.trial_job.is_open:
        # Both would write what became of the same rows.
        raise ImportNotReady("A dry run of this import is at work: wait for its end, or cancel it.")


def _prepare(job: BackgroundJob) -> None:
    run = ImportRun.objects.get(pk=job.params["run"])
    fetch_ahead(run, cursor=job.cursor, is_trial=job.params["trial"])


def fetch_ahead(run: ImportRun, *, cursor: Any, is_trial: bool) -> None:
    """Fetch and look at the pictures that the next chunk names, outside of its transaction."""
    place = cursor or {"phase": "items", "position": 0}
    if place["phase"] != "items":
        return
    texts = set()
    items = run.items.filter(position__gt=place["position"]).order_by("position")
    for item in items[: CHUNK if run.kind == ImportRun.Kind.PRODUCTS else None]:
        texts |= find_texts(item)
    prepare_pictures(texts, run=run, is_trial=is_trial)


@job_step(KIND, prepare=_prepare)
def import_chunk(job: BackgroundJob, at: datetime) -> Step:
    """The next chunk of a trial or an import."""
    run = ImportRun.objects.get(pk=job.params["run"])
    if job.params["trial"]:
        # A dry run that is resumed late must not write over the report of what was applied.
        _require_unapplied(run)
    actor = User.objects.filter(pk=job.created_by_id).first() if job.created_by_id else None
    return do_chunk(run, cursor=job.cursor, is_trial=job.params["trial"], actor=actor, at=at)


def do_chunk(run: ImportRun, *, cursor: Any, is_trial: bool, actor: User | None, at: datetime) -> Step:
    """Try or apply the next items of an import, inside the caller's transaction."""
    place = cursor or {"phase": "items", "position": 0}
    if run.kind == ImportRun.Kind.CATEGORIES:
        return _finish(
            run, rows=apply_categories(run, actor=actor, at=at, is_trial=is_trial), is_trial=is_trial, at=at
        )
    is_last_look = place["phase"] == "links"
    items = run.items.filter(position__gt=place["position"]).order_by("position")
    if is_last_look:
        items = items.filter(is_deferred=True)
    chunk = list(items[:CHUNK])
    if not chunk:
        # In a trial nothing of the file exists, so that what names it cannot be looked up.
        if is_last_look or is_trial or not run.items.filter(is_deferred=True).exists():
            return _finish(run, rows=(), is_trial=is_trial, at=at)
        return Step(cursor={"phase": "links", "position": 0})
    rows = apply_chunk(run, chunk, actor=actor, at=at, is_trial=is_trial, is_last_look=is_last_look)
    return Step(
        cursor={"phase": place["phase"], "position": chunk[-1].position},
        rows=rows,
        done=0 if is_last_look else len(chunk),
    )


def _finish(run: ImportRun, *, rows: Sequence[RowResult], is_trial: bool, at: datetime) -> Step:
    if is_trial:
        run.tried_at = at
    else:
        run.applied_at = at
        claims = ImportClaim.objects.filter(run=run)
        claims._raw_delete(claims.db)
    run.save(update_fields=["tried_at", "applied_at"])
    counts = report_of(run=run, is_trial=is_trial).counts
    return Step(cursor=None, rows=rows, finished=True, result={"counts": counts})


def delete_old_imports(*, older_than: timedelta = RETENTION, limit: int = 20) -> int:
    """Delete what was staged longer ago than ``older_than``, at most ``limit`` files; return how many."""
    old = ImportRun.objects.filter(created_at__lt=clock.now() - older_than).order_by("created_at")
    doomed = list(old[:limit])
    for run in doomed:
        delete_import(run=run)
    return len(doomed)


@transaction.atomic
def delete_import(*, run: ImportRun) -> None:
    """Delete what was staged, with its report and its archive of pictures; the catalogue stays as it is."""
    for model in (ImportClaim, ImportItem, FetchedPicture):
        # Listeners of post_delete would make Django load every row.
        rows = model._default_manager.filter(run=run)
        rows._raw_delete(rows.db)
    ImportRun.objects.filter(pk=run.pk).delete()
    if run.pictures_path:
        # Not before the commit: what is rolled back still needs it.
        transaction.on_commit(partial(forget_file, run.pictures_path))
