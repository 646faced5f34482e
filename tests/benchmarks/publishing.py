"""
P8: publishing one product, in a small shop and in a large one.

The figure is the number of SQL statements, without those that only begin and end transactions.
"""

from __future__ import annotations

import statistics
import time

from django.db import connection
from django.test.utils import CaptureQueriesContext

from shop.catalogue.models import ProductPage
from tests.benchmarks.imports import Goods, import_goods
from tests.benchmarks.rows import Row

WANTED = 25
ROUNDS = 5
FRAME = ("SAVEPOINT", "RELEASE SAVEPOINT", "BEGIN", "COMMIT")


def measure(*, small: int = 500, large: int = 50_000) -> list[Row]:
    """The figures of P8."""
    goods = Goods()
    import_goods(goods, small, "small")
    few, quick = _publish()
    import_goods(goods, large - small, "large")
    many, slow = _publish()
    return compare(small, (few, quick), large, (many, slow))


def compare(small: int, in_small: tuple[int, float], large: int, in_large: tuple[int, float]) -> list[Row]:
    """The rows of statements and CPU seconds in a small and in a large shop."""
    (few, quick), (many, slow) = in_small, in_large
    return [
        Row(
            "P8",
            f"publishing one product of four variants with {large:,} in the shop",
            f"{many} SQL",
            f"≤ {WANTED} SQL",
            many <= WANTED,
        ),
        Row(
            "P8",
            f"the same with {small} and with {large:,} in the shop",
            f"{few} and {many} SQL; {slow / quick:.2f} x the CPU",
            "independent of the size",
            few == many,
        ),
    ]


def _publish() -> tuple[int, float]:
    """Statements, and the median of CPU seconds, of publishing a new title."""
    page = ProductPage.objects.order_by("pk").first()
    if page is None:
        raise RuntimeError("There is no product to publish.")
    counts, times = [], []
    for number in range(ROUNDS):
        page = ProductPage.objects.get(pk=page.pk)
        page.title = f"Title {number}"
        revision = page.save_revision()
        with CaptureQueriesContext(connection) as captured:
            began = time.process_time()
            revision.publish()
            times.append(time.process_time() - began)
        counts.append(sum(not query["sql"].startswith(FRAME) for query in captured.captured_queries))
    # The first round fills caches of the process.
    return counts[-1], statistics.median(times[1:])
