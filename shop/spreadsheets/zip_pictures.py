"""
Pictures from a ZIP that came with the file: looked at before a chunk, used inside of it.

The archive lies in the private storage, with the run. What a trial has looked at is only remembered; a real
run puts the files of its next chunk where the library keeps its own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, Final, cast

from django.core.files import File

from shop.spreadsheets.archives import Archive
from shop.spreadsheets.models import FetchedPicture
from shop.spreadsheets.pending import Pending
from shop.spreadsheets.picture_files import answer, find_twins, look_at, store, title_of
from shop.spreadsheets.pictures import ID, is_address
from shop.spreadsheets.private_files import keep_file, open_file

if TYPE_CHECKING:
    from shop.spreadsheets.models import ImportRun

FOLDER: Final = "imports"


def keep_archive(pictures: BinaryIO) -> str:
    """
    Keep an archive with a run; return its name in the private storage.

    :raises UnreadableFile: for what is no harmless ZIP; nothing is kept then
    """
    with Archive(pictures):
        pass
    pictures.seek(0)
    return keep_file(File(pictures), folder=FOLDER)


class ZipPictures:
    """Answers for the names that stand in the archive of the run."""

    def accepts(self, text: str) -> bool:
        """Whatever could be the name of a file."""
        return not is_address(text) and not ID.fullmatch(text)

    def prepare(self, texts: Collection[str], *, run: ImportRun, is_trial: bool) -> None:
        """Look at the pictures that the archive has of these, each once; a real run stores them, too."""
        if not run.pictures_path or not texts:
            return
        with _opened(run) as archive:
            _look_at_new(archive, texts, run=run)
            if not is_trial:
                _store_used(archive, texts, run=run)

    def resolve(self, texts: Collection[str], *, run: ImportRun) -> Mapping[str, int | str | Pending]:
        """What the archive has; the other texts are left to the library."""
        if not run.pictures_path:
            return {}
        return answer({row.address: row for row in _rows(texts, run=run)})


@contextmanager
def _opened(run: ImportRun) -> Iterator[Archive]:
    with open_file(run.pictures_path) as file, Archive(cast("BinaryIO", file)) as archive:
        yield archive


def _key(text: str, run: ImportRun) -> str:
    return hashlib.sha256(f"{run.public_id}/{text}".encode()).hexdigest()


def _rows(texts: Collection[str], *, run: ImportRun) -> list[FetchedPicture]:
    return list(FetchedPicture.objects.filter(key__in=[_key(text, run) for text in texts]))


def _look_at_new(archive: Archive, texts: Collection[str], *, run: ImportRun) -> None:
    known = {row.address for row in _rows(texts, run=run)}
    rows = (_look_at(archive, text, run) for text in sorted(set(texts) - known))
    # Another worker may have been quicker; the content is the same.
    FetchedPicture.objects.bulk_create([row for row in rows if row is not None], ignore_conflicts=True)


def _look_at(archive: Archive, text: str, run: ImportRun) -> FetchedPicture | None:
    """What the archive has under a name; ``None`` when it has nothing."""
    row = FetchedPicture(key=_key(text, run), address=text, run=run, title=title_of(text.replace("\\", "/")))
    try:
        entry = archive.find(text)
        if entry is None:
            return None
        looked = look_at(archive.read(entry))
    except ValueError as error:
        row.problem = str(error)[:255]
        return row
    for name, value in looked.as_fields(path=looked.path).items():
        setattr(row, name, value)
    return row


def _store_used(archive: Archive, texts: Collection[str], *, run: ImportRun) -> None:
    rows = [row for row in _rows(texts, run=run) if not row.problem]
    twins = find_twins({row.file_hash for row in rows})
    for row in rows:
        if row.file_hash in twins:
            continue
        entry = archive.find(row.address)
        assert entry is not None  # noqa: S101
        path = store(archive.read(entry), path=row.path)
        if path != row.path:
            FetchedPicture.objects.filter(pk=row.pk).update(path=path)
