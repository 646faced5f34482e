"""
Rules in one small language, for collections, related products and whatever is given by condition.

A rule is JSON: ``{"all": [rule, …]}``, ``{"any": [rule, …]}``, ``{"not": rule}``, or a condition
``{"field": "price", "op": "lte", "value": "50.00"}``. What fields there are says a
:class:`~shop.catalogue.predicates.fields.Vocabulary`. Nothing here reads a database: :func:`matches` takes
facts, and the search app makes the same rule a query.
"""

from .description import describe
from .fields import PRODUCTS, Family, Field, Vocabulary
from .grammar import All, AnyOf, Condition, Node, Not, conditions_of
from .matching import Facts, matches
from .validation import InvalidRule, parse, to_json, validate

__all__ = [
    "PRODUCTS",
    "All",
    "AnyOf",
    "Condition",
    "Facts",
    "Family",
    "Field",
    "InvalidRule",
    "Node",
    "Not",
    "Vocabulary",
    "conditions_of",
    "describe",
    "matches",
    "parse",
    "to_json",
    "validate",
]
