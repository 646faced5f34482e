"""Exports that are too large for one request: written in the background, fetched when they are ready."""

from __future__ import annotations

import tempfile
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, BinaryIO, Final, cast

from django.core.files.base import File
from django.db import transaction

from shop.core import clock
from shop.core.jobs import Step, job_step, start_job
from shop.core.models import BackgroundJob
from shop.customers.models import User
from shop.spreadsheets.errors import ExportRefused
from shop.spreadsheets.models import ExportFile, ImportRun
from shop.spreadsheets.private_files import forget_file, keep_file, open_file
from shop.spreadsheets.services.exports import ExportFilter, export, list_exported

if TYPE_CHECKING:
    from collections.abc import Callable

KIND: Final = "spreadsheets.export"
FOLDER: Final = "exports"
RETENTION: Final = timedelta(days=7)
# Up to so many products are written while the person waits.
AT_ONCE: Final = 500
# What an export holds in memory before it goes to a file, in bytes.
IN_MEMORY: Final = 5 * 1024 * 1024


class _Cancelled(Exception):
    """Somebody has cancelled the export while it was written."""


def is_large(*, kind: str, filters: ExportFilter, actor: User) -> bool:
    """Whether an export is better written in the background."""
    if kind != ImportRun.Kind.PRODUCTS:
        return False
    return len(list_exported(filters, actor=actor).values_list("pk")[: AT_ONCE + 1]) > AT_ONCE


def write_export(
    *,
    kind: str,
    file_format: str,
    filters: ExportFilter,
    actor: User | None,
    on_progress: Callable[[int], None] | None = None,
) -> tuple[BinaryIO, int]:
    """
    Write an export into a file of its own, which the caller closes; the file, and how much is in it.

    :raises ExportRefused: when nothing is found, or for a text that XLSX cannot hold
    """
    # Closed by whoever sends or keeps it.
    file = cast("BinaryIO", tempfile.SpooledTemporaryFile(max_size=IN_MEMORY))  # noqa: SIM115
    try:
        count = export(
            file=file,
            file_format=file_format,
            kind=kind,
            filters=filters,
            actor=actor,
            on_progress=on_progress,
        )
        if not count:
            raise ExportRefused("Nothing fits these conditions: choose fewer of them.")
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file, count


@transaction.atomic
def start_export(
    *, kind: str, file_format: str, filters: ExportFilter, label: str, actor: User
) -> ExportFile:
    """Write an export in the background, with the rights of ``actor``."""
    total = None
    if kind == ImportRun.Kind.PRODUCTS:
        total = list_exported(filters, actor=actor).order_by().values("pk").distinct().count()
    made = ExportFile.objects.create(
        kind=kind,
        file_format=file_format,
        filters=asdict(filters),
        label=label[:255],
        created_by=actor,
    )
    made.job = start_job(
        kind=KIND, label=f"Export {label}", params={"export": made.pk}, total=total, actor=actor
    )
    made.save(update_fields=["job"])
    return made


def _write(job: BackgroundJob) -> None:
    """
    Write the file, outside of any transaction: on SQLite nobody else could write meanwhile.

    Who is killed here leaves nothing; the next one begins anew.
    """
    made = ExportFile.objects.get(pk=job.params["export"])
    if made.path:
        return
    actor = User.objects.filter(pk=job.created_by_id).first() if job.created_by_id else None
    if actor is None:
        raise ExportRefused("Whoever asked for this export is no longer there.")
    mine = BackgroundJob.objects.filter(pk=job.pk, lease_token=job.lease_token)

    def tell(count: int) -> None:
        # Of a job that another worker has taken over there is nothing to tell.
        mine.update(done=count)
        if not mine.filter(cancel_requested_at__isnull=True).exists():
            raise _Cancelled

    try:
        file, count = write_export(
            kind=made.kind,
            file_format=made.file_format,
            filters=ExportFilter(**made.filters),
            actor=actor,
            on_progress=tell,
        )
    except _Cancelled:
        return
    with file:
        made.path = keep_file(File(file, name=made.file_name), folder=FOLDER)
        made.size = file.tell()
    made.count = count
    made.save(update_fields=["path", "size", "count"])


@job_step(KIND, prepare=_write)
def finish_export(job: BackgroundJob, at: datetime) -> Step:
    """The file is there, or the export was cancelled while it was written."""
    made = ExportFile.objects.get(pk=job.params["export"])
    if not made.path:
        return Step(cursor=None)
    done = max(made.count - job.done, 0)
    return Step(cursor=None, finished=True, done=done, total=made.count, result={"products": made.count})


def open_export(made: ExportFile) -> File[bytes]:
    """
    Open the file of an export.

    :raises FileNotFoundError: when it has been deleted
    """
    return open_file(made.path)


def delete_old_exports(*, older_than: timedelta = RETENTION, limit: int = 100) -> int:
    """Delete exports that were asked for longer ago than ``older_than``; return how many."""
    old = ExportFile.objects.filter(created_at__lt=clock.now() - older_than).order_by("created_at")
    doomed = list(old[:limit])
    for made in doomed:
        forget_file(made.path)
        made.delete()
    return len(doomed)
