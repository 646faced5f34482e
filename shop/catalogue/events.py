"""
What the catalogue tells the rest of the shop.

``product.published``, ``product.unpublished``, ``product.deleted`` ``{product_id}``
    one page, recorded by the save or delete itself.
``product.drafted`` ``{product_id}``
    a draft was saved, or a page that nobody sees; shoppers notice nothing.
``products.changed`` ``{product_ids}``
    many at once (an import, a moved folder, a view restriction): subscribers look up what is true now.
``variant.changed`` ``{variant_ids, product_ids}``
    SKUs, titles, attributes, or what is archived.
``category.changed`` ``{category_ids}``, ``collection.changed`` ``{collection_ids}``
    words, visibility or place in the tree.
``address.changed`` ``{old_path, new_path}``
    a category or a collection is live under another address; ``old_path`` is empty where there was none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

from shop.core.outbox import record_event

BATCH = 500


def record_products_changed(product_ids: Iterable[int]) -> None:
    """Record ``products.changed`` in batches of 500, inside the caller's transaction."""
    remaining = iter(product_ids)
    while batch := list(islice(remaining, BATCH)):
        record_event("products.changed", key=f"products:{batch[0]}", payload={"product_ids": batch})


def record_draft(product_id: int) -> None:
    """Record ``product.drafted`` inside the caller's transaction."""
    record_event("product.drafted", key=f"product:{product_id}", payload={"product_id": product_id})


def record_variants_changed(*, variant_ids: Sequence[int], product_ids: Sequence[int]) -> None:
    """Record ``variant.changed`` inside the caller's transaction; nothing when nothing changed."""
    if variant_ids:
        record_event(
            "variant.changed",
            key=f"product:{product_ids[0]}" if product_ids else f"variant:{variant_ids[0]}",
            payload={"variant_ids": list(variant_ids), "product_ids": list(product_ids)},
        )


def record_categories_changed(category_ids: Sequence[int]) -> None:
    """Record ``category.changed`` inside the caller's transaction; nothing when nothing changed."""
    if category_ids:
        record_event(
            "category.changed",
            key=f"category:{category_ids[0]}",
            payload={"category_ids": list(category_ids)},
        )
