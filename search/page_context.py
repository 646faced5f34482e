"""What the storefront's pages of the catalogue show, contributed to Wagtail's pages and previews by hooks."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from search.choice import VARIANT_PARAM, choose_variant
from search.errors import ProductNotFound
from search.listing import load_listing
from search.selectors import get_product_detail, get_product_preview
from search.selectors.categories import build_category
from search.selectors.collections import build_collection
from search.selectors.tree import load_tree
from search.values import CollectionScope, ProductDetail, ProductFilter
from shop.catalogue.models import Category, ProductCollection, ProductIndexPage, ProductPage
from shop.catalogue.predicates import InvalidRule, Node, parse
from shop.reviews.selectors import list_approved_reviews

REVIEWS = 6


def product_context(request: HttpRequest, page: ProductPage) -> dict[str, Any]:
    """The product, the choice of a variant, and its latest reviews."""
    sku = request.GET.get(VARIANT_PARAM, "")
    if getattr(request, "is_preview", False):
        return describe_product(get_product_preview(page=page), sku=sku)
    # An alias shows its original, whose address is the canonical one.
    shown = page.variants_source if page.alias_of_id else page
    try:
        return describe_product(get_product_detail(product_id=shown.pk), sku=sku)
    except ProductNotFound:
        # Live but with nothing to sell: its words stay, the door to the cart is closed.
        return describe_product(get_product_preview(page=shown), sku=sku)


def describe_product(product: ProductDetail, *, sku: str) -> dict[str, Any]:
    """A product as its template takes it, with the variant ``sku`` chosen."""
    reviews = list(list_approved_reviews(product.id)[:REVIEWS]) if product.review_count else []
    return {"product": product, "choice": choose_variant(product, sku), "reviews": reviews}


def product_index_context(request: HttpRequest, page: ProductIndexPage) -> dict[str, Any]:
    """Everything there is."""
    return {"listing": load_listing(request.GET, base=ProductFilter(), tree=load_tree())}


def category_context(request: HttpRequest, category: Category) -> dict[str, Any]:
    """A category's draft with the products that are in it now."""
    tree = load_tree()
    return {
        "category": build_category(category, tree=tree),
        "listing": load_listing(request.GET, base=ProductFilter(category=category.slug), tree=tree),
    }


def collection_context(request: HttpRequest, collection: ProductCollection) -> dict[str, Any]:
    """A collection's draft with the products that are in it now, or that its rule would bring in."""
    scope = CollectionScope(
        collection.pk or 0,
        is_by_rule=collection.kind == ProductCollection.Kind.BY_RULE,
        draft=_read_draft(collection),
    )
    return {
        "collection": build_collection(collection),
        "listing": load_listing(
            request.GET, base=ProductFilter(collection=collection.slug, scope=scope), tree=load_tree()
        ),
    }


def _read_draft(collection: ProductCollection) -> Node | None:
    if collection.kind != ProductCollection.Kind.BY_RULE:
        return None
    try:
        return parse(collection.rule)
    except InvalidRule:
        return None
