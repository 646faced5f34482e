"""Imports by programs: one call sends a file and starts its dry run, the next applies it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.files.base import File

from shop.spreadsheets.errors import ImportNotTried
from shop.spreadsheets.models import ImportRun, ImportUpload
from shop.spreadsheets.options import ImportOptions
from shop.spreadsheets.selectors import ImportState
from shop.spreadsheets.services.imports import start_import
from shop.spreadsheets.services.uploads import begin_reading, discard_upload, receive_upload

if TYPE_CHECKING:
    from shop.core.models import BackgroundJob
    from shop.customers.models import User


def send_import(
    *,
    file: File[Any],
    kind: str,
    mapping: str,
    options: ImportOptions,
    actor: User,
    pictures: File[Any] | None = None,
) -> ImportUpload:
    """
    Keep a file, read it, and try it in the background; a large one is read there as well.

    :raises UnreadableFile: for a file that is no table, or not a harmless one; nothing is kept then
    :raises UnknownColumns: for headers that name no product
    """
    upload = receive_upload(
        file=file,
        name=file.name or "file",
        kind=kind,
        mapping=mapping,
        options=options,
        actor=actor,
        pictures=pictures,
    )
    try:
        return begin_reading(upload=upload, actor=actor)
    except BaseException:
        discard_upload(upload=upload)
        raise


def apply_import(*, run: ImportRun, actor: User) -> BackgroundJob:
    """
    Apply, in the background, an import that the same person has tried.

    :param run: of :func:`list_imports`, which says how it stands
    :raises ImportNotTried: while its dry run is not over, or is somebody else's
    :raises ImportNotReady: when it was started already
    """
    trial = run.trial_job
    is_mine = trial is None or trial.created_by_id == actor.pk
    if run.job_id is None and not (run.state == ImportState.TRIED and is_mine):  # type: ignore[attr-defined]
        raise ImportNotTried("Wait until its dry run is over, or send the file yourself.")
    return start_import(run=run, actor=actor)
