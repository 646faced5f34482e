from __future__ import annotations

from search.values import ProductDetail


def get_product_detail(
    *, slug: str | None = None, sku: str | None = None, product_id: int | None = None, currency: str | None = None
) -> ProductDetail:
    """
    One public product with everything its page shows, by exactly one of slug, SKU (any case) or id.

    :raises ProductNotFound: if it is not public or not sellable
    """
    raise NotImplementedError


def get_product_preview(*, page: object, currency: str | None = None) -> ProductDetail:
    """The same of a page object in memory, public or not: for the admin's preview only."""
    raise NotImplementedError
