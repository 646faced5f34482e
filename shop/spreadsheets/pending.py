"""What a file names and the shop does not have yet: made only when a product that names it is applied."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Pending:
    """
    Something that does not exist yet and is made when the first product that names it is applied.

    A ``brand`` by its name, a ``category`` by its path, a ``value`` by its attribute's slug and its label, a
    ``picture`` by its file's hash and place.
    """

    kind: str
    name: tuple[str, ...]

    @property
    def label(self) -> str:
        return " > ".join(self.name) if self.kind == "category" else self.name[-1]


def resolve_pending(value: Any, made: dict[Pending, int]) -> Any:
    """The value with keys in the place of what had to be made first."""
    if isinstance(value, Pending):
        return made[value]
    if isinstance(value, tuple):
        return tuple(resolve_pending(part, made) for part in value)
    return value


def pending_in(value: Any) -> Iterable[Pending]:
    """What has to be made before the value can be written."""
    if isinstance(value, Pending):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from pending_in(part)
