"""The storefront's lists of products: categories, collections, search."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from search.errors import CategoryNotFound, CollectionNotFound
from search.listing import LONGEST_QUERY, load_listing
from search.selectors import get_category, get_collection
from search.selectors.suggestions import search_beside_products
from search.selectors.tree import load_tree
from search.values import ProductFilter


@require_safe
def category(request: HttpRequest, slug: str) -> HttpResponse:
    """A category: what is in it and below it."""
    tree = load_tree()
    try:
        found = get_category(slug=slug, tree=tree)
    except CategoryNotFound as error:
        raise Http404 from error
    listing = load_listing(request.GET, base=ProductFilter(category=found.slug), tree=tree)
    return TemplateResponse(request, "catalogue/category.html", {"category": found, "listing": listing})


@require_safe
def collection(request: HttpRequest, slug: str) -> HttpResponse:
    """A collection, in the order in which it was put together."""
    try:
        found = get_collection(slug=slug)
    except CollectionNotFound as error:
        raise Http404 from error
    listing = load_listing(request.GET, base=ProductFilter(collection=found.slug), tree=load_tree())
    return TemplateResponse(request, "catalogue/collection.html", {"collection": found, "listing": listing})


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Search results; without a query, everything there is."""
    query = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_QUERY]
    tree = load_tree()
    listing = load_listing(request.GET, base=ProductFilter(query=query), tree=tree)
    categories, pages = search_beside_products(query=query, tree=tree)
    return TemplateResponse(
        request,
        "search/results.html",
        {"query": query, "listing": listing, "categories": categories, "pages": pages},
    )
