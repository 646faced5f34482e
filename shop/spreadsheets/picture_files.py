"""Pictures as files, wherever they come from: looked at, stored once, and made the library's when used."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from typing import Final

from django.core.files.base import ContentFile
from PIL import Image, UnidentifiedImageError
from wagtail.images import get_image_model
from wagtail.models import Collection as MediaCollection

from shop.spreadsheets.models import FetchedPicture
from shop.spreadsheets.pending import Pending

MOST_BYTES: Final = 20_000_000
MOST_PIXELS: Final = 60_000_000
# What browsers draw and no script can hide in; the endings that the files get.
KINDS: Final = {"JPEG": "jpg", "PNG": "png", "GIF": "gif", "WEBP": "webp", "AVIF": "avif"}


@dataclass(frozen=True, slots=True)
class Looked:
    """A picture that was looked at: its file's ending, its size in pixels and bytes, what it is known by."""

    ending: str
    width: int
    height: int
    file_size: int
    # SHA-1, because that is what the library tells twins by.
    file_hash: str

    @property
    def path(self) -> str:
        """Where the library keeps such a file: under its content's name, so that twins share one."""
        return f"original_images/{self.file_hash}.{self.ending}"

    def as_fields(self, *, path: str) -> dict[str, str | int]:
        """What is remembered of it."""
        return {
            "problem": "",
            "path": path,
            "file_hash": self.file_hash,
            "file_size": self.file_size,
            "width": self.width,
            "height": self.height,
        }


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
            ending = KINDS[picture.format or ""]
    except (UnidentifiedImageError, OSError, SyntaxError, KeyError, Image.DecompressionBombError) as error:
        raise ValueError("This is no picture: use JPEG, PNG, GIF, WebP or AVIF.") from error
    file_hash = hashlib.sha1(content, usedforsecurity=False).hexdigest()
    return Looked(ending, width, height, len(content), file_hash)


def title_of(path: str) -> str:
    """What a picture is called that has nothing but the name of its file."""
    return PurePosixPath(path).stem.replace("_", " ").replace("-", " ").strip()[:255] or "Picture"


def store(content: bytes, *, path: str) -> str:
    """Put a file where the library keeps its own, once; return where it lies."""
    storage = get_image_model()._meta.get_field("file").storage
    return path if storage.exists(path) else str(storage.save(path, ContentFile(content)))


def find_twins(file_hashes: Collection[str]) -> dict[str, int]:
    """The library's pictures with these contents, the oldest of each."""
    rows = get_image_model().objects.filter(file_hash__in=file_hashes).order_by("-pk")
    return dict(rows.values_list("file_hash", "pk"))


def answer(rows: Mapping[str, FetchedPicture]) -> dict[str, int | str | Pending]:
    """For each text the library's picture, or one that is made when it is used, or what is wrong."""
    twins = find_twins({row.file_hash for row in rows.values() if row.file_hash})
    return {
        text: row.problem or twins.get(row.file_hash) or Pending("picture", (row.file_hash, row.path))
        for text, row in rows.items()
    }


def make_picture(file_hash: str, path: str) -> int:
    """Make a stored picture one of the library's, and return its key; twins are one."""
    library = get_image_model()
    twin = library.objects.filter(file_hash=file_hash).order_by("pk").values_list("pk", flat=True).first()
    if twin is not None:
        return int(twin)
    row = FetchedPicture.objects.filter(file_hash=file_hash, path=path).order_by("pk")[0]
    picture = library(
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
    return int(picture.pk)
