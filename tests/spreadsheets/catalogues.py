"""Catalogues that hypothesis makes up, with texts that spreadsheets mistreat."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from taggit.models import Tag

from shop.catalogue.models import ProductPage, ProductVariant, VariantImage
from shop.catalogue.services import ProductDraft, RelationDraft, VariantDraft, bulk_create_products
from shop.catalogue.services.bulk import CreatedChunk
from shop.catalogue.services.products import MediaDraft
from shop.core import clock
from shop.inventory.services import StockCount, bulk_load_stock, ensure_warehouse
from shop.pricing.services import PriceChange, bulk_load_prices, ensure_base_price_list
from tests.factories.catalogue import (
    AttributeFactory,
    BrandFactory,
    CategoryFactory,
    ImageFactory,
    product_index,
)

# What CSV, XLSX, Excel and our own escapes could trip over.
AWKWARD = [
    "=1+1",
    "+49",
    "-5",
    "@SUM(A1)",
    "\tindented",
    "'=quoted",
    "''",
    "'68",
    "00042",
    "1e5",
    'say "hi"',
    "two\nlines",
    "carriage\r\nreturn",
    "a|b > c, d \\ e",
    " spaces ",
    "_x000D_",
    "#N/A",
    "TRUE",
    "ÄÖÜ ß € 漢字 🪑",
    "\u202eright to left",
    "\ufeffmark",
]
_characters = st.characters(exclude_categories=["Cs"], exclude_characters="\x00")
texts = st.one_of(st.sampled_from(AWKWARD), st.text(_characters, max_size=40))
titles = st.one_of(st.sampled_from(AWKWARD), st.text(_characters, min_size=1, max_size=40)).filter(
    lambda text: bool(text.strip())
)
amounts = st.decimals(0, 9999, places=2)


@dataclass(frozen=True)
class Things:
    """What products of a made-up catalogue are made of."""

    categories: list[int]
    brands: list[int]
    pictures: list[int]
    tags: list[int]


def make_things() -> Things:
    """The shop without products: awkward names as well."""
    product_index()
    ensure_base_price_list()
    ensure_warehouse()
    AttributeFactory(slug="colour", values=["red", "blue", "green"])
    AttributeFactory(slug="size", values=["s", "m"])
    AttributeFactory(slug="material", values=["oak", "ash"], makes_variants=False)
    AttributeFactory(slug="use", kind="multichoice", values=["desk", "wall"], makes_variants=False)
    AttributeFactory(slug="note", kind="text", makes_variants=False)
    AttributeFactory(slug="height", kind="number", makes_variants=False)
    top = CategoryFactory(name="Lamps > all | of, them")
    return Things(
        categories=[
            top.pk,
            CategoryFactory(name="Lamps", parent=top).pk,
            CategoryFactory(name="Twin").pk,
            CategoryFactory(name="twin").pk,
            CategoryFactory(name=" =Spaced \\").pk,
        ],
        brands=[BrandFactory(name="Halden, Sons & Co").pk, BrandFactory(name="=Brand").pk],
        pictures=[ImageFactory().pk, ImageFactory().pk],
        tags=[Tag.objects.create(name=name).pk for name in ("summer", "a, b", " odd ", "=x", "back\\slash")],
    )


@st.composite
def products(draw: st.DrawFn, things: Things, number: int) -> ProductDraft:
    attributes: dict[str, Any] = {}
    if draw(st.booleans()):
        attributes["material"] = draw(st.sampled_from(["oak", "ash"]))
    if draw(st.booleans()):
        attributes["use"] = draw(st.lists(st.sampled_from(["desk", "wall"]), min_size=1, unique=True))
    if note := draw(st.sampled_from(["", "=a|b", "-5", "back \\ slash", "plain"])):
        attributes["note"] = note
    if draw(st.booleans()):
        attributes["height"] = str(draw(st.decimals(0, 999, places=1)))
    options = [{"colour": colour, "size": size} for colour in ("red", "blue") for size in ("s", "m")]
    return ProductDraft(
        title=draw(titles),
        slug=f"product-{number}",
        summary=draw(texts),
        body=draw(st.lists(st.builds(_block, texts.filter(lambda text: bool(text.strip()))), max_size=2)),
        brand_id=draw(st.sampled_from([None, *things.brands])),
        external_id=draw(st.sampled_from([None, f"00{number}", f"=e{number}"])),
        category_ids=draw(st.lists(st.sampled_from(things.categories), unique=True, max_size=3)),
        tag_ids=draw(st.lists(st.sampled_from(things.tags), unique=True, max_size=3)),
        media=[
            MediaDraft(image_id=pk, alt_text=draw(titles), caption=draw(texts))
            for pk in draw(st.lists(st.sampled_from(things.pictures), unique=True, max_size=2))
        ],
        attributes=attributes,
        seo_title=draw(texts),
        search_description=draw(texts),
        variants=[
            VariantDraft(
                sku=f"{draw(st.sampled_from(['00', 'S-', '1e']))}{number}.{place}",
                title=draw(st.sampled_from(["", "=t", "Plain", " x "])),
                weight_grams=draw(st.sampled_from([None, 0, 1200])),
                cost=draw(st.one_of(st.none(), st.decimals(0, 99, places=4))),
                attributes=options[place],
            )
            for place in range(draw(st.integers(0, 3)))
        ],
    )


def _block(text: str) -> dict[str, str]:
    return {"type": "heading", "value": text[:120]}


@st.composite
def catalogues(draw: st.DrawFn, things: Things) -> list[ProductDraft]:
    return [draw(products(things, number)) for number in range(draw(st.integers(1, 4)))]


def make(drafts: list[ProductDraft], data: st.DataObject) -> None:
    """Write a catalogue, with prices, stock, relations, archived variants and drafts."""
    bulk_create_products(parent=product_index(), drafts=drafts, in_chunk=lambda chunk: _price(chunk, data))
    pages = list(ProductPage.objects.order_by("pk"))
    if len(pages) > 1 and data.draw(st.booleans()):
        page = pages[0]
        page.relations.add(RelationDraftRow(pages[1].pk))
        page.save_revision().publish()
    if data.draw(st.booleans()):
        pages[-1].unpublish()
    if data.draw(st.booleans()):
        page = ProductPage.objects.get(pk=pages[0].pk)
        page.title = "A draft beside what is live"
        page.save_revision()


def RelationDraftRow(pk: int) -> Any:  # noqa: N802
    from shop.catalogue.models import ProductRelation

    return ProductRelation(product_id=pk, kind=RelationDraft(product_id=pk).kind)


def _price(chunk: CreatedChunk, data: st.DataObject) -> None:
    variants = [variant for held in chunk.variants for variant in held]
    changes, counts = [], []
    for variant in variants:
        if data.draw(st.booleans()):
            changes.append(
                PriceChange(variant.pk, "base", data.draw(amounts), data.draw(st.none() | amounts))
            )
            if data.draw(st.booleans()):
                changes.append(PriceChange(variant.pk, "base", Decimal("1.50"), None, 10))
        if data.draw(st.booleans()):
            counts.append(
                StockCount(
                    variant.pk,
                    data.draw(st.integers(0, 50)),
                    data.draw(st.none() | st.integers(0, 9)),
                    data.draw(st.booleans()),
                )
            )
        if data.draw(st.booleans()):
            ProductVariant.objects.filter(pk=variant.pk).update(
                archived_at=clock.now(), available_from=clock.now(), max_per_order=3, length_mm=10
            )
        if data.draw(st.booleans()):
            VariantImage.objects.create(
                variant=variant, image_id=ImageFactory().pk, alt_text="=side | view", sort_order=1
            )
    bulk_load_prices(changes=changes)
    bulk_load_stock(warehouse=ensure_warehouse(), counts=counts)
