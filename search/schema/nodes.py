"""
Products, categories and collections: what a list knows is an attribute, the rest is loaded for all at once.
"""

from __future__ import annotations

from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from search.schema.context import asks_for, get_context, selected_paths
from search.schema.inputs import (
    ProductFilterInput,
    ProductSortEnum,
    clean_text,
    page_size,
    read_filter,
    read_sort,
)
from search.schema.types import (
    AttributeValue,
    Brand,
    Breadcrumb,
    Facet,
    Media,
    Money,
    PageInfo,
    Picture,
    PriceRange,
    ProductVariant,
    Seo,
)
from search.selectors import list_products
from search.values import (
    CategoryRef,
    CollectionData,
    Facets,
    ProductConnectionData,
    ProductDetail,
    ProductFilter,
    ProductSummary,
)

Product = ProductSummary | ProductDetail
RELATION_FIELDS = ("related", "crossSells", "upSells")
DETAIL_FIELDS = ("description", "media", "attributes", "breadcrumbs", *RELATION_FIELDS, "seo", "publishedAt")
NODE = "edges.node."


class ProductPage(graphene.ObjectType):
    """A product that can be bought."""

    id = graphene.ID(required=True)
    slug = graphene.String(required=True)
    title = graphene.String(required=True)
    url = graphene.String(required=True)
    summary = graphene.String(required=True)
    description = graphene.String(required=True, description="HTML, safe to show.")
    image = graphene.Field(Picture)
    media = graphene.List(graphene.NonNull(Media), required=True)
    currency = graphene.String(required=True)
    price_from = graphene.Field(Money, required=True, description="The price of the cheapest variant.")
    price_to = graphene.Field(Money, required=True)
    compare_at_price = graphene.Field(Money, description="The higher price to show struck through.")
    lowest_price_30_days = graphene.Field(
        Money, description="Beside a reduced price: the lowest of the 30 days before the reduction."
    )
    is_reduced = graphene.Boolean(
        required=True, description="Whether the higher price was the shop's own, and not a recommended one."
    )
    on_sale = graphene.Boolean(required=True)
    in_stock = graphene.Boolean(required=True)
    brand = graphene.Field(Brand)
    rating = graphene.Float(description="1 to 5; null without reviews.")
    review_count = graphene.Int(required=True)
    variants = graphene.List(graphene.NonNull(ProductVariant), required=True)
    attributes = graphene.List(graphene.NonNull(AttributeValue), required=True)
    categories = graphene.List(
        graphene.NonNull(lambda: Category), required=True, description="The main category first."
    )
    breadcrumbs = graphene.List(graphene.NonNull(Breadcrumb), required=True)
    related = graphene.List(graphene.NonNull(lambda: ProductPage), required=True)
    cross_sells = graphene.List(
        graphene.NonNull(lambda: ProductPage), required=True, description="What goes with it."
    )
    up_sells = graphene.List(
        graphene.NonNull(lambda: ProductPage), required=True, description="Better versions of it."
    )
    seo = graphene.Field(Seo, required=True)
    published_at = graphene.DateTime()

    def resolve_description(root: Product, info: GraphQLResolveInfo) -> str:
        return _detail(root, info, "description_html", "")

    def resolve_media(root: Product, info: GraphQLResolveInfo) -> Any:
        return _detail(root, info, "media", ())

    def resolve_attributes(root: Product, info: GraphQLResolveInfo) -> Any:
        return _detail(root, info, "attributes", ())

    def resolve_breadcrumbs(root: Product, info: GraphQLResolveInfo) -> Any:
        return _detail(root, info, "breadcrumbs", ())

    def resolve_related(root: Product, info: GraphQLResolveInfo) -> Any:
        return _detail(root, info, "related", ())

    def resolve_cross_sells(root: Product, info: GraphQLResolveInfo) -> Any:
        return _detail(root, info, "cross_sells", ())

    def resolve_up_sells(root: Product, info: GraphQLResolveInfo) -> Any:
        return _detail(root, info, "up_sells", ())

    def resolve_seo(root: Product, info: GraphQLResolveInfo) -> Any:
        return _detail(root, info, "seo", {"title": root.title, "description": root.summary})

    def resolve_variants(root: Product, info: GraphQLResolveInfo) -> Any:
        # A list that was not asked for variants has none; what can be bought always has one.
        return root.variants or _detail(root, info, "variants", ())


def _detail(product: Product, info: GraphQLResolveInfo, name: str, missing: Any) -> Any:
    if isinstance(product, ProductDetail):
        get_context(info).expect(product.shown_beside)
        return getattr(product, name)
    return getattr(get_context(info).detail(product), name, missing)


class ProductEdge(graphene.ObjectType):
    """A product and the cursor that continues the list after it."""

    cursor = graphene.String(required=True)
    node = graphene.Field(ProductPage, required=True)


