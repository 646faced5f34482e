"""Search over everything, and suggestions as one types."""

from __future__ import annotations

from wagtail.models import Page

from search.models import ProductIndex
from search.selectors.audience import FIGURES, for_caller
from search.selectors.images import load_images
from search.selectors.lists import check_currency, list_products
from search.selectors.matching import matching_entries, with_order_columns
from search.selectors.ordering import ordered
from search.selectors.tree import CategoryTree, load_tree
from search.text import fold, query_words
from search.values import CategoryRef, PageHit, ProductFilter, ProductSort, SearchResult, Suggestion
from shop.catalogue.models import ProductIndexPage, ProductPage
from shop.core.money import Money

SHORTEST_QUERY = 2
CATEGORIES, BRANDS, PAGES = 3, 2, 5


def suggest(*, query: str, first: int = 8, currency: str | None = None) -> list[Suggestion]:
    """Categories, brands and products whose words begin as the query's do; none below two characters."""
    currency = check_currency(currency)
    if len(fold(query)) < SHORTEST_QUERY:
        return []
    tree = load_tree()
    found = [
        Suggestion("category", ref.name, ref.url, ref.slug) for ref in _categories(query, tree)[:CATEGORIES]
    ]
    found += _brands(query, currency)
    found = found[:first]
    return found + _products(query, currency, tree, first - len(found))


def search_everything(
    *,
    query: str,
    first: int = 24,
    after: str | None = None,
    before: str | None = None,
    currency: str | None = None,
) -> SearchResult:
    """
    Products by relevance, categories and editorial pages for one query; nothing for a query without a word.

    :raises InvalidCursor: if a cursor is not of this list
    """
    tree = load_tree()
    products = list_products(
        filters=ProductFilter(query=query or " "),
        sort=ProductSort.RELEVANCE,
        first=first,
        after=after,
        before=before,
        currency=currency,
        with_total=True,
        tree=tree,
    )
    categories, pages = search_beside_products(query=query, tree=tree)
    return SearchResult(query=query, products=products, categories=categories, pages=pages)


def search_beside_products(
    *, query: str, tree: CategoryTree
) -> tuple[tuple[CategoryRef, ...], tuple[PageHit, ...]]:
    """Categories and editorial pages for one query; nothing for a query without a word."""
    if not query_words(query):
        return (), ()
    return tuple(_categories(query, tree)), tuple(_pages(query))


def _categories(query: str, tree: CategoryTree) -> list[CategoryRef]:
    words = [part for parts in query_words(query) for part in parts]
    named = (node for node in tree if all(f" {word}" in f" {fold(node.name)}" for word in words))
    return [node.as_ref() for node in named] if words else []


def _brands(query: str, currency: str) -> list[Suggestion]:
    words = [part for parts in query_words(query) for part in parts]
    brands = ProductIndex.objects.filter(currency=currency).exclude(brand_slug="").order_by("brand_name")
    names = brands.values_list("brand_slug", "brand_name").distinct()
    named = [(slug, name) for slug, name in names if all(f" {word}" in f" {fold(name)}" for word in words)]
    return [Suggestion("brand", name, f"/search/?brand={slug}", slug) for slug, name in named[:BRANDS]]


def _products(query: str, currency: str, tree: CategoryTree, first: int) -> list[Suggestion]:
    if first <= 0:
        return []
    filters = ProductFilter(query=query)
    entries = with_order_columns(matching_entries(filters, currency=currency, tree=tree), filters, tree=tree)
    rows = for_caller(
        ordered(entries, ProductSort.RELEVANCE).values(
            "product_id",
            "currency",
            "slug",
            "title",
            "url",
            "image_id",
            "image_alt",
            "prices_until",
            *FIGURES,
        )[:first]
    )
    images = load_images({row["image_id"]: row["image_alt"] for row in rows if row["image_id"]})
    return [
        Suggestion(
            kind="product",
            title=row["title"],
            url=row["url"],
            slug=row["slug"],
            image=images.get(row["image_id"]),
            price_from=Money(row["price_from"], currency),
        )
        for row in rows
    ]


def _pages(query: str) -> list[PageHit]:
    """Editorial pages, by Wagtail's own search of what is published."""
    pages = Page.objects.live().public().filter(depth__gt=1).not_type(ProductPage).not_type(ProductIndexPage)
    return [
        PageHit(page.title, page.get_url() or "", page.search_description)
        for page in pages.search(" ".join(part for parts in query_words(query) for part in parts))[:PAGES]
    ]
