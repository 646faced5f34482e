"""What a rule is once it has been read: a small tree of frozen values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

Value = frozenset[str] | tuple[Decimal, ...] | bool | date
"""Words for ``in``, one number (two for ``between``), yes or no for ``is``, a day for ``before``."""


@dataclass(frozen=True, slots=True)
class Condition:
    """``field`` compared with ``value`` by ``op``. The operator alone says what kind of value it is."""

    field: str
    op: str
    value: Value


@dataclass(frozen=True, slots=True)
class All:
    """Every one of the parts holds."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of the parts holds."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: Node


Node = All | AnyOf | Not | Condition


def conditions_of(node: Node) -> Iterator[Condition]:
    """Every condition of a rule, from left to right."""
    match node:
        case Condition():
            yield node
        case Not(part):
            yield from conditions_of(part)
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from conditions_of(part)
