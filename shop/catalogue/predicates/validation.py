"""Reading rules that people and programs wrote: bounded, every error with its place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from shop.catalogue.predicates.fields import DAYS, FLAG, PRODUCTS, WORDS, Field, Vocabulary
from shop.catalogue.predicates.grammar import All, AnyOf, Condition, Node, Not, Value
from shop.core.errors import ErrorItem, ShopError

MAX_DEPTH = 6
MAX_NODES = 100
MAX_VALUES = 200
LONGEST_WORD = 100
LARGEST_NUMBER = Decimal(10) ** 12
MOST_PLACES = 6
BETWEEN = 2
WORD = re.compile(r"[-\w]+")
GROUPS: dict[str, type[All] | type[AnyOf]] = {"all": All, "any": AnyOf}


class InvalidRule(ShopError):
    """A rule cannot be read; ``errors`` say where and why, ``attr`` being a path such as ``all.0.value``."""

    code = "invalid_rule"
    title = "The rule cannot be read."


def validate(rule: Any, vocabulary: Vocabulary = PRODUCTS) -> dict[str, Any]:
    """
    The rule as it is kept: unknown keys refused, numbers as strings, words once each.

    :raises InvalidRule: with every error that there is
    """
    return to_json(parse(rule, vocabulary))


def parse(rule: Any, vocabulary: Vocabulary = PRODUCTS) -> Node:
    """
    Read a rule.

    :raises InvalidRule: with every error that there is
    """
    reader = _Reader(vocabulary)
    node = reader.read(rule, path=(), depth=1)
    if reader.errors or node is None:
        raise InvalidRule(reader.errors[0].detail, errors=reader.errors)
    return node


def to_json(node: Node) -> dict[str, Any]:
    """The rule as JSON; reading it again gives an equal tree."""
    match node:
        case All(parts):
            return {"all": [to_json(part) for part in parts]}
        case AnyOf(parts):
            return {"any": [to_json(part) for part in parts]}
        case Not(part):
            return {"not": to_json(part)}
        case Condition(field, op, value):
            return {"field": field, "op": op, "value": _value_as_json(value)}


def _value_as_json(value: Value) -> Any:
    match value:
        case bool():
            return value
        case frozenset():
            return sorted(value)
        case date():
            return value.isoformat()
        case (only,):
            return f"{only:f}"
    return [f"{number:f}" for number in value]


class _Reader:
    """One reading of one rule, with what is wrong so far."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.errors: list[ErrorItem] = []
        self.nodes = 0

    def refuse(self, path: tuple[str, ...], detail: str) -> None:
        self.errors.append(ErrorItem(code="invalid_rule", detail=detail, attr=".".join(path) or None))

    def read(self, rule: Any, *, path: tuple[str, ...], depth: int) -> Node | None:
        if self._is_too_large(path, depth):
            return None
        keys = set(rule) if isinstance(rule, Mapping) else set()
        if keys in ({"all"}, {"any"}):
            return self._read_group(rule, path=path, depth=depth)
        if keys == {"not"}:
            part = self.read(rule["not"], path=(*path, "not"), depth=depth + 1)
            return Not(part) if part else None
        if keys == {"field", "op", "value"}:
            return self._read_condition(rule, path)
        self.refuse(path, "Write “field”, “op” and “value”, or a group: “all”, “any” or “not”.")
        return None

    def _is_too_large(self, path: tuple[str, ...], depth: int) -> bool:
        self.nodes += 1
        # Once is enough: a rule of a million parts gets one sentence.
        if self.nodes == MAX_NODES + 1:
            self.refuse(path, f"A rule has at most {MAX_NODES} conditions and groups.")
        if depth > MAX_DEPTH:
            self.refuse(path, f"Groups can be nested {MAX_DEPTH} deep at most.")
        return self.nodes > MAX_NODES or depth > MAX_DEPTH

    def _read_group(self, rule: Mapping[str, Any], *, path: tuple[str, ...], depth: int) -> Node | None:
        ((key, held),) = rule.items()
        if not isinstance(held, list) or not held:
            self.refuse(path, "Add at least one condition to this group, or remove it.")
            return None
        parts = []
        for number, part in enumerate(held):
            parts.append(self.read(part, path=(*path, key, str(number)), depth=depth + 1))
            if self.nodes > MAX_NODES:
                return None
        return GROUPS[key](tuple(part for part in parts if part)) if all(parts) else None

    def _read_condition(self, rule: Mapping[str, Any], path: tuple[str, ...]) -> Condition | None:
        name, op = rule["field"], rule["op"]
        field = self.vocabulary.find(name) if isinstance(name, str) and len(name) <= LONGEST_WORD else None
        if field is None:
            self.refuse((*path, "field"), "Choose what this condition is about.")
            return None
        if op not in field.operators:
            self.refuse((*path, "op"), f"Choose one of {', '.join(field.operators)} for {field.label}.")
            return None
        try:
            return Condition(field.name, op, _read_value(field, op, rule["value"]))
        except ValueError as error:
            self.refuse((*path, "value"), str(error))
            return None


def _read_value(field: Field, op: str, value: Any) -> Value:
    if op in WORDS:
        return _read_words(field, value)
    if op in FLAG:
        if not isinstance(value, bool):
            raise ValueError("Choose yes or no.")
        return value
    if op in DAYS:
        try:
            return date.fromisoformat(value)
        except (TypeError, ValueError):
            raise ValueError("Write a day as 2026-11-24.") from None
    if op != "between":
        return (_read_number(field, value),)
    if not isinstance(value, list) or len(value) != BETWEEN:
        raise ValueError("Write the lowest and the highest number.")
    low, high = (_read_number(field, number) for number in value)
    if low > high:
        raise ValueError("The first number must not be above the second.")
    return low, high


def _read_words(field: Field, value: Any) -> frozenset[str]:
    words = [value] if isinstance(value, str) else value
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise ValueError(f"Choose one or more for {field.label}.")
    cleaned = frozenset(word.strip() for word in words if word.strip())
    if not cleaned:
        raise ValueError(f"Choose at least one for {field.label}.")
    if len(cleaned) > MAX_VALUES:
        raise ValueError(f"Choose at most {MAX_VALUES}.")
    known = {choice for choice, _ in field.choices}
    for word in sorted(cleaned):
        if len(word) > LONGEST_WORD or not WORD.fullmatch(word):
            raise ValueError(f"“{word[:LONGEST_WORD]}” is no short name: letters, digits, hyphens only.")
        if known and word not in known:
            raise ValueError(f"“{word}” is none of {', '.join(sorted(known))}.")
    return cleaned


def _read_number(field: Field, value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError("Write a number, for example 49.90.")
    text = str(value).strip()
    try:
        number = Decimal(text) if len(text) <= LONGEST_WORD else Decimal("NaN")
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number) >= LARGEST_NUMBER:
        raise ValueError("Write a number, for example 49.90.")
    if field.is_whole and number != number.to_integral_value():
        raise ValueError(f"Write a whole number of {field.unit or 'pieces'}.")
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and -exponent > MOST_PLACES:
        raise ValueError(f"Write at most {MOST_PLACES} digits behind the point.")
    return number
