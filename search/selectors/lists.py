"""Lists of products: one page of what meets a filter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from search.errors import CurrencyNotSold
from search.models import ProductIndex
from search.selectors.audience import for_caller
from search.selectors.facets import count_facets
from search.selectors.matching import matching_entries, with_order_columns, with_scope
from search.selectors.ordering import (
    MANUAL,
    ORDERS,
    PLACED,
    beyond,
    decode_cursor,
    encode_cursor,
    for_audience,
    ordered,
)
from search.selectors.summaries import COLUMNS, Row, summarise
from search.selectors.tree import CategoryTree, load_tree
from search.values import (
    PageInfo,
    ProductConnectionData,
    ProductEdge,
    ProductFilter,
    ProductSort,
    ProductSummary,
)
from shop.core.selectors import get_shop_settings
from shop.pricing import audience
from shop.pricing.selectors import list_offered_currencies

NO_FILTER = ProductFilter()


def list_products(
    *,
    filters: ProductFilter | None = None,
    sort: ProductSort | None = None,
    first: int = 24,
    after: str | None = None,
    before: str | None = None,
    offset: int = 0,
    currency: str | None = None,
    with_variants: bool = False,
    with_total: bool = False,
    with_facets: bool = False,
    tree: CategoryTree | None = None,
) -> ProductConnectionData:
    """
    Public products that meet `filters`, one page of at most `first`.

    Without `sort`: by relevance when there is a query, by hand in a collection that was put together so, in
    a category those in a place by hand first, otherwise newest first.
    `after`/`before` take cursors of an earlier answer in the same order; `offset` skips rows, for numbered
    pages (not with a cursor). `with_variants` costs one SQL statement, `with_total` one, `with_facets` two.

    :raises InvalidCursor: if a cursor is not of this list's order
    :raises CurrencyNotSold: if `currency` (default: the shop's) has no prices
    """
    filters = with_scope(filters or NO_FILTER)
    currency = check_currency(currency)
    tree = tree or load_tree()
    entries = matching_entries(filters, currency=currency, tree=tree)
    order = for_audience(order_of(sort, filters))
    columns = (*COLUMNS, "variants") if with_variants else COLUMNS
    page = _fetch_page(
        with_order_columns(entries, filters, tree=tree).values(*columns, *_extra_columns(order)),
        order=order,
        first=first,
        after=after,
        before=before,
        offset=offset,
    )
    # Made before the rows get this moment's prices: they go by what the database sorts by.
    cursor_of = {row["product_id"]: encode_cursor(order, row) for row in page.rows}
    nodes = summarise(for_caller(page.rows), tree=tree, with_variants=with_variants)
    edges = tuple(ProductEdge(cursor_of[node.id], node) for node in nodes)
    return ProductConnectionData(
        edges=edges,
        page_info=PageInfo(
            has_next_page=page.has_next,
            has_previous_page=page.has_previous,
            start_cursor=edges[0].cursor if edges else None,
            end_cursor=edges[-1].cursor if edges else None,
        ),
        total_count=entries.count() if with_total else None,
        facets=count_facets(filters, currency=currency, tree=tree) if with_facets else None,
        currency=currency,
    )


def list_products_by_ids(
    *,
    product_ids: Sequence[int],
    currency: str | None = None,
    with_variants: bool = False,
    tree: CategoryTree | None = None,
) -> list[ProductSummary]:
    """The public ones among these products, in the given order (products picked by hand in a block)."""
    if not product_ids:
        return []
    columns = (*COLUMNS, "variants") if with_variants else COLUMNS
    rows = ProductIndex.objects.filter(
        product_id__in=list(product_ids), currency=check_currency(currency)
    ).values(*columns)
    place = {product_id: number for number, product_id in reversed(list(enumerate(product_ids)))}
    return summarise(
        for_caller(sorted(rows, key=lambda row: place[row["product_id"]])),
        tree=tree or load_tree(),
        with_variants=with_variants,
    )


def check_currency(currency: str | None) -> str:
    """
    The currency to answer in: that of the audience or the shop's, unless the caller asks for another one.

    :raises CurrencyNotSold: if the shop does not offer it
    """
    shop = get_shop_settings()
    if currency is None:
        return audience.current().currency or shop.default_currency
    if currency != shop.default_currency and currency not in list_offered_currencies(shop):
        raise CurrencyNotSold
    return currency


def order_of(sort: ProductSort | None, filters: ProductFilter) -> str:
    """The order's name in `ordering.ORDERS`, for a filter with its scope."""
    if sort is None and filters.query.strip():
        return ProductSort.RELEVANCE
    if sort is None and filters.scope is not None:
        return ProductSort.NEWEST if filters.scope.is_by_rule else MANUAL
    if filters.category is not None and sort in (None, ProductSort.RELEVANCE) and not filters.query.strip():
        return PLACED
    return sort or ProductSort.NEWEST


def _extra_columns(order: str) -> list[str]:
    return [name for column in ORDERS[order] if (name := column.lstrip("-")) not in COLUMNS]


@dataclass(frozen=True, slots=True)
class _Page:
    rows: list[Row]
    has_next: bool
    has_previous: bool


def _fetch_page(
    entries: QuerySet[Any, Any], *, order: str, first: int, after: str | None, before: str | None, offset: int
) -> _Page:
    """One row more than asked for tells whether the list goes on."""
    backwards = before is not None
    cursor = before if backwards else after
    page = ordered(entries, order, backwards=backwards)
    if cursor is not None:
        page = page.filter(beyond(order, decode_cursor(order, cursor), backwards=backwards))
        offset = 0
    rows: list[Row] = list(page[offset : offset + first + 1])
    goes_on = len(rows) > first
    rows = rows[:first]
    if backwards:
        return _Page(rows[::-1], has_next=True, has_previous=goes_on)
    return _Page(rows, has_next=goes_on, has_previous=cursor is not None or offset > 0)
