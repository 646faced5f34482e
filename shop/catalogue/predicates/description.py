"""A rule in words, for people who compare two versions of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from shop.catalogue.predicates.fields import PRODUCTS, Field, Vocabulary
from shop.catalogue.predicates.grammar import All, AnyOf, Condition, Node, Not
from shop.catalogue.predicates.validation import InvalidRule, parse

Namer = Callable[[str, str], str]
"""What people call ``word`` of ``field``, e.g. "Halden Ceramics" for brand, halden-ceramics."""

PHRASES = {
    "eq": "is exactly {}",
    "lt": "is below {}",
    "lte": "is at most {}",
    "gt": "is above {}",
    "gte": "is at least {}",
    "before": "is before {}",
    "after": "is after {}",
}


def describe(rule: Any, vocabulary: Vocabulary = PRODUCTS, *, name: Namer | None = None) -> str:
    """The rule in words, e.g. "price is at most 50.00 and tag is gifts"; says so when it cannot be read."""
    if not rule:
        return "no rule yet"
    try:
        node = parse(rule, vocabulary)
    except InvalidRule:
        return "a rule that cannot be read"
    return _say(node, vocabulary, name or (lambda field, word: word), is_inside=False)


def _say(node: Node, vocabulary: Vocabulary, name: Namer, *, is_inside: bool) -> str:
    match node:
        case Condition():
            return _say_condition(node, vocabulary.find(node.field), name)
        case Not(part):
            return f"not ({_say(part, vocabulary, name, is_inside=False)})"
        case All(parts):
            words = [_say(part, vocabulary, name, is_inside=True) for part in parts]
            text = " and ".join(words)
        case AnyOf(parts):
            words = [_say(part, vocabulary, name, is_inside=True) for part in parts]
            text = " or ".join(words)
    return f"({text})" if is_inside and len(words) > 1 else text


def _say_condition(condition: Condition, field: Field | None, name: Namer) -> str:
    label = field.label if field else condition.field
    value = condition.value
    if isinstance(value, frozenset):
        choices = dict(field.choices) if field else {}
        words = [choices.get(word) or name(condition.field, word) for word in sorted(value)]
        return f"{label} is {'not ' if condition.op == 'not_in' else ''}{_or(words)}"
    if isinstance(value, bool):
        return f"{label} is {'true' if value else 'false'}"
    unit = f" {field.unit}" if field and field.unit and not field.is_time else ""
    if isinstance(value, date):
        return f"{label} {PHRASES[condition.op].format(value.isoformat())}"
    numbers = [_say_number(number, field) for number in value]
    if condition.op == "between":
        return f"{label} is from {numbers[0]} to {numbers[1]}{unit}"
    return f"{label} {PHRASES[condition.op].format(numbers[0])}{unit}"


def _say_number(number: Decimal, field: Field | None) -> str:
    if field is not None and field.is_time:
        hours, minutes = divmod(int(number), 60)
        return f"{hours:02d}:{minutes:02d}"
    return f"{number:f}"


def _or(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
