"""Generated goods for benchmarks: as many as wanted, made from the demo shop's own products."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import count, islice

from django.core.management.base import CommandError

from content.demo.loading.commerce import BASE_LIST, SALE_LIST
from content.demo.loading.source import days_ago
from content.models import HomePage
from shop.catalogue.models import Attribute, ProductIndexPage, ProductPage
from shop.catalogue.services import MediaDraft, ProductDraft, VariantDraft, bulk_create_products
from shop.catalogue.services.bulk import CreatedChunk
from shop.inventory.models import Warehouse
from shop.inventory.services import StockCount, bulk_load_stock
from shop.pricing.services import PriceChange, bulk_load_prices

FOLDER = "range"
SKU_PREFIX = "GEN"
VARIANTS_EACH = 4
CHUNK = 500
WORDS = (
    "Alder",
    "Birch",
    "Cedar",
    "Dune",
    "Elm",
    "Fern",
    "Grove",
    "Heath",
    "Islet",
    "Juniper",
    "Knoll",
    "Larch",
)


@dataclass(frozen=True)
class Template:
    """What generated products copy from one of the shop's own."""

    title: str
    summary: str
    brand_id: int | None
    category_ids: list[int]
    image_id: int
    alt_text: str
    material: list[str]


def load_generated(
    *, home: HomePage, warehouse: Warehouse, products: int, progress: Callable[[int], None]
) -> int:
    """Fill the shop up to ``products`` products in all; returns how many were made."""
    missing = products - ProductPage.objects.count()
    if missing <= 0:
        return 0
    folder = ProductIndexPage.objects.filter(slug=FOLDER).first()
    if folder is None:
        folder = home.add_child(instance=ProductIndexPage(title="Generated range", slug=FOLDER))
        folder.save_revision().publish()
    first = ProductPage.objects.child_of(folder).count() + 1
    stock = _Stock(warehouse, progress)
    return bulk_create_products(
        parent=folder,
        drafts=islice(_drafts(first), missing),
        in_chunk=stock.fill,
        chunk_size=CHUNK,
    )


def _drafts(first: int) -> Iterator[ProductDraft]:
    templates = _templates()
    colours = list(Attribute.objects.get(slug="colour").values.values_list("slug", flat=True))
    for number in count(first):
        template = templates[number % len(templates)]
        name = f"{WORDS[number % len(WORDS)]} {template.title} {number}"
        sku = f"{SKU_PREFIX}-{number:06d}"
        yield ProductDraft(
            title=name,
            slug=f"generated-{number:06d}",
            summary=template.summary,
            body=[{"type": "paragraph", "value": f"<p>{template.summary}</p>"}],
            brand_id=template.brand_id,
            category_ids=template.category_ids,
            media=[MediaDraft(image_id=template.image_id, alt_text=template.alt_text)],
            attributes={"material": template.material} if template.material else {},
            variants=[
                VariantDraft(
                    sku=f"{sku}-{place}",
                    title=colour,
                    weight_grams=200 + number % 900,
                    cost=Decimal(5 + number % 40),
                    attributes={"colour": colour},
                )
                for place in range(1, VARIANTS_EACH + 1)
                for colour in [colours[(number + place) % len(colours)]]
            ],
            first_published_at=days_ago(number % 700),
        )


def _templates() -> list[Template]:
    pages = (
        ProductPage.objects.exclude(slug__startswith="generated-")
        .filter(media__isnull=False)
        .distinct()
        .prefetch_related(
            "product_categories", "media", "product_attributes__value", "product_attributes__attribute"
        )
        .order_by("pk")
    )
    templates = [_template(page) for page in pages]
    if not templates:
        raise CommandError("Load the demo shop first: there is no product to make others from.")
    return templates


def _template(page: ProductPage) -> Template:
    picture = page.media.all()[0]
    return Template(
        title=page.title.lower(),
        summary=page.summary,
        brand_id=page.brand_id,
        category_ids=[row.category_id for row in page.product_categories.all()],
        image_id=picture.image_id,
        alt_text=picture.alt_text,
        material=[
            row.value.slug
            for row in page.product_attributes.all()
            if row.value is not None and row.attribute.slug == "material"
        ],
    )


class _Stock:
    """Prices and stock of generated variants, the same at every run."""

    def __init__(self, warehouse: Warehouse, progress: Callable[[int], None]) -> None:
        self.warehouse = warehouse
        self.progress = progress
        self.random = random.Random(20_260_101)
        self.done = 0

    def fill(self, chunk: CreatedChunk) -> None:
        prices: list[PriceChange] = []
        counts: list[StockCount] = []
        for variants in chunk.variants:
            price = Decimal(self.random.randrange(500, 20_000, 10)) / 100
            reduced = self.random.random() < 0.15
            for variant in variants:
                prices.append(PriceChange(variant_id=variant.pk, price_list_code=BASE_LIST, amount=price))
                if reduced:
                    sale = (price * 80 / 100).quantize(Decimal("0.01"))
                    prices.append(PriceChange(variant_id=variant.pk, price_list_code=SALE_LIST, amount=sale))
                counts.append(
                    StockCount(
                        variant_id=variant.pk,
                        on_hand=self.random.choice((0, 2, 5, 20, 80, 200)),
                        low_stock_threshold=4,
                    )
                )
        moment = days_ago(1)
        bulk_load_prices(changes=prices, reason="generated", at=moment, announce=False)
        bulk_load_stock(
            warehouse=self.warehouse, counts=counts, reference="GENERATED", at=moment, announce=False
        )
        self.done += len(chunk.products)
        self.progress(self.done)
