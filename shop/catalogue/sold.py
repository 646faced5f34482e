"""
Which variants were ever sold: their SKU stands on papers, so it stays, and so do they.

The catalogue knows no orders. Whoever does registers a check when its app is ready::

    register_sold_check(find_ordered_variants)
"""

from __future__ import annotations

from collections.abc import Callable, Collection

SoldCheck = Callable[[Collection[int]], set[int]]
"""Takes primary keys of variants and returns those that were sold."""

_checks: list[SoldCheck] = []


def register_sold_check(check: SoldCheck) -> None:
    """Add a check; doing it twice changes nothing."""
    if check not in _checks:
        _checks.append(check)


def find_sold_variants(variant_ids: Collection[int]) -> set[int]:
    """Those of the variants that some app has sold; one query per app."""
    if not variant_ids:
        return set()
    return set().union(*(check(variant_ids) for check in _checks))
