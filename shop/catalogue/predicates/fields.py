"""What a rule can ask for. An app that has conditions of its own declares a vocabulary of its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

WORDS = ("in", "not_in")
NUMBERS = ("lte", "gte", "lt", "gt", "eq", "between")
FLAG = ("is",)
DAYS = ("before", "after")


@dataclass(frozen=True, slots=True)
class Field:
    """
    Something that is known of whatever the rule is about.

    :param choices: the only words there are, with their labels; empty for any slug
    :param is_whole: whether its numbers have no fraction
    :param is_time: whether its numbers are minutes since midnight
    """

    name: str
    label: str
    operators: tuple[str, ...]
    choices: tuple[tuple[str, str], ...] = ()
    unit: str = ""
    is_whole: bool = False
    is_time: bool = False


@dataclass(frozen=True, slots=True)
class Family:
    """Fields of one kind that the shop's own data name, such as ``attribute.colour``."""

    prefix: str
    label: str
    operators: tuple[str, ...]


class Vocabulary:
    """The fields of one kind of rule, by name."""

    def __init__(self, name: str, fields: Iterable[Field] = (), families: Iterable[Family] = ()) -> None:
        self.name = name
        self._fields: dict[str, Field] = {}
        self._families: dict[str, Family] = {}
        for field in fields:
            self.register(field)
        for family in families:
            self._families[family.prefix] = family

    def register(self, field: Field) -> None:
        """
        Add a field.

        :raises ValueError: if there is one of this name
        """
        if field.name in self._fields:
            raise ValueError(f"{self.name} has a field {field.name} already.")
        self._fields[field.name] = field

    def find(self, name: str) -> Field | None:
        """The field of this name, or of a family that it belongs to."""
        if name in self._fields:
            return self._fields[name]
        prefix, dot, rest = name.partition(".")
        family = self._families.get(prefix + dot)
        if family is None or not rest:
            return None
        return Field(name=name, label=f"{family.label} “{rest}”", operators=family.operators)

    @property
    def fields(self) -> tuple[Field, ...]:
        """Those that stand by themselves, in the order of their registration."""
        return tuple(self._fields.values())


STOCK_CHOICES = (
    ("in_stock", "in stock"),
    ("low", "few left"),
    ("backorder", "on order"),
    ("out_of_stock", "sold out"),
)

PRODUCTS = Vocabulary(
    "products",
    [
        Field("category", "category", WORDS),
        Field("brand", "brand", WORDS),
        Field("type", "product type", WORDS),
        Field("tag", "tag", WORDS),
        Field("collection", "collection", WORDS),
        Field("price", "price", NUMBERS),
        Field("on_sale", "reduced", FLAG),
        Field("stock", "stock", WORDS, choices=STOCK_CHOICES),
        Field("age_days", "age", NUMBERS, unit="days", is_whole=True),
    ],
    [Family("attribute.", "attribute", (*WORDS, *NUMBERS, *FLAG, *DAYS))],
)
"""
What collections and related products go by.

``category`` holds what lies below it, ``collection`` only those put together by hand (so that no rule can
go round in a circle), ``price`` is the lowest in the shop's own currency, ``age_days`` counts whole days
since the first publication.
"""
