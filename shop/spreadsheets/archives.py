"""
Opening a ZIP of pictures without trusting it.

What it holds is known from its directory before anything is unpacked; nothing is ever written under a
name of its own; each picture is read by itself and only as far as pictures may go.
"""

from __future__ import annotations

import io
import re
import stat
import unicodedata
import zipfile
import zlib
from collections import defaultdict
from pathlib import PurePosixPath
from types import TracebackType
from typing import Any, BinaryIO, Final, Self

from shop.spreadsheets.errors import UnreadableFile
from shop.spreadsheets.picture_files import MOST_BYTES

MAX_BYTES: Final = 1024 * 1024 * 1024
MAX_ENTRIES: Final = 10_000
MAX_UNPACKED: Final = 2 * 1024 * 1024 * 1024
# The directory of so many pictures; it is held in memory.
MAX_DIRECTORY: Final = 4 * 1024 * 1024
# Pictures are packed in themselves and hardly pack further; a bomb packs to a thousandth.
MAX_RATIO: Final = 200
SMALL: Final = 1024 * 1024
MAX_DEPTH: Final = 20

_NESTED: Final = frozenset({".zip", ".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".jar"})
# What systems leave in archives beside what was put there.
_LITTER: Final = frozenset({"thumbs.db", "desktop.ini"})
_DRIVE: Final = re.compile(r"[A-Za-z]:")
_UTF8_NAME: Final = 0x800
_ENCRYPTED: Final = 0x1
_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    KeyError,
    IndexError,
    NotImplementedError,
    RuntimeError,
)


class Archive:
    """
    A ZIP of pictures, open to be read.

    :raises UnreadableFile: for what is no ZIP, or no harmless one; nothing of it has been unpacked then
    """

    def __init__(self, file: BinaryIO) -> None:
        size = file.seek(0, io.SEEK_END)
        file.seek(0)
        if size > MAX_BYTES:
            raise UnreadableFile("The archive of pictures has more than 1 GB. Split the import in two.")
        guarded = _Guarded(file)
        try:
            self._zip = zipfile.ZipFile(guarded)
            entries = self._zip.infolist()
        except _BROKEN as error:
            raise UnreadableFile("The archive of pictures is damaged, or no ZIP file.") from error
        guarded.most = None
        _check(entries)
        self._by_path: dict[str, list[tuple[str, zipfile.ZipInfo]]] = defaultdict(list)
        self._by_end: dict[str, list[tuple[str, zipfile.ZipInfo]]] = defaultdict(list)
        for entry in entries:
            path = _path_of(entry)
            if not entry.is_dir() and not _is_litter(path):
                self._remember(path, entry)
        if not self._by_path:
            raise UnreadableFile("The archive of pictures is empty.")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._zip.close()

    def _remember(self, path: str, entry: zipfile.ZipInfo) -> None:
        parts = path.casefold().split("/")
        self._by_path["/".join(parts)].append((path, entry))
        for start in range(1, len(parts)):
            self._by_end["/".join(parts[start:])].append((path, entry))

    def find(self, name: str) -> zipfile.ZipInfo | None:
        """
        The file that a cell names: ``lamp.jpg`` may lie in any folder, ``desk/lamp.jpg`` in one called desk.

        Capitals do not count, unless they tell two files apart.

        :raises ValueError: with a sentence, when it could be several
        """
        wanted = _tidy(name)
        key = wanted.casefold()
        found = self._by_path.get(key) or self._by_end.get(key) or []
        if len(found) > 1:
            found = [held for held in found if f"/{held[0]}".endswith(f"/{wanted}")]
            if len(found) != 1:
                raise ValueError(
                    f"Several pictures of the archive are called “{name[:60]}”: write the folder before it."
                )
        return found[0][1] if found else None

    def read(self, entry: zipfile.ZipInfo) -> bytes:
        """:raises ValueError: with a sentence, for what is too large or damaged"""
        if entry.file_size > MOST_BYTES:
            raise ValueError(f"The picture has more than {MOST_BYTES // 1_000_000} MB: save it smaller.")
        try:
            with self._zip.open(entry) as held:
                return held.read(MOST_BYTES)
        except _BROKEN as error:
            raise ValueError("The picture is damaged inside of the archive: pack it once more.") from error


class _Guarded:
    """A file that hands out no more at once than ``most``: zipfile reads a directory whole, however long."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.most: int | None = MAX_DIRECTORY

    def read(self, size: int = -1) -> bytes:
        if self.most is None:
            return self._file.read(size)
        content = self._file.read(self.most + 1 if size < 0 else min(size, self.most + 1))
        if len(content) > self.most:
            raise UnreadableFile(f"The archive of pictures holds more than {MAX_ENTRIES} files. Split it.")
        return content

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


def _check(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MAX_ENTRIES:
        raise UnreadableFile(f"The archive of pictures holds more than {MAX_ENTRIES} files. Split it.")
    for entry in entries:
        _check_entry(entry, _path_of(entry))
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise UnreadableFile("The archive of pictures unpacks to more than 2 GB, and was not opened.")


def _check_entry(entry: zipfile.ZipInfo, path: str) -> None:
    shown = path[:60]
    parts = path.split("/")
    if path.startswith("/") or ".." in parts or _DRIVE.match(path) or len(parts) > MAX_DEPTH:
        raise UnreadableFile(f"The archive holds “{shown}”, which would lie outside of it. Pack it anew.")
    if entry.flag_bits & _ENCRYPTED:
        raise UnreadableFile("The archive of pictures has a password. Pack it without one.")
    if stat.S_IFMT(entry.external_attr >> 16) == stat.S_IFLNK:
        raise UnreadableFile(f"“{shown}” in the archive is a link to a file. Put the file itself there.")
    if PurePosixPath(path).suffix.lower() in _NESTED:
        raise UnreadableFile(f"“{shown}” is an archive in the archive. Put its pictures there instead.")
    if entry.file_size > SMALL and entry.file_size / max(entry.compress_size, 1) > MAX_RATIO:
        raise UnreadableFile(f"“{shown}” unpacks to far more than it holds; the archive was not opened.")


def _path_of(entry: zipfile.ZipInfo) -> str:
    name = entry.filename
    if not entry.flag_bits & _UTF8_NAME:
        # The Finder writes UTF-8 without saying so; Windows writes the code page that zipfile assumes.
        try:
            name = name.encode("cp437").decode()
        except UnicodeError:
            name = entry.filename
    return unicodedata.normalize("NFC", name.replace("\\", "/"))


def _tidy(name: str) -> str:
    return unicodedata.normalize("NFC", name.strip().replace("\\", "/")).removeprefix("./")


def _is_litter(path: str) -> bool:
    parts = path.split("/")
    return "__MACOSX" in parts or parts[-1].startswith(".") or parts[-1].lower() in _LITTER
