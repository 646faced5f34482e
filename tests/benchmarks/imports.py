"""
P7: importing products, against writing them one by one, and five times as many.

Run by ``make bench``; every figure is a ratio taken in this one run, on a database of its own.
"""

from __future__ import annotations

import csv
import io
import resource
import time
from collections.abc import Iterator
from decimal import Decimal
from typing import BinaryIO

from wagtail.models import Page

from shop.catalogue.models import ProductPage
from shop.catalogue.services import VariantDraft, create_product
from shop.catalogue.services.products import MediaDraft
from shop.core.jobs import run_inline
from shop.inventory.services import ensure_warehouse, move_stock
from shop.pricing.services import PriceChange, ensure_base_price_list, set_prices
from shop.spreadsheets.services import stage_import, start_import
from tests.benchmarks.rows import Row
from tests.factories.catalogue import (
    AttributeFactory,
    CategoryFactory,
    ImageFactory,
    TaxClassFactory,
    product_index,
)

COLOURS = ("red", "blue", "green", "white")
ONE_BY_ONE = 60


class Goods:
    """The shop that goods are imported into."""

    def __init__(self) -> None:
        product_index()
        TaxClassFactory(code="standard", name="Standard rate")
        ensure_base_price_list()
        ensure_warehouse()
        AttributeFactory(slug="colour", values=list(COLOURS))
        AttributeFactory(slug="material", values=["oak"], makes_variants=False)
        self.category = CategoryFactory(name="Lamps", slug="lamps")
        self.picture = ImageFactory()

    def file(self, count: int, *, beginning: str) -> BinaryIO:
        """A CSV of so many products with four variants each."""
        content = io.BytesIO()
        text = io.TextIOWrapper(content, "utf-8", newline="", write_through=True)
        rows = self._rows(count, beginning)
        first = next(rows)
        writer = csv.DictWriter(text, list(first))
        writer.writeheader()
        writer.writerow(first)
        writer.writerows(rows)
        text.detach()
        content.seek(0)
        return content

    def _rows(self, count: int, beginning: str) -> Iterator[dict[str, str]]:
        for number in range(count):
            for place, colour in enumerate(COLOURS):
                words = {
                    "title": f"Lamp {beginning} {number}",
                    "summary": "A dimmable lamp of oak, made to last.",
                    "body": "<p>Warm light for a desk.</p>",
                    "categories": "Lamps",
                    "attr.material": "oak",
                    "image.1.src": f"id:{self.picture.pk}",
                    "image.1.alt": "A lamp on a desk",
                    "status": "live",
                }
                yield {
                    "handle": f"{beginning}-{number}",
                    **(words if place == 0 else dict.fromkeys(words, "")),
                    "sku": f"{beginning}-{number}-{colour}".upper(),
                    "option.colour": colour,
                    "price.base": "49.90",
                    "stock.main": "12",
                }

    def write_one(self, number: int) -> None:
        """One product the way an editor makes it: a draft, its variants and prices, then published."""
        page = create_product(
            parent=product_index(),
            title=f"Single {number}",
            summary="A dimmable lamp of oak, made to last.",
            body=[{"type": "paragraph", "value": "<p>Warm light for a desk.</p>"}],
            categories=[self.category],
            media=[MediaDraft(image_id=self.picture.pk, alt_text="A lamp on a desk")],
            attributes={"material": "oak"},
            variants=[
                VariantDraft(sku=f"SINGLE-{number}-{colour}", attributes={"colour": colour})
                for colour in COLOURS
            ],
        )
        variants = list(page.variants.all())
        set_prices(
            changes=[PriceChange(variant.pk, "base", Decimal("49.90")) for variant in variants], actor=None
        )
        for variant in variants:
            move_stock(warehouse="main", kind="receipt", quantity=12, variant_id=variant.pk)


def import_goods(goods: Goods, count: int, beginning: str) -> float:
    """Import so many products; return the CPU seconds that it took."""
    file = goods.file(count, beginning=beginning)
    began = time.process_time()
    run = stage_import(file=file, name=f"{beginning}.csv")
    job = run_inline(start_import(run=run, actor=None, inline=True))
    took = time.process_time() - began
    if (
        job.status != "done"
        or ProductPage.objects.filter(slug__startswith=f"{beginning}-", live=True).count() != count
    ):
        raise RuntimeError(f"The import of {count} products ended as {job.status}: {job.error}")
    return took


def _memory() -> float:
    """The most that this process has held so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(*, small: int = 10_000, large: int = 50_000) -> list[Row]:
    """The figures of P7."""
    goods = Goods()
    import_goods(goods, 200, "warm")
    began = time.process_time()
    for number in range(ONE_BY_ONE):
        goods.write_one(number)
    single = (time.process_time() - began) / ONE_BY_ONE
    of_small = import_goods(goods, small, "small")
    memory = _memory()
    of_large = import_goods(goods, large, "large")
    growth = _memory() / memory
    problems = sum(len(list(found)) for found in Page.find_problems())
    faster = single / (of_small / small)
    return [
        Row(
            "P7",
            "import against one add_child + publish each",
            f"{faster:.1f}x faster",
            "≥ 20 x",
            faster >= 20,
        ),
        Row(
            "P7",
            f"{large:,} products against {small:,}",
            f"{of_large / of_small:.2f} x",
            "≤ 6 x",
            of_large / of_small <= 6,
        ),
        Row("P7", "peak memory, large against small", f"{growth:.2f} x", "≤ 1.15 x", growth <= 1.15),
        Row("P7", "Page.find_problems()", str(problems), "0", problems == 0),
        Row(
            "P7",
            "time per product",
            f"{of_small / small * 1000:.2f} ms against {single * 1000:.1f} ms",
            "",
            True,
        ),
    ]
