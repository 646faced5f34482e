"""From a file that somebody sends to an import: kept, looked at, its columns chosen, read and tried."""

from __future__ import annotations

import io
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from django.core.files.base import File
from django.db import transaction

from shop.core import clock
from shop.core.jobs import Step, job_step, start_job
from shop.core.models import BackgroundJob
from shop.customers.models import User
from shop.spreadsheets.column_words import NAMING, guess_columns, list_column_groups
from shop.spreadsheets.columns import find_columns
from shop.spreadsheets.errors import UnreadableFile
from shop.spreadsheets.lookups import Lookups
from shop.spreadsheets.mappings import remember_mapping, signature_of
from shop.spreadsheets.models import ColumnMapping, ImportRun, ImportUpload
from shop.spreadsheets.options import ImportOptions
from shop.spreadsheets.private_files import forget_file, keep_file, open_file
from shop.spreadsheets.services.imports import start_trial
from shop.spreadsheets.services.staging import stage_import
from shop.spreadsheets.shopify import is_shopify
from shop.spreadsheets.tables import read_table

if TYPE_CHECKING:
    from datetime import datetime

KIND: Final = "spreadsheets.read"
FOLDER: Final = "uploads"
RETENTION: Final = timedelta(days=7)
SAMPLES: Final = 4
LONGEST_SAMPLE: Final = 80
# Larger files are read in the background; this much takes some seconds.
READ_AT_ONCE: Final = 3 * 1024 * 1024


def receive_upload(
    *,
    file: File[Any],
    name: str,
    kind: str,
    mapping: str,
    options: ImportOptions,
    actor: User,
    pictures: File[Any] | None = None,
) -> ImportUpload:
    """
    Keep a file that was sent, and look at its headers and first rows.

    :raises UnreadableFile: for a file that is no table; nothing is kept then
    """
    path = keep_file(file, folder=FOLDER)
    pictures_path = ""
    try:
        headers, samples = _look_into(path, name)
        if pictures is not None:
            pictures_path = keep_file(pictures, folder=FOLDER)
        return ImportUpload.objects.create(
            kind=kind,
            file_name=name[-255:],
            path=path,
            pictures_path=pictures_path,
            size=file.size or 0,
            mapping=mapping,
            headers=headers,
            samples=samples,
            params=options.as_json(),
            created_by=actor,
        )
    except BaseException:
        forget_file(path)
        forget_file(pictures_path)
        raise


def _look_into(path: str, name: str) -> tuple[list[str], list[list[str]]]:
    with open_file(path) as file:
        table = read_table(_raw(file), name=name)
        rows = [cells for _, cells in islice(table.rows, SAMPLES)]
        if not rows:
            raise UnreadableFile(f"{name} has headers and no rows.")
        return table.headers, [[cell[:LONGEST_SAMPLE] for cell in cells] for cells in rows]


def _raw(file: File[Any]) -> Any:
    # What reads CSV asks for more than Django's wrapper offers.
    return file.file if isinstance(file.file, io.IOBase) else file


def needs_columns(upload: ImportUpload) -> bool:
    """
    Whether somebody has to say what the headers mean: none names the goods, or some go by other names.

    Headers of which nobody would guess anything are left out without asking; the report says so.
    """
    headers = [header for header in upload.headers if header]
    if upload.columns is not None or upload.mapping:
        return upload.mapping == ColumnMapping.Format.NEXUS and not _known(upload, headers)[1]
    if ColumnMapping.objects.filter(signature=signature_of(headers, kind=upload.kind)).exists():
        return False
    if upload.kind == ImportRun.Kind.PRODUCTS and is_shopify(headers):
        return False
    known, names_goods = _known(upload, headers)
    if not names_goods:
        return True
    guesses = guess_columns([*sorted(known), *headers], list_column_groups(upload.kind))
    return any(guesses[header] for header in headers if header.lower() not in known)


def _known(upload: ImportUpload, headers: list[str]) -> tuple[set[str], bool]:
    """The headers that are our own names, and whether one of them names the goods."""
    names = [header.lower() for header in headers]
    if upload.kind == ImportRun.Kind.PRODUCTS:
        known = set(find_columns(names, Lookups()))
    else:
        ours = {column.name for group in list_column_groups(upload.kind) for column in group.columns}
        known = {name for name in names if name in ours}
    return known, bool(known & set(NAMING[upload.kind]))


def choose_columns(*, upload: ImportUpload, columns: Mapping[str, str], name: str = "") -> ImportUpload:
    """Say what each header means: for this file, or with a name for every file with these headers."""
    if name:
        remember_mapping(name=name, headers=upload.headers, columns=columns, kind=upload.kind)
    upload.mapping, upload.columns = name, None if name else dict(columns)
    upload.save(update_fields=["mapping", "columns"])
    return upload


def begin_reading(*, upload: ImportUpload, actor: User) -> ImportUpload:
    """
    Read the file, now if it is small and in the background if it is large, and start its dry run.

    :raises UnreadableFile: for a small file that is broken further down
    :raises UnknownColumns: when nothing says which goods a row is of
    """
    if upload.size <= READ_AT_ONCE:
        _read(upload, actor=actor)
        return upload
    upload.job = start_job(
        kind=KIND, label=f"Read {upload.file_name}", params={"upload": upload.pk}, actor=actor
    )
    upload.save(update_fields=["job"])
    return upload


@transaction.atomic
def _read(upload: ImportUpload, *, actor: User | None) -> ImportRun:
    with ExitStack() as files:
        pictures = files.enter_context(open_file(upload.pictures_path)) if upload.pictures_path else None
        upload.run = stage_import(
            file=_raw(files.enter_context(open_file(upload.path))),
            pictures=_raw(pictures) if pictures is not None else None,
            # The first import that is read from it goes by its name, which the sender knows already.
            public_id=upload.public_id if upload.run_id is None else None,
            name=upload.file_name,
            kind=upload.kind,
            mapping=upload.mapping,
            columns=upload.columns,
            options=ImportOptions.from_json(upload.params),
            actor=actor,
        )
    upload.save(update_fields=["run"])
    start_trial(run=upload.run, actor=actor)
    return upload.run


@job_step(KIND)
def read_upload(job: BackgroundJob, at: datetime) -> Step:
    """Read a large file whole: it is kept whole or not at all."""
    upload = ImportUpload.objects.get(pk=job.params["upload"])
    actor = User.objects.filter(pk=job.created_by_id).first() if job.created_by_id else None
    run = _read(upload, actor=actor)
    return Step(cursor=None, finished=True, total=run.rows, done=run.rows, result={"run": run.pk})


def discard_upload(*, upload: ImportUpload) -> None:
    """Forget a file that was sent; what was read from it stays."""
    forget_file(upload.path)
    forget_file(upload.pictures_path)
    upload.delete()


def delete_old_uploads(*, older_than: timedelta = RETENTION, limit: int = 100) -> int:
    """Forget what was sent longer ago than ``older_than``, at most ``limit`` files; return how many."""
    old = ImportUpload.objects.filter(created_at__lt=clock.now() - older_than).order_by("created_at")
    doomed = list(old[:limit])
    for upload in doomed:
        discard_upload(upload=upload)
    return len(doomed)
