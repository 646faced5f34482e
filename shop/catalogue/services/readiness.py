"""
The stored readiness of products, by which their list is filtered and sorted.

It is found again by events (``shop.catalogue.consumers``): a saved draft, a publish, a price, a status of
stock. What changes the answer for many products at once, such as a product type that asks for one more
attribute, marks them in its own transaction, and a sweep by the clock does the rest.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import islice
from time import monotonic
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from shop.catalogue.models import ProductPage, ProductReadiness, ProductVariant, ReadinessFinding
from shop.catalogue.readiness import Readiness, check_products

BATCH: Final = 500


def refresh_readiness(product_ids: Iterable[int]) -> int:
    """
    Check these products again, and write down what is different by now; returns how many were.

    Products that share their variants (aliases, translations) are checked with them. One transaction and a
    fixed number of statements for each 500.
    """
    changed = 0
    remaining = iter(sorted(_with_sharers(set(product_ids))))
    while batch := list(islice(remaining, BATCH)):
        changed += _refresh_batch(batch)
    return changed


def refresh_readiness_of_variants(variant_ids: Collection[int]) -> int:
    """The same for the products of these variants."""
    variants = ProductVariant.objects.filter(pk__in=variant_ids, product__isnull=False).order_by()
    return refresh_readiness(variants.values_list("product_id", flat=True))


def mark_stale(products: Q | None = None) -> int:
    """Have the sweep check these products again (all of them, without any); returns how many."""
    rows = ProductReadiness.objects.filter(is_stale=False)
    if products is not None:
        rows = rows.filter(product__in=ProductPage.objects.filter(products).order_by().values("pk"))
    return rows.update(is_stale=True)


def sweep_stale(*, seconds: float) -> int:
    """
    Check what is marked, and products that never were checked, until none is left or the time is over.

    :return: how many were checked
    """
    until = monotonic() + seconds
    checked = 0
    _add_missing()
    while monotonic() < until:
        stale = ProductReadiness.objects.filter(is_stale=True).order_by("product_id")
        batch = list(stale.values_list("product_id", flat=True)[:BATCH])
        if not batch:
            break
        _refresh_batch(batch)
        checked += len(batch)
    return checked


def rebuild_readiness() -> Iterator[tuple[int, int]]:
    """Check every product again, batch by batch; yields how many were checked and how many differed."""
    checked = changed = last = 0
    while batch := _next_ids(last):
        changed += _refresh_batch(batch)
        checked += len(batch)
        last = batch[-1]
        yield checked, changed


def count_wrong() -> int:
    """How many products are stored with another readiness than they have; writes nothing."""
    wrong = last = 0
    while batch := _next_ids(last):
        held = {row.product_id: row for row in ProductReadiness.objects.filter(product__in=batch)}
        codes = _load_codes(batch)
        for pk, readiness in check_products(ProductPage.objects.filter(pk__in=batch)).items():
            wrong += pk not in held or _differs(held[pk], codes.get(pk, set()), readiness)
        last = batch[-1]
    return wrong


def _next_ids(after: int) -> list[int]:
    return list(ProductPage.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:BATCH])


def _with_sharers(product_ids: set[int]) -> set[int]:
    sharers = Q(alias_of__in=product_ids)
    if settings.WAGTAIL_I18N_ENABLED:
        siblings = ProductPage.objects.filter(pk__in=product_ids).order_by()
        sharers |= Q(translation_key__in=siblings.values("translation_key"))
    return product_ids | set(ProductPage.objects.filter(sharers).order_by().values_list("pk", flat=True))


def _add_missing() -> None:
    held = ProductReadiness.objects.filter(product=OuterRef("pk"))
    missing = ProductPage.objects.filter(~Exists(held)).order_by("pk").values_list("pk", flat=True)
    remaining = iter(list(missing))
    while batch := list(islice(remaining, BATCH)):
        ProductReadiness.objects.bulk_create(
            [ProductReadiness(product_id=pk) for pk in batch], ignore_conflicts=True
        )


@transaction.atomic
def _refresh_batch(product_ids: Collection[int]) -> int:
    there = list(ProductPage.objects.filter(pk__in=product_ids).order_by("pk").values_list("pk", flat=True))
    ProductReadiness.objects.bulk_create(
        [ProductReadiness(product_id=pk) for pk in there], ignore_conflicts=True
    )
    # Locked before anything is read, so that of two checks at once the later one sees the newer facts.
    held = {
        row.product_id: row
        for row in ProductReadiness.objects.select_for_update().filter(product__in=there).order_by("product")
    }
    found = check_products(ProductPage.objects.filter(pk__in=held))
    return _write([(held[pk], readiness) for pk, readiness in found.items()], codes=_load_codes(there))


def _load_codes(product_ids: Collection[int]) -> dict[int, set[str]]:
    codes: dict[int, set[str]] = {}
    rows = ReadinessFinding.objects.filter(product__in=product_ids).order_by()
    for product_id, code in rows.values_list("product_id", "code"):
        codes.setdefault(product_id, set()).add(code)
    return codes


def _differs(row: ProductReadiness, codes: set[str], readiness: Readiness) -> bool:
    now = (readiness.score, len(readiness.errors), {finding.code for finding in readiness.findings})
    return (row.score, row.error_count, codes) != now


def _write(pairs: Collection[tuple[ProductReadiness, Readiness]], *, codes: dict[int, set[str]]) -> int:
    """Write what differs, in three statements; returns for how many products."""
    stale, changed, over, new = [], 0, Q(pk__in=[]), []
    for row, readiness in pairs:
        before = codes.get(row.product_id, set())
        differs = _differs(row, before, readiness)
        if not (differs or row.is_stale):
            continue
        changed += differs
        row.score, row.error_count, row.is_stale = readiness.score, len(readiness.errors), False
        stale.append(row)
        now = {finding.code for finding in readiness.findings}
        new += [ReadinessFinding(product_id=row.product_id, code=code) for code in sorted(now - before)]
        if gone := before - now:
            over |= Q(product=row.product_id, code__in=gone)
    ProductReadiness.objects.bulk_update(stale, ["score", "error_count", "is_stale"])
    ReadinessFinding.objects.filter(over).delete()
    ReadinessFinding.objects.bulk_create(new)
    return changed
