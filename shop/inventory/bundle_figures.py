"""What inventory says of a bundle while it is being put together."""

from __future__ import annotations

from collections.abc import Mapping

from shop.catalogue.bundle_figures import Figure, register_bundle_figures
from shop.inventory.allocation import PLENTY, bundle_status, count_whole
from shop.inventory.selectors import read_stock


def count_bundles(pieces: Mapping[int, int]) -> list[Figure]:
    """Count how many bundles the parts in stock make: one query."""
    pools = read_stock(pieces).pools
    whole = count_whole(pieces, {pk: max(pool.free, 0) for pk, pool in pools.items()})
    counted = any(pools[pk].free < PLENTY for pk in pieces)
    return [
        Figure("Can be sold now", str(whole) if counted else "Any number"),
        Figure("Shoppers see", str(bundle_status(pieces, pools).label)),
    ]


def register() -> None:
    """Register it; called once when the app is ready."""
    register_bundle_figures(count_bundles)
