"""Archives that somebody made to do harm: refused whole, with the reason, before they are unpacked."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from PIL import Image

from shop.spreadsheets import archives
from shop.spreadsheets.archives import Archive
from shop.spreadsheets.errors import UnreadableFile
from shop.spreadsheets.models import ImportRun
from tests.factories.catalogue import TaxClassFactory, product_index
from tests.spreadsheets.files_of import csv_of, picture, problems_of, staged, tried, zip_of

OAK = picture()


def opened(content: bytes) -> Archive:
    return Archive(io.BytesIO(content))


def with_entry(change: Callable[[zipfile.ZipInfo], None], name: str = "lamp.png") -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        entry = zipfile.ZipInfo(name)
        change(entry)
        archive.writestr(entry, OAK)
    return packed.getvalue()


def linked(entry: zipfile.ZipInfo) -> None:
    entry.create_system = 3
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16


def encrypted() -> bytes:
    content = bytearray(zip_of({"lamp.png": OAK}))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + place] |= 1
    return bytes(content)


def claiming(size: int) -> bytes:
    """An archive whose directory says that its picture unpacks to ``size`` bytes."""
    content = bytearray(zip_of({"lamp.png": OAK}, packing=zipfile.ZIP_DEFLATED))
    struct.pack_into("<L", content, content.index(b"PK\x01\x02") + 24, size)
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "no ZIP file"),
        (b"PK\x03\x04" + b"\x00" * 100, "no ZIP file"),
        (OAK, "no ZIP file"),
        (zip_of({"lamp.png": OAK})[:-30], "no ZIP file"),
        (zip_of({}), "is empty"),
        (zip_of({".DS_Store": b"x", "__MACOSX/lamp.png": OAK}), "is empty"),
        (zip_of({"../lamp.png": OAK}), "outside of it"),
        (zip_of({"desk/../../lamp.png": OAK}), "outside of it"),
        (zip_of({"/etc/lamp.png": OAK}), "outside of it"),
        (zip_of({"..\\lamp.png": OAK}), "outside of it"),
        (zip_of({"C:\\lamp.png": OAK}), "outside of it"),
        (zip_of({f"{'deep/' * 25}lamp.png": OAK}), "outside of it"),
        (with_entry(linked), "link to a file"),
        (encrypted(), "has a password"),
        (zip_of({"lamp.png": OAK, "more.zip": zip_of({"lamp.png": OAK})}), "archive in the archive"),
        (zip_of({"lamp.png": b"\0" * 5_000_000}, packing=zipfile.ZIP_DEFLATED), "far more than it holds"),
        (claiming(3 * 1024**3), "far more than it holds"),
    ],
    ids=range(17),
)
def test_an_archive_that_could_do_harm_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFile, match=reason):
        opened(content)


def test_too_many_files_are_refused() -> None:
    content = zip_of({f"{number}.png": b"" for number in range(archives.MAX_ENTRIES + 1)})

    with pytest.raises(UnreadableFile, match="more than 10000 files"):
        opened(content)


def test_a_directory_of_a_gigabyte_is_refused_before_it_is_read() -> None:
    content = bytearray(zip_of({"lamp.png": OAK}))
    # The end of the directory says how long it is.
    struct.pack_into("<L", content, content.index(b"PK\x05\x06") + 12, 1_000_000_000)

    with pytest.raises(UnreadableFile):
        opened(b"\0" * archives.MAX_DIRECTORY + bytes(content))


def test_files_that_unpack_to_too_much_together_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_UNPACKED", 2 * len(OAK))

    with pytest.raises(UnreadableFile, match="more than 2 GB"):
        opened(zip_of({"a.png": OAK, "b.png": OAK, "c.png": OAK}))


def test_an_archive_that_is_too_large_is_refused_without_being_opened(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(archives, "MAX_BYTES", 100)

    with pytest.raises(UnreadableFile, match="more than 1 GB"):
        opened(zip_of({"lamp.png": OAK}))


def test_a_picture_of_too_many_bytes_is_refused_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MOST_BYTES", 100)
    with opened(zip_of({"lamp.png": OAK})) as archive:
        entry = archive.find("lamp.png")
        assert entry is not None
        with pytest.raises(ValueError, match="save it smaller"):
            archive.read(entry)


def test_a_file_that_lies_about_its_size_is_read_no_further_than_it_said() -> None:
    with opened(claiming(10)) as archive:
        entry = archive.find("lamp.png")
        assert entry is not None
        with pytest.raises(ValueError, match="damaged"):
            archive.read(entry)


@pytest.mark.parametrize("seed", range(40))
def test_damaged_archives_give_a_reason_and_no_crash(seed: int) -> None:
    content = bytearray(zip_of({"lamp.png": OAK, "b/ash.png": OAK}, packing=zipfile.ZIP_DEFLATED))
    for step in range(6):
        place = zlib.crc32(f"{seed}:{step}".encode())
        content[place % len(content)] = place >> 24

    with suppress(UnreadableFile, ValueError), opened(bytes(content)) as archive:
        entry = archive.find("lamp.png")
        if entry is not None:
            assert len(archive.read(entry)) == entry.file_size


@pytest.mark.django_db
def test_a_refused_archive_keeps_nothing_and_the_command_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    product_index()
    TaxClassFactory(code="standard")
    goods, pictures = tmp_path / "goods.csv", tmp_path / "pictures.zip"
    goods.write_bytes(csv_of({"handle": "lamp", "title": "Lamp"}))
    pictures.write_bytes(encrypted())

    with pytest.raises(SystemExit) as left:
        call_command("import_products", str(goods), "--pictures", str(pictures))

    assert left.value.code == 2
    assert "has a password" in capsys.readouterr().err
    assert not ImportRun.objects.exists()


@pytest.mark.django_db
def test_an_archive_with_too_many_pixels_is_refused_by_the_product() -> None:
    product_index()
    TaxClassFactory(code="standard")
    drawn = io.BytesIO()
    Image.new("1", (9000, 9000)).save(drawn, "PNG")
    row: dict[str, Any] = {"handle": "lamp", "title": "Lamp", "image.1.src": "bomb.png"}

    report = tried(csv_of(row), pictures=zip_of({"bomb.png": drawn.getvalue()}))

    assert problems_of(report) == [(2, "image.1.src", "unknown_picture")]
    assert staged(csv_of(row), pictures=zip_of({"lamp.png": OAK})).pictures_path
