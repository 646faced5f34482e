"""What a row of a product's gallery may be: a picture, a film of the shop's own, or one at a provider."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any, Protocol

from django.core.exceptions import ValidationError
from wagtail.models import CollectionViewRestriction

from shop.catalogue.films import validate_film_url

MIME_TYPES = {".mp4": "video/mp4", ".webm": "video/webm"}
MAX_BYTES = 200 * 1024 * 1024
HEAD = 64


class GalleryRow(Protocol):
    """The fields of ``ProductMedia`` that make a film."""

    video_url: Any
    video_file: Any


def clean_gallery_row(row: GalleryRow) -> None:
    """
    Refuse films that could not be shown; each refusal stands beside its field.

    :raises ValidationError: for two films in one row, a provider that is not embedded, or a file that is
        no film, too large or private
    """
    address = film_address(row)
    if address and row.video_file:
        raise ValidationError({"video_file": "Give the film's address or its file, not both."})
    if address:
        try:
            validate_film_url(address)
        except ValidationError as refused:
            raise ValidationError({"video_url": refused}) from refused
    if row.video_file:
        problem = _problem_of(row.video_file)
        if problem:
            raise ValidationError({"video_file": problem})


def film_address(row: GalleryRow) -> str:
    """The film's address; a row that was never stored, or a revision of before films, has none."""
    return row.video_url if isinstance(row.video_url, str) else ""


def mime_type(filename: str) -> str:
    """The type that browsers are told for a film's file; empty for any other file."""
    return MIME_TYPES.get(PurePath(filename).suffix.lower(), "")


def _problem_of(document: Any) -> str:
    expected = mime_type(document.file.name)
    if not expected:
        return "Choose an MP4 or a WebM file: other kinds of film do not play in every browser."
    try:
        size = document.file.size
        with document.file.open("rb") as file:
            head = file.read(HEAD)
    except OSError:
        return "The file cannot be read: upload it again."
    if found_type(head) != expected:
        return (
            f"This file is not what its name says: it is no {expected.removeprefix('video/').upper()} film."
        )
    if size > MAX_BYTES:
        return (
            f"The film has {size // 1024 // 1024} MB, and {MAX_BYTES // 1024 // 1024} MB at most are taken. "
            "Make it smaller, or put it on YouTube or Vimeo."
        )
    if _is_private(document):
        return "The file is in a private collection: shoppers could not see the film."
    return ""


def _is_private(document: Any) -> bool:
    above = document.collection.get_ancestors(inclusive=True)
    return CollectionViewRestriction.objects.filter(collection__in=above).exists()


def found_type(head: bytes) -> str:
    """
    The type of a film by its first bytes; empty if it is none.

    An ISO base media file begins with its box ``ftyp``; WebM is Matroska that calls itself so.
    """
    if head[4:8] == b"ftyp":
        return "video/mp4"
    if head[:4] == b"\x1a\x45\xdf\xa3" and b"webm" in head:
        return "video/webm"
    return ""
