"""The storefront's lists of products: categories, collections, search."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe
from wagtail.views import serve

from search.category_cache import get_kept_category
from search.choice import VARIANT_PARAM
from search.errors import CategoryNotFound, CollectionNotFound, ProductNotFound
from search.listing import LONGEST_QUERY, load_listing
from search.page_context import describe_product
from search.selectors import get_collection, get_product_detail
from search.selectors.suggestions import search_beside_products
from search.selectors.tree import load_tree
from search.values import ProductFilter


def product(request: HttpRequest, slug: str) -> HttpResponse:
    """
    A product's page, straight from the index: what has a row there may be seen by anybody.

    Whatever has none (a draft, a page that asks for a password, another page of this name) takes
    Wagtail's way, with its queries and its checks.
    """
    if request.method in ("GET", "HEAD"):
        try:
            found = get_product_detail(slug=slug)
        except ProductNotFound:
            pass
        else:
            if found.url == request.path:
                context = describe_product(found, sku=request.GET.get(VARIANT_PARAM, ""))
                return TemplateResponse(request, "catalogue/product_page.html", context)
    return serve(request, request.path.removeprefix("/"))


@require_safe
def category(request: HttpRequest, slug: str) -> HttpResponse:
    """A category: what is in it and below it."""
    tree = load_tree()
    try:
        found = get_kept_category(slug=slug, tree=tree)
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
