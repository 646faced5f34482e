"""Which index rows meet a filter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from django.db.models import Case, Expression, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from search.models import ProductIndex, ProductIndexCategory, ProductIndexFacet, RuleMember
from search.selectors.audience import (
    on_sale,
    price_column,
    promote_price_columns,
    with_price_columns,
)
from search.selectors.rules import find_categories, rule_condition
from search.selectors.tree import CategoryTree
from search.text import fold, query_words
from search.values import AttributeFilter, CollectionScope, ProductFilter
from shop.catalogue.models import CategoryPlacement, ProductCollection, ProductCollectionItem
from shop.core import clock

# Behind every place that somebody can give a product by hand.
UNPLACED = 2_000_000_000
EXACT_TITLE, TITLE_BEGINS, WORD_IN_TITLE = 100, 40, 10


def matching_entries(filters: ProductFilter, *, currency: str, tree: CategoryTree) -> QuerySet[ProductIndex]:
    """The rows of public products that meet every condition. Nothing is annotated or ordered yet."""
    condition = Q(currency=currency)
    if filters.category is not None:
        condition &= _in_categories(tree.subtree_ids(filters.category))
    if filters.collection is not None:
        condition &= _in_collection(filters.scope or find_scope(filters.collection))
    if filters.brands:
        condition &= Q(brand_slug__in=filters.brands)
    if filters.price_min is not None:
        condition &= Q(**{f"{price_column()}__gte": filters.price_min})
    if filters.price_max is not None:
        condition &= Q(**{f"{price_column()}__lte": filters.price_max})
    if filters.in_stock is not None:
        condition &= Q(in_stock=filters.in_stock)
    if filters.on_sale is not None:
        condition &= on_sale(filters.on_sale)
    for attribute in filters.attributes:
        condition &= _has_value(attribute)
    if filters.query.strip():
        condition &= _has_words(filters.query, tree)
    return with_price_columns(ProductIndex.objects.all()).filter(condition)


def without_attribute(filters: ProductFilter, slug: str) -> ProductFilter:
    """The filter, with any value of this attribute."""
    return replace(filters, attributes=tuple(held for held in filters.attributes if held.slug != slug))


def with_scope(filters: ProductFilter) -> ProductFilter:
    """The filter with what its collection stands for, looked up once for all that the answer needs."""
    if filters.collection is None or filters.scope is not None:
        return filters
    return replace(filters, scope=find_scope(filters.collection))


def find_scope(slug: str) -> CollectionScope:
    """How the products of a public collection are found; there are none in one that is not public."""
    found = ProductCollection.objects.live().filter(slug=slug).values_list("pk", "kind").first()
    pk, kind = found or (0, ProductCollection.Kind.BY_HAND)
    return CollectionScope(pk, is_by_rule=kind == ProductCollection.Kind.BY_RULE)


def with_order_columns(
    entries: QuerySet[ProductIndex], filters: ProductFilter, *, tree: CategoryTree
) -> QuerySet[ProductIndex]:
    """The rows with what orders need beyond the columns: `score`, `rated`, `position` and `place`."""
    entries = entries.annotate(
        score=_score(filters.query),
        rated=Coalesce(F("rating"), Value(0), output_field=_RATING),
        place=_place(filters.category, tree),
    )
    if filters.scope is not None and not filters.scope.is_by_rule:
        position = _items(filters.scope).filter(product_id=OuterRef("product_id"))
        entries = entries.annotate(position=Subquery(position.values("sort_order")[:1]))
    return promote_price_columns(entries)


def _place(category: str | None, tree: CategoryTree) -> Expression:
    """Where somebody has put a product in the category's list; what was not put anywhere stands behind."""
    unplaced = Value(UNPLACED, output_field=IntegerField())
    node = tree.by_slug.get(category) if category else None
    if node is None or not node.is_ordered:
        # A constant, that the database leaves out of the order: it can walk the index of the newest.
        return unplaced
    placements = CategoryPlacement.objects.filter(category_id=node.id, product_id=OuterRef("product_id"))
    return Coalesce(Subquery(placements.values("position")[:1]), unplaced)


_RATING = ProductIndex._meta.get_field("rating")


def _items(scope: CollectionScope) -> QuerySet[ProductCollectionItem]:
    return ProductCollectionItem.objects.filter(collection_id=scope.id)


def _in_collection(scope: CollectionScope) -> Q:
    if scope.draft is not None:
        return rule_condition(scope.draft, categories=find_categories(scope.draft), at=clock.now())
    if scope.is_by_rule:
        members = RuleMember.objects.filter(rule__collection_id=scope.id)
        return Q(product__in=members.values("product_id"))
    return Q(product__in=_items(scope).values("product_id"))


def _in_categories(ids: Iterable[int]) -> Q:
    rows = ProductIndexCategory.objects.filter(category_id__in=list(ids))
    return Q(pk__in=rows.values("entry_id"))


def _has_value(attribute: AttributeFilter) -> Q:
    rows = ProductIndexFacet.objects.filter(
        attribute__slug=attribute.slug, attribute__is_filterable=True, value__slug__in=attribute.values
    )
    return Q(pk__in=rows.values("entry_id"))


def _has_words(query: str, tree: CategoryTree) -> Q:
    words = query_words(query)
    if not words:
        return Q(pk__in=[])
    condition = Q()
    for parts in words:
        found = Q(search_text__contains=f" {''.join(parts)}")
        if len(parts) > 1:
            every_part = Q()
            for part in parts:
                every_part &= Q(search_text__contains=f" {part}")
            found |= every_part
        if named_so := [
            node.id for node in tree if all(f" {part}" in f" {fold(node.name)}" for part in parts)
        ]:
            below = {below.id for node_id in named_so for below in tree.subtree(tree.by_id[node_id])}
            found |= _in_categories(below)
        condition &= found
    return condition


def _score(query: str) -> Expression:
    """How well the title answers the query; what only the text knows scores 0 and sorts by popularity."""
    words = query_words(query)
    if not words:
        return Value(0, output_field=IntegerField())
    title = fold(query)
    score: Expression = Case(
        When(sort_title=title, then=Value(EXACT_TITLE)),
        When(sort_title__startswith=title, then=Value(TITLE_BEGINS)),
        default=Value(0),
        output_field=IntegerField(),
    )
    for parts in words:
        at_start = Q(sort_title__startswith=parts[0]) | Q(sort_title__contains=f" {parts[0]}")
        score += Case(
            When(at_start, then=Value(WORD_IN_TITLE)), default=Value(0), output_field=IntegerField()
        )
    return score
