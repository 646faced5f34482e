"""Lines cut into pieces, counted in minor units: what rewards by pieces are worked out on. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pieces:
    """``count`` pieces of one line that are worth ``units`` minor units each."""

    key: str
    units: int
    count: int


def cut(key: str, units: int, quantity: int) -> list[Pieces]:
    """
    Cut what is left of a line into its pieces, the cheaper ones first.

    What does not divide evenly lies on the last pieces, one unit each, so that the pieces add up to the line.
    """
    each, over = divmod(units, quantity)
    pieces = [Pieces(key, each, quantity - over)]
    return [*pieces, Pieces(key, each + 1, over)] if over else pieces


def count(pieces: Iterable[Pieces]) -> int:
    """How many pieces there are."""
    return sum(held.count for held in pieces)


def take(ordered: Iterable[Pieces], wanted: int) -> list[Pieces]:
    """The first ``wanted`` pieces, in the order given."""
    taken: list[Pieces] = []
    for held in ordered:
        if wanted <= 0:
            break
        some = min(held.count, wanted)
        taken.append(Pieces(held.key, held.units, some))
        wanted -= some
    return taken


def units_by_line(pieces: Iterable[Pieces]) -> dict[str, int]:
    """What the pieces are worth, by line."""
    found: dict[str, int] = {}
    for held in pieces:
        found[held.key] = found.get(held.key, 0) + held.units * held.count
    return found


def cheapest_first(pieces: Iterable[Pieces]) -> list[Pieces]:
    """In one order always, whatever the order of the lines."""
    return sorted(pieces, key=lambda held: (held.units, held.key))


def take_gets(
    targets: Iterable[Pieces], *, wanted: int, shared: Mapping[str, bool], most_shared: int
) -> list[Pieces]:
    """
    The ``wanted`` cheapest target pieces, of which at most ``most_shared`` lie in lines that must also
    serve as the goods bought.
    """
    taken: list[Pieces] = []
    for held in cheapest_first(targets):
        some = min(held.count, wanted, most_shared if shared[held.key] else wanted)
        if some > 0:
            taken.append(Pieces(held.key, held.units, some))
            wanted -= some
            most_shared -= some if shared[held.key] else 0
    return taken


def most_applications(*, buy: int, get: int, only_bought: int, only_got: int, both: int) -> int:
    """How often X can be bought and Y got, no piece serving twice."""
    most = (only_bought + only_got + both) // (buy + get)
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        short = max(0, middle * buy - only_bought) + max(0, middle * get - only_got)
        low, high = (middle, high) if short <= both else (low, middle - 1)
    return low
