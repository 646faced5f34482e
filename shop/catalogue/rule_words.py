"""What the words of a rule stand for in this shop: their names, what can be chosen, and what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import Q, QuerySet
from taggit.models import Tag

from shop.catalogue.models import (
    Attribute,
    AttributeValue,
    Brand,
    Category,
    ProductCollection,
    ProductType,
)
from shop.catalogue.models.categories import PATH_STEP
from shop.catalogue.predicates import PRODUCTS, All, AnyOf, Condition, Node, Not, describe, parse
from shop.catalogue.predicates.fields import DAYS, FLAG, NUMBERS, WORDS
from shop.core.errors import ErrorItem

ATTRIBUTE = "attribute."
MOST_OFFERED = 30
OPERATORS = {
    Attribute.Kind.NUMBER: NUMBERS,
    Attribute.Kind.BOOLEAN: FLAG,
    Attribute.Kind.DATE: DAYS,
} | dict.fromkeys(Attribute.LIST_KINDS, WORDS)


def list_attributes() -> list[dict[str, Any]]:
    """The attributes that rules can ask for, with the operators of their kind: one statement."""
    return [
        {"name": ATTRIBUTE + slug, "label": name, "operators": OPERATORS[Attribute.Kind(kind)], "unit": unit}
        for slug, name, kind, unit in Attribute.objects.filter(kind__in=OPERATORS).values_list(
            "slug", "name", "kind", "unit"
        )
    ]


def find_words(field: str, typed: str) -> list[tuple[str, str]]:
    """At most 30 words of a field with what people call them, by a part of either."""
    if field == "stock":
        known = PRODUCTS.find(field)
        return list(known.choices) if known else []
    if field == "category":
        return _find_categories(typed)
    rows = _rows(field)
    if rows is None:
        return []
    label = _label(field)
    wanted = Q(**{f"{label}__icontains": typed}) | Q(slug__icontains=typed)
    return [(slug, name) for slug, name in rows.filter(wanted).values_list("slug", label)[:MOST_OFFERED]]


def name_words(node: Node) -> dict[str, dict[str, str]]:
    """Per field, what people call the words of the rule; a word that stands for nothing is missing."""
    names: dict[str, dict[str, str]] = {}
    for field, words in _words_by_field(node).items():
        rows = _rows(field)
        if rows is not None:
            names[field] = dict(rows.filter(slug__in=words).values_list("slug", _label(field)))
    return names


def describe_rule(rule: Any) -> str:
    """The rule in words, with the names of the shop's own brands, categories and so on."""
    names: dict[str, dict[str, str]] = {}

    def name(field: str, word: str) -> str:
        if field not in names:
            names.update(name_words(parse(rule)))
        return names.get(field, {}).get(word, word)

    return describe(rule, name=name)


def check_words(node: Node) -> list[ErrorItem]:
    """
    What in a rule stands for nothing in this shop, each with its path: an unknown brand, an operator that
    the attribute's kind does not have, a collection that is itself a rule (rules could go in a circle).
    """
    names = name_words(node)
    kinds = dict(Attribute.objects.filter(slug__in=_attribute_slugs(node)).values_list("slug", "kind"))
    errors = []
    for path, condition in _with_paths(node, ()):
        if condition.field.startswith(ATTRIBUTE):
            kind = kinds.get(condition.field.removeprefix(ATTRIBUTE))
            if kind is None:
                errors.append(_error(path, "field", "There is no such attribute any more."))
                continue
            if condition.op not in OPERATORS.get(Attribute.Kind(kind), ()):
                errors.append(_error(path, "op", "This attribute cannot be compared so."))
                continue
        if isinstance(condition.value, frozenset) and condition.field != "stock":
            errors += [
                _error(path, "value", _explain(condition.field, word))
                for word in sorted(condition.value - names.get(condition.field, {}).keys())
            ]
    return errors


def _explain(field: str, word: str) -> str:
    if field == "collection":
        return f"“{word}” is no collection that was put together by hand: only those can be named."
    return f"There is no “{word}” any more: remove it, or choose another."


def _error(path: tuple[str, ...], part: str, detail: str) -> ErrorItem:
    return ErrorItem(code="invalid_rule", detail=detail, attr=".".join((*path, part)))


def _with_paths(node: Node, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Condition]]:
    match node:
        case Condition():
            yield path, node
        case Not(part):
            yield from _with_paths(part, (*path, "not"))
        case All(parts) | AnyOf(parts):
            key = "all" if isinstance(node, All) else "any"
            for number, part in enumerate(parts):
                yield from _with_paths(part, (*path, key, str(number)))


def _words_by_field(node: Node) -> dict[str, set[str]]:
    words: dict[str, set[str]] = {}
    for _, condition in _with_paths(node, ()):
        if isinstance(condition.value, frozenset):
            words.setdefault(condition.field, set()).update(condition.value)
    return words


def _attribute_slugs(node: Node) -> set[str]:
    fields = {condition.field for _, condition in _with_paths(node, ())}
    return {field.removeprefix(ATTRIBUTE) for field in fields if field.startswith(ATTRIBUTE)}


def _rows(field: str) -> QuerySet[Any] | None:
    """Where the words of a field stand, by name."""
    if field.startswith(ATTRIBUTE):
        return AttributeValue.objects.filter(attribute__slug=field.removeprefix(ATTRIBUTE))
    sources: dict[str, Callable[[], QuerySet[Any]]] = {
        "category": Category.objects.all,
        "brand": Brand.objects.all,
        "type": ProductType.objects.all,
        "tag": lambda: Tag.objects.order_by("name"),
        "collection": lambda: ProductCollection.objects.filter(kind=ProductCollection.Kind.BY_HAND),
    }
    return sources[field]() if field in sources else None


def _label(field: str) -> str:
    return "label" if field.startswith(ATTRIBUTE) else "name"


def _find_categories(typed: str) -> list[tuple[str, str]]:
    """With the way from the top, so that two of one name can be told apart: one statement."""
    names: dict[str, str] = {}
    found = []
    for slug, name, path in Category.objects.order_by("tree_order").values_list("slug", "name", "path"):
        above = names.get(path[:-PATH_STEP])
        names[path] = f"{above} / {name}" if above else name
        if typed.casefold() in names[path].casefold() or typed.casefold() in slug:
            found.append((slug, names[path]))
    return found[:MOST_OFFERED]
