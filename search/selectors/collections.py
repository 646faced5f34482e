from __future__ import annotations

from search.values import CollectionData


def list_collections(*, currency: str | None = None) -> list[CollectionData]:
    """Public collections by name."""
    raise NotImplementedError


def get_collection(*, slug: str, currency: str | None = None) -> CollectionData:
    """
    One public collection; its products are `list_products(filters=ProductFilter(collection=slug))`.

    :raises CollectionNotFound: if none is public under this slug
    """
    raise NotImplementedError
