"""What the words of a promotion's rules stand for in this shop: names, what can be chosen, what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Upper

from shop.catalogue import rule_words as catalogue_words
from shop.catalogue.models import Attribute, ProductCollection, ProductPage, ProductVariant
from shop.catalogue.predicates import (
    All,
    AnyOf,
    Condition,
    InvalidRule,
    Node,
    Not,
    Vocabulary,
    conditions_of,
    describe,
    parse,
)
from shop.catalogue.rule_words import ATTRIBUTE, MOST_OFFERED
from shop.core.errors import ErrorItem
from shop.customers.addresses import country_codes, country_name, list_countries
from shop.customers.models import CustomerGroup
from shop.promotions.vocabularies import GOODS

Named = Callable[[], QuerySet[Any]]

# Where the words of a field stand, with the columns of the word and of its name.
_TABLES: dict[str, tuple[Named, str, str]] = {
    "product": (lambda: ProductPage.objects.order_by("title"), "slug", "title"),
    "sku": (lambda: ProductVariant.objects.order_by("sku"), "sku", "sku"),
    "collection": (lambda: ProductCollection.objects.order_by("name"), "slug", "name"),
    "customer_group": (CustomerGroup.objects.all, "slug", "name"),
}
_OF_THE_CATALOGUE = ("category", "brand", "type", "tag")


def list_goods_attributes() -> list[dict[str, Any]]:
    """The attributes that goods can be chosen by, as the builder of rules wants them: one statement."""
    rows = Attribute.objects.filter(kind__in=Attribute.LIST_KINDS).values_list("slug", "name")
    return [
        {"name": ATTRIBUTE + slug, "label": name, "operators": ("in", "not_in"), "unit": ""}
        for slug, name in rows
    ]


def find_words(field: str, typed: str) -> list[tuple[str, str]]:
    """At most 30 words of a field with what people call them, by a part of either."""
    if field == "country":
        wanted = typed.casefold()
        found = [(code.lower(), name) for code, name in list_countries()]
        return [one for one in found if wanted in one[1].casefold() or wanted == one[0]][:MOST_OFFERED]
    if field not in _TABLES:
        is_known = field in _OF_THE_CATALOGUE or field.startswith(ATTRIBUTE)
        return catalogue_words.find_words(field, typed) if is_known else []
    table, word, name = _TABLES[field]
    matching = table().filter(Q(**{f"{word}__icontains": typed}) | Q(**{f"{name}__icontains": typed}))
    return list(matching.values_list(word, name)[:MOST_OFFERED])


def name_words(node: Node) -> dict[str, dict[str, str]]:
    """Per field, what people call the words of the rule; a word that stands for nothing is missing."""
    words: dict[str, set[str]] = {}
    for condition in conditions_of(node):
        if isinstance(condition.value, frozenset):
            words.setdefault(condition.field, set()).update(condition.value)
    names = {
        field: found for field, found in catalogue_words.name_words(node).items() if field not in _TABLES
    }
    for field, held in words.items():
        if field == "country":
            known = country_codes()
            names[field] = {word: country_name(word.upper()) for word in held if word.upper() in known}
        elif field in _TABLES:
            table, word_column, name = _TABLES[field]
            if field == "sku":
                folded = {word.casefold(): word for word in held}
                found = ProductVariant.objects.alias(folded=Upper("sku"))
                rows = found.filter(folded__in=[word.upper() for word in held]).values_list("sku", flat=True)
                names[field] = {folded.get(sku.casefold(), sku): sku for sku in rows}
            else:
                rows = table().filter(**{f"{word_column}__in": held})
                names[field] = dict(rows.values_list(word_column, name))
    return names


def describe_rule(rule: Any, vocabulary: Vocabulary) -> str:
    """The rule in words, with the names that the shop gives its goods, groups and so on."""
    names: dict[str, dict[str, str]] = {}

    def name(field: str, word: str) -> str:
        if not names:
            names.update(name_words(parse(rule, vocabulary)))
        return names.get(field, {}).get(word, word)

    return describe(rule, vocabulary, name=name)


def check_words(node: Node, vocabulary: Vocabulary) -> list[ErrorItem]:
    """What in a rule stands for nothing in this shop, each with its path."""
    names = name_words(node)
    slugs = {
        condition.field.removeprefix(ATTRIBUTE)
        for condition in conditions_of(node)
        if condition.field.startswith(ATTRIBUTE)
    }
    known = set(Attribute.objects.filter(slug__in=slugs).values_list("slug", flat=True)) if slugs else set()
    errors = []
    for path, condition in _with_paths(node, ()):
        if condition.field.startswith(ATTRIBUTE) and condition.field.removeprefix(ATTRIBUTE) not in known:
            errors.append(_error(path, "field", "There is no such attribute any more."))
            continue
        field = vocabulary.find(condition.field)
        if isinstance(condition.value, frozenset) and not (field and field.choices):
            errors += [
                _error(path, "value", f"There is no “{word}” here: remove it, or choose another.")
                for word in sorted(condition.value - names.get(condition.field, {}).keys())
            ]
    return errors


def read_rule(rule: Any, vocabulary: Vocabulary = GOODS) -> Node:
    """
    Read a rule and hold it against what the shop has.

    :raises InvalidRule: with every error that there is
    """
    node = parse(rule, vocabulary)
    if errors := check_words(node, vocabulary):
        raise InvalidRule(errors[0].detail, errors=errors)
    return node


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
