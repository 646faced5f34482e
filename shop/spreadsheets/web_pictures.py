"""
Pictures by address: fetched before a chunk and outside of its transaction, used inside of it.

Whatever an address gives is looked at as a picture before it is kept: its kind is what its content says,
and its size is bounded, in bytes and in pixels.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from django.core.files.base import ContentFile
from django.db import transaction
from PIL import Image, UnidentifiedImageError
from wagtail.images import get_image_model
from wagtail.images.models import AbstractImage
from wagtail.models import Collection as MediaCollection

from shop.core import clock
from shop.core.fetching import FetchRefused, fetch
from shop.spreadsheets.cells import split_list
from shop.spreadsheets.models import FetchedPicture

if TYPE_CHECKING:
    from shop.spreadsheets.models import ImportItem, ImportRun

MOST_BYTES: Final = 20_000_000
MOST_PIXELS: Final = 60_000_000
AT_ONCE: Final = 4
# What browsers draw and no script can hide in; the endings that the files get.
KINDS: Final = {"JPEG": "jpg", "PNG": "png", "GIF": "gif", "WEBP": "webp", "AVIF": "avif"}
PICTURE_COLUMN: Final = re.compile(r"image\.[1-9][0-9]?\.src")
NO_PICTURE = "The address gives no picture: use JPEG, PNG, GIF, WebP or AVIF."


@dataclass(frozen=True, slots=True)
class Looked:
    """A picture that was looked at: its file's ending and its size in pixels."""

    ending: str
    width: int
    height: int


def look_at(content: bytes) -> Looked:
    """
    Tell what a file is by its content alone.

    :raises ValueError: with a sentence, if it is no picture that browsers draw, or too large
    """
    try:
        with Image.open(BytesIO(content), formats=list(KINDS)) as picture:
            width, height = picture.size
            if width * height > MOST_PIXELS:
                raise ValueError(f"The picture has {width} by {height} pixels, which is too many.")
            picture.verify()
            return Looked(KINDS[picture.format or ""], width, height)
    except (UnidentifiedImageError, OSError, SyntaxError, KeyError, Image.DecompressionBombError) as error:
        raise ValueError(NO_PICTURE) from error


def key_of(address: str) -> str:
    """What an address is kept under."""
    return hashlib.sha256(address.encode()).hexdigest()


class WebPictures:
    """Answers for addresses, from what was fetched for them."""

    def accepts(self, text: str) -> bool:
        """Every address."""
        return is_address(text)

    def resolve(self, texts: Collection[str], *, run: ImportRun) -> Mapping[str, int | str]:
        """The library's picture for each address, made here when it is not there yet."""
        keys = {key_of(text): text for text in texts}
        held = {row.key: row for row in FetchedPicture.objects.filter(key__in=keys)}
        library = get_image_model()
        hashes = {row.file_hash for row in held.values() if row.file_hash}
        known = dict(
            library.objects.filter(file_hash__in=hashes).order_by("-pk").values_list("file_hash", "pk")
        )
        found: dict[str, int | str] = {}
        for key, text in keys.items():
            row = held.get(key)
            if row is None:
                found[text] = f"“{text[:60]}” has not been fetched yet: try once more."
            elif row.problem:
                found[text] = row.problem
            else:
                if row.file_hash not in known:
                    known[row.file_hash] = _make_picture(row).pk
                found[text] = known[row.file_hash]
        return found


def _make_picture(row: FetchedPicture) -> AbstractImage:
    picture = get_image_model()(
        title=row.title,
        file=row.path,
        width=row.width,
        height=row.height,
        file_size=row.file_size,
        file_hash=row.file_hash,
        collection=MediaCollection.get_first_root_node(),
    )
    # The file lies there already, and its size is known: only its colour is read from it.
    picture.save()
    return picture


def find_addresses(item: ImportItem) -> set[str]:
    """The addresses that the picture columns of a product or category hold."""
    found = set()
    for _, cells in item.data:
        for column, text in cells.items():
            if column == "variant.images":
                found |= {part.partition(" ")[0] for part in split_list(text)}
            elif column in ("image", "variant.image") or PICTURE_COLUMN.fullmatch(column):
                found.add(text.strip())
    return {text for text in found if is_address(text)}


def is_address(text: str) -> bool:
    """Whether a text of a picture column is an address, rather than a name or a number."""
    return text.lower().startswith(("http://", "https://"))


def fetch_pictures(addresses: Collection[str]) -> int:
    """
    Fetch those of the addresses that were never fetched or failed, a few at a time; return how many.

    Call it outside of a transaction. Killed in the middle, it has kept what was fetched before.
    """
    keys = {key_of(address): address for address in addresses}
    done = set(FetchedPicture.objects.filter(key__in=keys, problem="").values_list("key", flat=True))
    wanted = [(key, address) for key, address in keys.items() if key not in done]
    with ThreadPoolExecutor(max_workers=AT_ONCE, thread_name_prefix="fetch-picture") as pool:
        # The threads only fetch and look; the database is asked from this one alone.
        for (key, address), content in zip(
            wanted, pool.map(_fetch, [address for _, address in wanted]), strict=True
        ):
            _keep(key, address, content)
    return len(wanted)


def _fetch(address: str) -> tuple[bytes, Looked] | str:
    try:
        content = fetch(address, max_bytes=MOST_BYTES).content
        return content, look_at(content)
    except FetchRefused as refused:
        return str(refused)
    except ValueError as error:
        return str(error)


def _keep(key: str, address: str, content: tuple[bytes, Looked] | str) -> None:
    if isinstance(content, str):
        fields: dict[str, str | int] = {"problem": content[:255], "path": "", "file_hash": ""}
    else:
        data, looked = content
        file_hash = hashlib.sha1(data, usedforsecurity=False).hexdigest()
        fields = {
            "problem": "",
            "path": _store(data, file_hash, looked.ending),
            "title": _title_of(address),
            # SHA-1, because that is what the library tells twins by.
            "file_hash": file_hash,
            "file_size": len(data),
            "width": looked.width,
            "height": looked.height,
        }
    with transaction.atomic():
        FetchedPicture.objects.update_or_create(
            key=key, defaults={"address": address, "fetched_at": clock.now(), **fields}
        )


def _store(data: bytes, file_hash: str, ending: str) -> str:
    """Put the file where the library keeps its own, once, under its content's name."""
    library = get_image_model()
    twin = library.objects.filter(file_hash=file_hash).values_list("file", flat=True).first()
    if twin:
        return str(twin)
    storage = library._meta.get_field("file").storage
    path = f"original_images/{file_hash}.{ending}"
    return path if storage.exists(path) else str(storage.save(path, ContentFile(data)))


def _title_of(address: str) -> str:
    stem = PurePosixPath(unquote(urlsplit(address).path)).stem
    return stem.replace("_", " ").replace("-", " ").strip()[:255] or "Picture"