class ProductConnection(graphene.ObjectType):
    """One page of a list."""

    edges = graphene.List(graphene.NonNull(ProductEdge), required=True)
    page_info = graphene.Field(PageInfo, required=True)
    total_count = graphene.Int(required=True)
    facets = graphene.List(graphene.NonNull(Facet), required=True)
    price_range = graphene.Field(PriceRange, required=True)

    def resolve_facets(root: ProductConnectionData, info: GraphQLResolveInfo) -> Any:
        facets = root.facets or Facets()
        return (facets.brands, *facets.attributes) if facets.brands else facets.attributes

    def resolve_price_range(root: ProductConnectionData, info: GraphQLResolveInfo) -> Any:
        facets = root.facets or Facets()
        return {"min": facets.price_min, "max": facets.price_max}


def connect(
    info: GraphQLResolveInfo,
    *,
    filters: ProductFilter,
    sort: Any = None,
    first: int | None = None,
    after: str | None = None,
    currency: str | None = None,
) -> ProductConnectionData:
    """A page of products, loading only what the query asks for."""
    context, paths = get_context(info), selected_paths(info)
    products = list_products(
        filters=filters,
        sort=read_sort(sort),
        first=page_size(first),
        after=after,
        currency=clean_text(currency) if currency else None,
        with_variants="edges.node.variants" in paths and not asks_for(paths, NODE, DETAIL_FIELDS),
        with_total="totalCount" in paths,
        with_facets=asks_for(paths, "", ("facets", "priceRange")),
        tree=context.tree,
    )
    context.expect(products.products)
    return products


class Category(graphene.ObjectType):
    """A category of the shop."""

    id = graphene.ID(required=True)
    slug = graphene.String(required=True)
    name = graphene.String(required=True)
    url = graphene.String(required=True)
    parent = graphene.Field(lambda: Category)
    depth = graphene.Int(required=True, description="1 at the top.")
    children = graphene.List(graphene.NonNull(lambda: Category), required=True)
    breadcrumbs = graphene.List(graphene.NonNull(Breadcrumb), required=True)
    description = graphene.String(required=True)
    image = graphene.Field(Picture)
    product_count = graphene.Int(required=True, description="With those of all categories below it.")
    products = graphene.Field(
        ProductConnection,
        required=True,
        first=graphene.Int(default_value=24),
        after=graphene.String(),
        sort=ProductSortEnum(),
    )

    def resolve_parent(root: CategoryRef, info: GraphQLResolveInfo) -> CategoryRef | None:
        tree = get_context(info).tree
        parent = tree.by_id[root.id].parent_id
        return tree.refs([parent])[0] if parent is not None else None

    def resolve_depth(root: CategoryRef, info: GraphQLResolveInfo) -> int:
        return get_context(info).tree.by_id[root.id].depth

    def resolve_children(root: CategoryRef, info: GraphQLResolveInfo) -> Any:
        tree = get_context(info).tree
        return tree.refs(tree.by_id[root.id].children)

    def resolve_breadcrumbs(root: CategoryRef, info: GraphQLResolveInfo) -> Any:
        tree = get_context(info).tree
        return tree.breadcrumbs(tree.by_id[root.id])

    def resolve_description(root: CategoryRef, info: GraphQLResolveInfo) -> str:
        return get_context(info).texts[root.id].description

    def resolve_image(root: CategoryRef, info: GraphQLResolveInfo) -> Any:
        return get_context(info).texts[root.id].image

    def resolve_product_count(root: CategoryRef, info: GraphQLResolveInfo) -> int:
        return get_context(info).counts.get(root.id, 0)

    def resolve_products(root: CategoryRef, info: GraphQLResolveInfo, **page: Any) -> Any:
        return connect(info, filters=ProductFilter(category=root.slug), **page)


class ProductCollection(graphene.ObjectType):
    """Products put together by hand in an order of choice, or by a rule with the newest first."""

    id = graphene.ID(required=True)
    slug = graphene.String(required=True)
    name = graphene.String(required=True)
    url = graphene.String(required=True)
    description = graphene.String(required=True)
    image = graphene.Field(Picture)
    product_count = graphene.Int(required=True)
    products = graphene.Field(
        ProductConnection,
        required=True,
        first=graphene.Int(default_value=24),
        after=graphene.String(),
        sort=ProductSortEnum(),
    )

    def resolve_products(root: CollectionData, info: GraphQLResolveInfo, **page: Any) -> Any:
        return connect(info, filters=ProductFilter(collection=root.slug), **page)


def product_arguments() -> dict[str, Any]:
    """The arguments of a list of products."""
    return {
        "first": graphene.Int(default_value=24),
        "after": graphene.String(),
        "filter": ProductFilterInput(),
        "currency": graphene.String(description="ISO 4217 code; the shop's own when left out."),
    }


def filtered(given: Any, **more: Any) -> ProductFilter:
    """The filter of an input object."""
    return read_filter(dict(given) if given else None, **more)
