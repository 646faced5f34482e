"""What is known of a bundle while it is being put together: prices, stock. Told by the apps above."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """A line below the parts, for example "Sum of the parts' prices" and "€60.40"."""

    label: str
    value: str


BundleFigures = Callable[[Mapping[int, int]], Sequence[Figure]]

_sources: list[BundleFigures] = []


def register_bundle_figures(source: BundleFigures) -> None:
    """Add figures; ``source`` takes the pieces of each part (by its key) and answers in a fixed number of
    queries. Doing it twice changes nothing.
    """
    if source not in _sources:
        _sources.append(source)


def list_figures(pieces: Mapping[int, int]) -> list[Figure]:
    """Return what every app says of these parts; nothing while there are none."""
    return [figure for source in _sources for figure in source(pieces)] if pieces else []
