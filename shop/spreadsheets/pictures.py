"""
Where the pictures of a file come from: the seam for addresses and archives.

A source is asked once per chunk of products, inside the chunk's transaction: it must answer from what it
has, and never go out to the network there. What has to be fetched is fetched before (``fetch_ahead``).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Protocol

from django.db.models import Q
from wagtail.images import get_image_model

if TYPE_CHECKING:
    from shop.spreadsheets.models import ImportRun

ID = re.compile(r"id:([0-9]{1,9})")


class ImageSource(Protocol):
    """Answers for some of the texts that stand in picture columns."""

    def accepts(self, text: str) -> bool:
        """Whether the text is of its sort, e.g. an address."""
        ...

    def resolve(self, texts: Collection[str], *, run: ImportRun) -> Mapping[str, int | str]:
        """The key of a picture for each text, or a sentence that says why there is none, and the mend."""
        ...


_sources: list[ImageSource] = []


def register_image_source(source: ImageSource) -> None:
    """Ask ``source`` before those that came earlier; registering it twice changes nothing."""
    if all(type(held) is not type(source) for held in _sources):
        _sources.insert(0, source)


def resolve_pictures(texts: Collection[str], *, run: ImportRun) -> dict[str, int | str]:
    """The key of a picture, or what is wrong, for every text."""
    found: dict[str, int | str] = {}
    left = set(texts)
    for source in [*_sources, StoredImages()]:
        mine = {text for text in left if source.accepts(text)}
        if mine:
            found.update(source.resolve(mine, run=run))
            left -= mine
    return found


class StoredImages:
    """Pictures that the shop has: ``id:12``, the name of a file, or a title."""

    def accepts(self, text: str) -> bool:
        return True

    def resolve(self, texts: Collection[str], *, run: ImportRun) -> Mapping[str, int | str]:
        model = get_image_model()
        ids = {text: int(match[1]) for text in texts if (match := ID.fullmatch(text))}
        names = [text for text in texts if text not in ids]
        held = set(model.objects.filter(pk__in=ids.values()).values_list("pk", flat=True))
        found = {text: pk for text, pk in ids.items() if pk in held}
        by_name: dict[str, list[int]] = {}
        if names:
            paths = {f"original_images/{name}": name for name in names}
            rows = model.objects.filter(Q(file__in=paths) | Q(title__in=names)).order_by("pk")
            for pk, file, title in rows.values_list("pk", "file", "title"):
                by_name.setdefault(paths.get(file, title), []).append(pk)
        found |= {name: pks[0] for name, pks in by_name.items() if len(pks) == 1}
        return {text: found.get(text, self._problem(text, by_name)) for text in texts}

    @staticmethod
    def _problem(text: str, by_name: Mapping[str, Collection[int]]) -> str:
        if text in by_name:
            return f"Several pictures are called “{text[:60]}”: write “id:” and the number of one of them."
        return f"There is no picture “{text[:60]}”: upload it first, or write its file name or address."
