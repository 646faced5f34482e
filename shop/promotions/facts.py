"""What is known of goods and shoppers, as far as promotions ask. Part of `selectors` in rank."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from shop.catalogue.models import (
    Category,
    ProductAttribute,
    ProductCategory,
    ProductCollection,
    ProductCollectionItem,
    ProductPage,
    ProductTag,
    VariantAttribute,
)
from shop.catalogue.predicates import Facts, Node, conditions_of
from shop.promotions.vocabularies import WEEKDAYS

ATTRIBUTE = "attribute."
Membership = Callable[[Collection[int]], Iterable[tuple[int, str]]]
"""Pairs of a product and the slug of a collection that it is in by rule."""
IsFirstOrder = Callable[["Shopper"], bool]

_memberships: list[Membership] = []
_first_order: list[IsFirstOrder] = []


def register_membership(find: Membership) -> None:
    """Let an app above tell which collections products are in by rule; twice changes nothing."""
    if find not in _memberships:
        _memberships.append(find)


def register_first_order(find: IsFirstOrder) -> None:
    """Let the app that knows orders tell whether a shopper has none yet; twice changes nothing."""
    if find not in _first_order:
        _first_order.append(find)


@dataclass(frozen=True, kw_only=True, slots=True)
class Goods:
    """What a line of a basket holds. ``price`` is that of one piece as shoppers see it."""

    variant_id: int
    product_id: int | None
    sku: str
    price: Decimal
    quantity: int
    is_reduced: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Shopper:
    """Who buys, and where the goods go; ``country`` as ISO 3166-1 alpha-2, empty while unknown."""

    user_id: int | None = None
    email: str = ""
    group_slug: str = ""
    country: str = ""


def load_goods_facts(goods: Sequence[Goods], fields: Collection[str]) -> dict[int, Facts]:
    """
    Facts of :data:`~shop.promotions.vocabularies.GOODS` by variant, as far as ``fields`` name them: at most
    three statements, and none for what the line itself says.
    """
    by_product = _load_products({one.product_id for one in goods if one.product_id}, fields)
    by_variant = _load_variants({one.variant_id for one in goods}, fields)
    found: dict[int, Facts] = {}
    for one in goods:
        facts: dict[str, Collection[Any]] = {
            "sku": {one.sku, one.sku.lower(), one.sku.upper()},
            "price": [one.price],
            "quantity": [Decimal(one.quantity)],
            "on_sale": [one.is_reduced],
        }
        facts |= by_product.get(one.product_id or 0, {})
        for name, values in by_variant.get(one.variant_id, {}).items():
            facts[name] = {*facts.get(name, ()), *values}
        found[one.variant_id] = facts
    return found


Words = dict[int, dict[str, set[str]]]


def _load_products(ids: Collection[int], fields: Collection[str]) -> Words:
    parts = list(_product_rows(ids, fields)) if ids else []
    if not parts:
        return {}
    found: Words = {}
    rows = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    paths: list[tuple[int, str]] = []
    for product_id, name, word in rows:
        if name == "category":
            paths.append((product_id, word))
        else:
            found.setdefault(product_id, {}).setdefault(name, set()).add(word)
    _add_categories(found, paths)
    if "collection" in fields:
        for find in _memberships:
            for product_id, slug in find(ids):
                found.setdefault(product_id, {}).setdefault("collection", set()).add(slug)
    return found


def _add_categories(found: Words, paths: Sequence[tuple[int, str]]) -> None:
    if not paths:
        return
    slugs = list(Category.objects.order_by().values_list("path", "slug"))
    for product_id, path in paths:
        held = found.setdefault(product_id, {}).setdefault("category", set())
        held.update(slug for above, slug in slugs if path.startswith(above))


def _product_rows(ids: Collection[int], fields: Collection[str]) -> Iterable[QuerySet[Any]]:
    pages = ProductPage.objects.filter(pk__in=ids)
    if "product" in fields:
        yield _columns(pages, "pk", "product", "slug")
    if "brand" in fields:
        yield _columns(pages.filter(brand__isnull=False), "pk", "brand", "brand__slug")
    if "type" in fields:
        yield _columns(pages.filter(product_type__isnull=False), "pk", "type", "product_type__slug")
    if "tag" in fields:
        rows = ProductTag.objects.filter(content_object_id__in=ids)
        yield _columns(rows, "content_object_id", "tag", "tag__slug")
    if "category" in fields:
        rows = ProductCategory.objects.filter(page_id__in=ids)
        yield _columns(rows, "page_id", "category", "category__path")
    if "collection" in fields:
        items = ProductCollectionItem.objects.filter(
            product_id__in=ids, collection__live=True, collection__kind=ProductCollection.Kind.BY_HAND
        )
        yield _columns(items, "product_id", "collection", "collection__slug")
    slugs = _attributes_in(fields)
    if slugs:
        values = ProductAttribute.objects.filter(
            page_id__in=ids, attribute__slug__in=slugs, value__isnull=False
        )
        yield _columns(values, "page_id", F("attribute__slug"), "value__slug", prefix=ATTRIBUTE)


def _attributes_in(fields: Collection[str]) -> list[str]:
    return sorted(name.removeprefix(ATTRIBUTE) for name in fields if name.startswith(ATTRIBUTE))


def _columns(rows: QuerySet[Any], owner: str, name: str | F, word: str, *, prefix: str = "") -> QuerySet[Any]:
    text = CharField()
    named = Concat(Value(prefix), name, output_field=text) if isinstance(name, F) else Value(name)
    return (
        rows.order_by()
        .annotate(fact_owner=F(owner), fact_name=Cast(named, text), fact_word=Cast(F(word), text))
        .values_list("fact_owner", "fact_name", "fact_word")
    )


def _load_variants(ids: Collection[int], fields: Collection[str]) -> Words:
    slugs = _attributes_in(fields)
    if not slugs or not ids:
        return {}
    found: Words = {}
    rows = VariantAttribute.objects.filter(variant_id__in=ids, attribute__slug__in=slugs).order_by()
    for variant_id, slug, word in rows.values_list("variant_id", "attribute__slug", "value__slug"):
        found.setdefault(variant_id, {}).setdefault(ATTRIBUTE + slug, set()).add(word)
    return found


def load_cart_facts(shopper: Shopper, fields: Collection[str], *, at: datetime) -> Facts:
    """
    Facts of :data:`~shop.promotions.vocabularies.CARTS` beside those of the goods; one statement where
    ``fields`` asks for the first order, else none. Days and times are the shop's.
    """
    local = timezone.localtime(at, timezone.get_default_timezone())
    facts: dict[str, Collection[Any]] = {
        "customer_group": [shopper.group_slug] if shopper.group_slug else [],
        "signed_in": [shopper.user_id is not None],
        "country": [shopper.country.lower(), shopper.country.upper()] if shopper.country else [],
        "weekday": [WEEKDAYS[local.weekday()][0]],
        "minute_of_day": [Decimal(local.hour * 60 + local.minute)],
    }
    if "first_order" in fields:
        facts["first_order"] = [all(find(shopper) for find in _first_order)]
    return facts


def cart_fields(rules: Iterable[Node | None]) -> set[str]:
    """What rules about carts ask for."""
    return {condition.field for rule in rules if rule is not None for condition in conditions_of(rule)}
