"""
Where the pictures of a file come from: the seam for addresses and archives.

A source is asked twice per chunk of products: before the chunk's transaction it fetches what it needs to
(``prepare``), inside of it, it answers from what it has (``resolve``) and never goes out to the network.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Protocol

from django.db.models import Q
from wagtail.images import get_image_model

from shop.spreadsheets.cells import split_list
from shop.spreadsheets.pending import Pending

if TYPE_CHECKING:
    from shop.spreadsheets.models import ImportItem, ImportRun

ID = re.compile(r"id:([0-9]{1,9})")
PICTURE_COLUMN = re.compile(r"image\.[1-9][0-9]?\.src")


class ImageSource(Protocol):
    """Answers for some of the texts that stand in picture columns."""

    def accepts(self, text: str) -> bool:
        """Whether the text is of its sort, e.g. an address."""
        ...

    def prepare(self, texts: Collection[str], *, run: ImportRun, is_trial: bool) -> None:
        """Fetch and look at what these texts name, outside of any transaction; doing it again is harmless."""
        ...

    def resolve(self, texts: Collection[str], *, run: ImportRun) -> Mapping[str, int | str | Pending]:
        """
        The key of a picture, or one that is yet to be made, or a sentence that says why there is none, and
        the mend. Texts that are left out are asked of the next source.
        """
        ...


_sources: list[ImageSource] = []


def register_image_source(source: ImageSource) -> None:
    """Ask ``source`` before those that came earlier; registering it twice changes nothing."""
    if all(type(held) is not type(source) for held in _sources):
        _sources.insert(0, source)


def is_address(text: str) -> bool:
    """Whether a text of a picture column is an address, rather than a name or a number."""
    return text.lower().startswith(("http://", "https://"))


def find_texts(item: ImportItem) -> set[str]:
    """What the picture columns of a product or category hold."""
    found = set()
    for _, cells in item.data:
        for column, text in cells.items():
            if column == "variant.images":
                found |= {part.partition(" ")[0] for part in split_list(text)}
            elif column in ("image", "variant.image") or PICTURE_COLUMN.fullmatch(column):
                found.add(text.strip())
    return found - {""}


def prepare_pictures(texts: Collection[str], *, run: ImportRun, is_trial: bool) -> None:
    """Let every source fetch what these texts name; call it outside of a transaction."""
    for source in _sources:
        mine = {text for text in texts if source.accepts(text)}
        if mine:
            source.prepare(mine, run=run, is_trial=is_trial)


def resolve_pictures(texts: Collection[str], *, run: ImportRun) -> dict[str, int | str | Pending]:
    """The key of a picture, one that is made when it is used, or what is wrong, for every text."""
    found: dict[str, int | str | Pending] = {}
    left = set(texts)
    for source in [*_sources, StoredImages()]:
        mine = {text for text in left if source.accepts(text)}
        if mine:
            answers = source.resolve(mine, run=run)
            found.update(answers)
            left -= answers.keys()
    return found


class StoredImages:
    """Pictures that the shop has: ``id:12``, the name of a file, or a title."""

    def accepts(self, text: str) -> bool:
        return True

    def prepare(self, texts: Collection[str], *, run: ImportRun, is_trial: bool) -> None:
        """Nothing: they are here."""

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
        return {text: found.get(text, self._problem(text, by_name, run)) for text in texts}

    @staticmethod
    def _problem(text: str, by_name: Mapping[str, Collection[int]], run: ImportRun) -> str:
        if text in by_name:
            return f"Several pictures are called “{text[:60]}”: write “id:” and the number of one of them."
        if run.pictures_path:
            return (
                f"There is no picture “{text[:60]}”, neither in the archive nor in the library: write the "
                "name as the file has it."
            )
        return f"There is no picture “{text[:60]}”: upload it first, or write its file name or address."
