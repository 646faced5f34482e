"""Whether a rule holds for something whose facts are known."""

from __future__ import annotations

import operator
from collections.abc import Callable, Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from shop.catalogue.predicates.fields import DAYS, FLAG
from shop.catalogue.predicates.grammar import All, AnyOf, Condition, Node, Not

Facts = Mapping[str, Collection[Any]]
"""
Per field, all values it has: slugs, ``Decimal``, ``bool`` or ``date``; a field that is missing has none.

A comparison holds when one of the values meets it; ``not_in`` when none of the values is among those.
"""

COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "lt": operator.lt,
    "lte": operator.le,
    "gt": operator.gt,
    "gte": operator.ge,
    "before": operator.lt,
    "after": operator.gt,
}


def matches(rule: Node, facts: Facts) -> bool:
    """Whether the rule holds for these facts."""
    match rule:
        case All(parts):
            return all(matches(part, facts) for part in parts)
        case AnyOf(parts):
            return any(matches(part, facts) for part in parts)
        case Not(part):
            return not matches(part, facts)
        case Condition():
            return _holds(rule, facts.get(rule.field, ()))


def _holds(condition: Condition, values: Collection[Any]) -> bool:
    op, wanted = condition.op, condition.value
    if isinstance(wanted, frozenset):
        return wanted.isdisjoint(values) is (op == "not_in")
    if op in FLAG:
        return any(value is wanted for value in values)
    if op in DAYS:
        return any(isinstance(value, date) and COMPARISONS[op](value, wanted) for value in values)
    numbers = [value for value in values if isinstance(value, Decimal)]
    if op == "between":
        low, high = wanted  # type: ignore[misc]  # the reader gives two numbers to this operator only
        return any(low <= number <= high for number in numbers)
    return any(COMPARISONS[op](number, wanted[0]) for number in numbers)  # type: ignore[index]
