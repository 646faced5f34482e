"""Categories by their path of names, ``Lighting > Desk lamps``, and back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from shop.catalogue.models import Category
from shop.spreadsheets.cells import CellRefused, join_list, split_list

SLUG_MARK = "slug:"


class CategoryPaths:
    """
    The tree of categories as texts.

    Two categories may have the same names all the way up; such a one is written as ``slug:desk-lamps-2``.
    """

    def __init__(self, rows: Iterable[tuple[int, int | None, str, str]]) -> None:
        self._parents: dict[int, int | None] = {}
        self._names: dict[int, str] = {}
        self._slugs: dict[int, str] = {}
        for pk, parent_id, name, slug in rows:
            self._parents[pk], self._names[pk], self._slugs[pk] = parent_id, name, slug
        self._by_slug = {slug: pk for pk, slug in self._slugs.items()}
        self._index()

    def _index(self) -> None:
        names = {pk: self._names_of(pk) for pk in self._names}
        keys = {pk: self._key(path) for pk, path in names.items()}
        times = Counter(keys.values())
        self._ambiguous = {key for key, count in times.items() if count > 1}
        self._by_path = {key: pk for pk, key in keys.items()}
        self._texts = {
            pk: self._text(path, is_ambiguous=keys[pk] in self._ambiguous, pk=pk)
            for pk, path in names.items()
        }

    def _names_of(self, pk: int) -> tuple[str, ...]:
        names: list[str] = []
        step: int | None = pk
        while step is not None and len(names) <= len(self._names):
            names.append(self._names[step])
            step = self._parents[step]
        return tuple(reversed(names))

    @staticmethod
    def _key(names: Iterable[str]) -> tuple[str, ...]:
        return tuple(name.casefold().strip() for name in names)

    def _text(self, names: tuple[str, ...], *, is_ambiguous: bool, pk: int) -> str:
        text = join_list(names, ">")
        readable = tuple(split_list(text, ">")) == names and not text.startswith(SLUG_MARK)
        return text if readable and not is_ambiguous else f"{SLUG_MARK}{self._slugs[pk]}"

    def text_of(self, pk: int) -> str:
        """The path as it is written."""
        return self._texts[pk]

    def find(self, text: str) -> tuple[int | None, tuple[str, ...]]:
        """
        The category of a path, or its names when there is none.

        :raises CellRefused: for an unknown ``slug:``, and for a path that several categories have
        """
        if text.startswith(SLUG_MARK):
            held = self._by_slug.get(text.removeprefix(SLUG_MARK).strip())
            if held is None:
                raise CellRefused(f"There is no category with the {text[:80]}.", code="unknown_category")
            return held, ()
        names = tuple(name.strip() for name in split_list(text, ">") if name.strip())
        if not names:
            raise CellRefused("Write the names of a category and those above it, such as “Lighting > Lamps”.")
        key = self._key(names)
        if key in self._ambiguous:
            raise CellRefused(
                f"Several categories are called “{text[:80]}”: write “slug:” and the slug of one of them.",
                code="ambiguous_category",
            )
        return self._by_path.get(key), names

    def make(self, names: tuple[str, ...]) -> int:
        """Make the category of a path and those above it that are missing, as live ones."""
        from shop.spreadsheets.lookups import free_slug

        parent: int | None = None
        for depth in range(1, len(names) + 1):
            held = self._by_path.get(self._key(names[:depth]))
            if held is None:
                name = names[depth - 1]
                slug = free_slug(name, self._by_slug, fallback="category", longest=120)
                category = Category(name=name, slug=slug, parent_id=parent)
                category.save()
                category.save_revision(clean=False).publish()
                held = category.pk
                self._parents[held], self._names[held], self._slugs[held] = parent, name, slug
                self._by_slug[slug] = held
                self._index()
            parent = held
        assert parent is not None  # noqa: S101
        return parent
