"""
The catalogue in GraphQL: lean types over the frozen values of `search.values`.

`COSTS` says what a field costs beside the objects that it answers with, so that `nexus.graphql` can refuse
before any SQL runs: about 25 a statement.
"""

from __future__ import annotations

from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from search import selectors
from search.schema.context import asks_for, get_context, selected_paths
from search.schema.inputs import ProductSortEnum, bad_input, clean_text, page_size
from search.schema.nodes import (
    DETAIL_FIELDS,
    Category,
    ProductCollection,
    ProductConnection,
    ProductPage,
    connect,
    filtered,
    product_arguments,
)
from search.schema.types import Suggestion
from search.values import CategoryRef, CollectionData, ProductConnectionData
from search.values import Suggestion as SuggestionData

__all__ = ["COSTS", "SHARED_COSTS", "CatalogueQuery"]

MAX_SUGGESTIONS = 20
LARGEST_ID = 2**63 - 1

# Paid wherever the field stands, as often as its parent does.
COSTS = {
    "Query.products": 75,
    "Query.searchProducts": 75,
    "Query.product": 75,
    "Query.suggest": 100,
    "Query.collection": 50,
    "Query.collections": 50,
    "Category.products": 75,
    "ProductCollection.products": 75,
    "ProductConnection.totalCount": 25,
    "ProductConnection.facets": 100,
    "ProductConnection.priceRange": 100,
}
# Paid once a request, because it is loaded for all at once.
SHARED_COSTS = {
    "Category.description": 50,
    "Category.image": 50,
    "Category.productCount": 50,
    "Query.categories": 25,
    "Query.category": 25,
    "ProductPage.variants": 25,
    "ProductPage.categories": 25,
    **dict.fromkeys(
        (
            "ProductPage.description",
            "ProductPage.media",
            "ProductPage.attributes",
            "ProductPage.breadcrumbs",
            "ProductPage.related",
            "ProductPage.crossSells",
            "ProductPage.upSells",
            "ProductPage.seo",
        ),
        100,
    ),
}


class CatalogueQuery(graphene.ObjectType):
    """The catalogue's root fields."""

    product = graphene.Field(
        ProductPage,
        slug=graphene.String(),
        sku=graphene.String(),
        id=graphene.ID(),
        currency=graphene.String(),
        description="One product, by exactly one of slug, SKU or id; null if there is none.",
    )
    products = graphene.Field(
        ProductConnection,
        required=True,
        sort=ProductSortEnum(),
        **product_arguments(),
        description="Products.",
    )
    search_products = graphene.Field(
        ProductConnection,
        required=True,
        query=graphene.String(required=True),
        **product_arguments(),
        description="Products that answer to the words, by relevance.",
    )
    category = graphene.Field(Category, slug=graphene.String(required=True))
    categories = graphene.List(
        graphene.NonNull(Category),
        required=True,
        parent=graphene.String(description="Only what is below this category."),
        depth=graphene.Int(description="Only this many levels."),
    )
    collection = graphene.Field(ProductCollection, slug=graphene.String(required=True))
    collections = graphene.List(graphene.NonNull(ProductCollection), required=True)
    suggest = graphene.List(
        graphene.NonNull(Suggestion),
        required=True,
        query=graphene.String(required=True),
        first=graphene.Int(default_value=8),
    )

    def resolve_product(root: Any, info: GraphQLResolveInfo, **by: Any) -> Any:
        currency = by.pop("currency", None)
        given: dict[str, Any] = {name: clean_text(value) for name, value in by.items() if value is not None}
        if len(given) != 1:
            raise bad_input("Give exactly one of slug, sku and id.")
        if "id" in given:
            number = given.pop("id")
            if not (number.isascii() and number.isdigit() and int(number) <= LARGEST_ID):
                return None
            given["product_id"] = int(number)
        currency = clean_text(currency) if currency else None
        tree = get_context(info).tree
        try:
            if asks_for(selected_paths(info), "", DETAIL_FIELDS):
                return selectors.get_product_detail(**given, currency=currency, tree=tree)
            return selectors.get_product_summary(**given, currency=currency, tree=tree)
        except selectors.ProductNotFound:
            return None

    def resolve_products(
        root: Any,
        info: GraphQLResolveInfo,
        filter: Any = None,  # noqa: A002
        **page: Any,
    ) -> ProductConnectionData:
        return connect(info, filters=filtered(filter), **page)

    def resolve_search_products(
        root: Any,
        info: GraphQLResolveInfo,
        query: str,
        filter: Any = None,  # noqa: A002
        **page: Any,
    ) -> ProductConnectionData:
        return connect(info, filters=filtered(filter, query=query or " "), sort="relevance", **page)

    def resolve_category(root: Any, info: GraphQLResolveInfo, slug: str) -> CategoryRef | None:
        node = get_context(info).tree.by_slug.get(slug)
        return node.as_ref() if node else None

    def resolve_categories(
        root: Any, info: GraphQLResolveInfo, parent: str | None = None, depth: int | None = None
    ) -> Any:
        if depth is not None and depth < 1:
            raise bad_input("Give a depth of 1 or more.")
        tree = get_context(info).tree
        found = selectors.list_categories(parent=parent, depth=depth, with_counts=False, tree=tree)
        return tree.refs(category.id for category in found)

    def resolve_collection(root: Any, info: GraphQLResolveInfo, slug: str) -> CollectionData | None:
        try:
            return selectors.get_collection(slug=clean_text(slug))
        except selectors.CollectionNotFound:
            return None

    def resolve_collections(root: Any, info: GraphQLResolveInfo) -> list[CollectionData]:
        return selectors.list_collections()

    def resolve_suggest(
        root: Any, info: GraphQLResolveInfo, query: str, first: int | None = 8
    ) -> list[SuggestionData]:
        return selectors.suggest(
            query=clean_text(query), first=page_size(first, default=8, most=MAX_SUGGESTIONS)
        )
