"""
Rules over the index: the same rule as a condition of SQL, and the facts by which it is told in Python.

`tests/search/test_rules_agree.py` holds that both say the same of any catalogue. Whatever a product has in
other currencies does not count: prices in rules are those of the shop's own.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Case, CharField, DecimalField, F, Q, QuerySet, Value, When
from django.db.models.functions import Cast

from search.models import ProductIndex, ProductIndexCategory, ProductIndexFacet, RuleMember
from shop.catalogue.models import (
    Attribute,
    Category,
    ProductAttribute,
    ProductCollection,
    ProductCollectionItem,
    ProductPage,
    ProductTag,
)
from shop.catalogue.predicates import All, AnyOf, Condition, Node, Not, conditions_of

ATTRIBUTE = "attribute."
NUMBER_TEXT = r"^-?[0-9]{1,12}(\.[0-9]{1,6})?$"
DAY_TEXT = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
ONE_DAY = timedelta(days=1)
# Nothing is older; what a rule says beyond is the same as this, and a moment can be made of it.
OLDEST = 100_000
TYPED_KINDS = (Attribute.Kind.NUMBER, Attribute.Kind.BOOLEAN, Attribute.Kind.DATE)

Categories = Mapping[str, Collection[int]]
"""Per slug that a rule names, the ids of that category and of all below it."""


def rule_condition(node: Node, *, categories: Categories, at: datetime) -> Q:
    """The rule as a condition on rows of `ProductIndex` (of one currency)."""
    match node:
        case All(parts):
            condition = Q()
            for part in parts:
                condition &= rule_condition(part, categories=categories, at=at)
            return condition
        case AnyOf(parts):
            condition = Q(pk__in=[])
            for part in parts:
                condition |= rule_condition(part, categories=categories, at=at)
            return condition
        case Not(part):
            return ~rule_condition(part, categories=categories, at=at)
        case Condition(op="not_in"):
            return ~_words(node, categories)
        case Condition(op="in"):
            return _words(node, categories)
    return _comparison(node, at)


def list_matching(
    node: Node, *, categories: Categories, currency: str, at: datetime
) -> QuerySet[ProductIndex]:
    """The index rows of one currency that meet the rule, in no order."""
    return ProductIndex.objects.filter(rule_condition(node, categories=categories, at=at), currency=currency)


def find_categories(node: Node) -> dict[str, list[int]]:
    """What the categories that the rule names stand for in the tree of this moment: one statement or none."""
    slugs = {
        slug
        for condition in conditions_of(node)
        if condition.field == "category" and isinstance(condition.value, frozenset)
        for slug in condition.value
    }
    if not slugs:
        return {}
    rows = list(Category.objects.order_by("pk").values_list("pk", "slug", "path"))
    return {
        slug: [pk for pk, _, below in rows if below.startswith(path)]
        for _, slug, path in rows
        if slug in slugs
    }


def _words(condition: Condition, categories: Categories) -> Q:
    words: list[str] = sorted(condition.value)  # type: ignore[arg-type]  # these operators have words
    name = condition.field
    if name in ("brand", "stock"):
        return Q(**{f"{'brand_slug' if name == 'brand' else 'stock_status'}__in": words})
    if name == "category":
        ids = {pk for word in words for pk in categories.get(word, ())}
        return Q(pk__in=ProductIndexCategory.objects.filter(category_id__in=ids).values("entry_id"))
    if name.startswith(ATTRIBUTE):
        links = ProductIndexFacet.objects.filter(
            attribute__slug=name.removeprefix(ATTRIBUTE), value__slug__in=words
        )
        return Q(pk__in=links.values("entry_id"))
    rows, slug, product = _linked(name)
    return Q(product__in=rows.filter(**{f"{slug}__in": words}).values(product))


def _linked(name: str) -> tuple[QuerySet[Any], str, str]:
    """Where the words of a field stand that the index does not hold, and the column of the product there."""
    if name == "tag":
        return ProductTag.objects.all(), "tag__slug", "content_object_id"
    if name == "type":
        return ProductPage.objects.filter(product_type__isnull=False), "product_type__slug", "pk"
    return hand_made_items(), "collection__slug", "product_id"


def _comparison(condition: Condition, at: datetime) -> Q:
    match condition.field:
        case "price":
            return _number_lookups("price_from", condition)
        case "on_sale":
            return Q(on_sale=condition.value)
        case "age_days":
            return _age(condition, at)
    rows = ProductAttribute.objects.filter(attribute__slug=condition.field.removeprefix(ATTRIBUTE))
    if isinstance(condition.value, bool):
        found = rows.filter(attribute__kind=Attribute.Kind.BOOLEAN, text="yes" if condition.value else "no")
    elif isinstance(condition.value, date):
        lookup = "text__lt" if condition.op == "before" else "text__gt"
        found = rows.filter(
            attribute__kind=Attribute.Kind.DATE,
            text__regex=DAY_TEXT,
            **{lookup: condition.value.isoformat()},
        )
    else:
        # Cast what is certain to be a number only, whatever order the database takes the conditions in.
        certain = Case(When(text__regex=NUMBER_TEXT, then=F("text")), default=None)
        found = (
            rows.filter(attribute__kind=Attribute.Kind.NUMBER)
            .annotate(number=Cast(certain, DecimalField(max_digits=18, decimal_places=6)))
            .filter(_number_lookups("number", condition))
        )
    return Q(product__in=found.values("page_id"))


def _number_lookups(column: str, condition: Condition) -> Q:
    numbers: tuple[Decimal, ...] = condition.value  # type: ignore[assignment]  # these operators have numbers
    if condition.op == "between":
        low, high = numbers
        return Q(**{f"{column}__gte": low, f"{column}__lte": high})
    lookup = {"eq": "exact"}.get(condition.op, condition.op)
    return Q(**{f"{column}__{lookup}": numbers[0]})


def _age(condition: Condition, at: datetime) -> Q:
    numbers: tuple[Decimal, ...] = condition.value  # type: ignore[assignment]  # these operators have numbers
    days = [max(-OLDEST, min(OLDEST, int(number))) for number in numbers]

    def at_least(age: int) -> Q:
        return Q(published_at__lte=at - age * ONE_DAY)

    def at_most(age: int) -> Q:
        return Q(published_at__gt=at - (age + 1) * ONE_DAY)

    match condition.op:
        case "gte":
            return at_least(days[0])
        case "gt":
            return at_least(days[0] + 1)
        case "lte":
            return at_most(days[0])
        case "lt":
            return at_most(days[0] - 1)
    return at_least(days[0]) & at_most(days[-1])


def hand_made_items() -> QuerySet[ProductCollectionItem]:
    """The rows of live collections that were put together by hand."""
    return ProductCollectionItem.objects.filter(
        collection__live=True, collection__kind=ProductCollection.Kind.BY_HAND
    )


@dataclass(frozen=True, slots=True)
class Known:
    """What rules need to know of some products, and which rules they meet according to the database."""

    facts: dict[int, dict[str, set[Any]]] = field(default_factory=dict)
    members: dict[tuple[int, int], int] = field(default_factory=dict)


def load_known(
    product_ids: Collection[int],
    *,
    fields: Collection[str],
    categories: Iterable[Categories],
    currency: str,
    at: datetime,
) -> Known:
    """
    Facts of those of the products that are in the index, as far as `fields` name them, and the memberships
    (rule, product) of all of them: two SQL statements, whatever the fields.
    """
    known = Known()
    entries = ProductIndex.objects.filter(product_id__in=product_ids, currency=currency).values_list(
        "product_id", "price_from", "on_sale", "stock_status", "published_at", "brand_slug", "category_ids"
    )
    places = _invert(categories)
    for product_id, price, on_sale, stock, published_at, brand, category_ids in entries:
        known.facts[product_id] = {
            "price": {price},
            "on_sale": {on_sale},
            "stock": {stock},
            "age_days": {Decimal((at - published_at) // ONE_DAY)},
            "brand": {brand} if brand else set(),
            "category": {slug for pk in category_ids for slug in places.get(pk, ())},
        }
    for product_id, kind, key, word in _rows(product_ids, fields=fields, currency=currency):
        if kind == "member":
            known.members[int(key), product_id] = int(word)
        elif product_id in known.facts:
            name, value = _read_fact(kind, key, word)
            if value is not None:
                known.facts[product_id].setdefault(name, set()).add(value)
    return known


def _invert(categories: Iterable[Categories]) -> dict[int, set[str]]:
    places: dict[int, set[str]] = {}
    for held in categories:
        for slug, ids in held.items():
            for pk in ids:
                places.setdefault(pk, set()).add(slug)
    return places


def _read_fact(kind: str, key: str, word: str) -> tuple[str, Any]:
    if kind in ("tag", "type", "collection"):
        return kind, word
    name = ATTRIBUTE + key
    if kind == Attribute.Kind.NUMBER:
        return name, Decimal(word) if re.match(NUMBER_TEXT, word) else None
    if kind == Attribute.Kind.BOOLEAN:
        return name, {"yes": True, "no": False}.get(word)
    if kind == Attribute.Kind.DATE:
        try:
            return name, date.fromisoformat(word)
        except ValueError:
            return name, None
    return name, word


def _rows(product_ids: Collection[int], *, fields: Collection[str], currency: str) -> Iterable[Any]:
    """Tags, types, collections, attributes and memberships in one statement: (product, kind, key, word)."""
    members = RuleMember.objects.filter(product_id__in=product_ids)
    parts = [_columns(members, "product_id", "member", "rule_id", "pk")]
    for name in ("tag", "type", "collection"):
        if name in fields:
            rows, slug, product = _linked(name)
            of_these = rows.filter(**{f"{product}__in": product_ids})
            parts.append(_columns(of_these, product, name, None, slug))
    slugs = [name.removeprefix(ATTRIBUTE) for name in fields if name.startswith(ATTRIBUTE)]
    if slugs:
        values = ProductIndexFacet.objects.filter(
            entry__product_id__in=product_ids, entry__currency=currency, attribute__slug__in=slugs
        )
        parts.append(_columns(values, "entry__product_id", "value", "attribute__slug", "value__slug"))
        texts = ProductAttribute.objects.filter(
            page_id__in=product_ids, attribute__slug__in=slugs, attribute__kind__in=TYPED_KINDS
        )
        parts.append(_columns(texts, "page_id", F("attribute__kind"), "attribute__slug", "text"))
    return parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]


def _columns(rows: QuerySet[Any], product: str, kind: str | F, key: str | None, word: str) -> QuerySet[Any]:
    text = CharField()
    return (
        rows.order_by()
        .annotate(
            fact_product=F(product),
            fact_kind=Cast(kind if isinstance(kind, F) else Value(kind), text),
            fact_key=Cast(F(key) if key else Value(""), text),
            fact_word=Cast(F(word), text),
        )
        .values_list("fact_product", "fact_kind", "fact_key", "fact_word")
    )
