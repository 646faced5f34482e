from __future__ import annotations

from collections.abc import Sequence

from search.values import ProductConnectionData, ProductFilter, ProductSort, ProductSummary


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
) -> ProductConnectionData:
    """
    Public products that meet `filters`, one page of at most `first`.

    Without `sort`: by relevance when there is a query, by hand in a collection, otherwise newest first. `after`/`before` take
    cursors of an earlier answer in the same order; `offset` skips rows, for numbered pages (not together with a cursor).

    :raises InvalidCursor: if a cursor is not of this list's order
    :raises CurrencyNotSold: if `currency` (default: the shop's) has no prices
    """
    raise NotImplementedError


def list_products_by_ids(*, product_ids: Sequence[int], currency: str | None = None) -> list[ProductSummary]:
    """The public ones among these products, in the given order (products picked by hand in a block)."""
    raise NotImplementedError
