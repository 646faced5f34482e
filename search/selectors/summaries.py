"""Index rows as the values that a list shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from search.selectors.images import load_images
from search.selectors.offers import is_too_early, is_too_late
from search.selectors.tree import CategoryTree
from search.values import (
    AttributeData,
    BrandData,
    ComponentData,
    ImageData,
    ProductSummary,
    StockData,
    TierData,
    VariantData,
)
from shop.core import clock
from shop.core.money import Money
from shop.inventory.selectors import get_stock

COLUMNS = (
    "product_id",
    "currency",
    "slug",
    "title",
    "summary",
    "url",
    "brand_slug",
    "brand_name",
    "image_id",
    "image_alt",
    "price_from",
    "price_to",
    "compare_at_from",
    "is_reduced",
    "lowest_from",
    "prices_until",
    "on_sale",
    "in_stock",
    "stock_status",
    "rating",
    "review_count",
    "popularity",
    "published_at",
    "sort_title",
    "category_ids",
)
Row = dict[str, Any]
# Where an attribute of a variant keeps these in the index (see `search.selectors.offers`).
SWATCH_LABEL, SWATCH_IMAGE = 2, 7

UNKNOWN_STOCK = StockData(status="out_of_stock", available=0)


def summarise(
    rows: Sequence[Row],
    *,
    tree: CategoryTree,
    with_variants: bool,
    images: Mapping[int, ImageData] | None = None,
) -> list[ProductSummary]:
    """
    The rows as list entries: one SQL statement for pictures unless they are given, and one for stock when
    `with_variants` (the rows must then hold the column `variants`).
    """
    offers: dict[int, tuple[VariantData, ...]] = {}
    if images is None:
        alts = variant_alts(rows) if with_variants else {}
        images = load_images(alts | {row["image_id"]: row["image_alt"] for row in rows if row["image_id"]})
    if with_variants:
        offers = build_variants(rows, images)
    return [
        _summary(row, tree=tree, image=_picture(row, images), variants=offers.get(row["product_id"], ()))
        for row in rows
    ]


def build_variants(
    rows: Iterable[Row], images: Mapping[int, ImageData]
) -> dict[int, tuple[VariantData, ...]]:
    """Each product's variants, with the stock of this moment: one SQL statement."""
    offers = {row["product_id"]: (row["variants"], row["currency"]) for row in rows}
    ids = [offer["id"] for variants, _ in offers.values() for offer in variants]
    stock = get_stock(ids) if ids else {}
    return {
        product_id: tuple(
            build_variant(offer, currency=currency, stock=stock.get(offer["id"]), images=images)
            for offer in variants
        )
        for product_id, (variants, currency) in offers.items()
    }


def build_variant(
    offer: Mapping[str, Any], *, currency: str, stock: Any | None, images: Mapping[int, ImageData]
) -> VariantData:
    """One variant from what the index keeps of it (see `search.selectors.offers`)."""
    compare_at, lowest = offer["compare_at"], offer["lowest"]
    now = clock.now()
    availability = (
        "not_available_yet"
        if is_too_early(offer, now)
        else "no_longer_available"
        if is_too_late(offer, now)
        else "available"
    )
    is_open = availability == "available"
    return VariantData(
        id=offer["id"],
        sku=offer["sku"],
        title=offer["title"],
        price=Money(Decimal(offer["price"]), currency),
        compare_at_price=Money(Decimal(compare_at), currency) if compare_at else None,
        attributes=tuple(_attribute(fields, images) for fields in offer["attributes"]),
        stock=StockData(str(stock.status), max(stock.available, 0)) if stock and is_open else UNKNOWN_STOCK,
        availability=availability,
        available_from=_moment(offer.get("available_from")),
        available_until=_moment(offer.get("available_until")),
        max_per_order=offer.get("max_per_order"),
        length_mm=offer.get("length_mm"),
        width_mm=offer.get("width_mm"),
        height_mm=offer.get("height_mm"),
        images=tuple(
            replace(images[image_id], alt=alt)
            for image_id, alt in offer.get("images", ())
            if image_id in images
        ),
        image=images.get(offer["image_id"]),
        barcode=offer["barcode"],
        weight_grams=offer["weight_grams"],
        lowest_price_30_days=Money(Decimal(lowest), currency) if lowest else None,
        # Rows that were indexed before there were bundles hold neither.
        requires_shipping=offer.get("requires_shipping", True),
        components=tuple(ComponentData(*part) for part in offer.get("components", ())),
        is_reduced=bool(offer.get("is_reduced")),
        tiers=tuple(
            TierData(quantity, Money(Decimal(amount), currency))
            for quantity, amount in offer.get("tiers", ())
        ),
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _attribute(fields: Sequence[Any], images: Mapping[int, ImageData]) -> AttributeData:
    # Rows that were indexed before swatches had pictures end before it.
    plain, picture = fields[:SWATCH_IMAGE], fields[SWATCH_IMAGE:]
    return replace(AttributeData(*plain), swatch_image=images.get(picture[0]) if picture else None)


def variant_alts(rows: Sequence[Row]) -> dict[int, str]:
    """The pictures of the rows' variants and of their swatches, with texts for them."""
    swatches = {
        fields[SWATCH_IMAGE]: fields[SWATCH_LABEL]
        for row in rows
        for offer in row["variants"]
        for fields in offer["attributes"]
        if len(fields) > SWATCH_IMAGE and fields[SWATCH_IMAGE]
    }
    return (
        swatches
        | {
            offer["image_id"]: " ".join((row["title"], offer["title"])).strip()
            for row in rows
            for offer in row["variants"]
            if offer["image_id"]
        }
        | {
            image_id: alt
            for row in rows
            for offer in row["variants"]
            for image_id, alt in offer.get("images", ())
        }
    )


def _picture(row: Row, images: Mapping[int, ImageData]) -> ImageData | None:
    """The product's picture, with its own text: two products may share one picture."""
    image = images.get(row["image_id"])
    return replace(image, alt=row["image_alt"]) if image and image.alt != row["image_alt"] else image


def _summary(
    row: Row, *, tree: CategoryTree, image: ImageData | None, variants: tuple[VariantData, ...]
) -> ProductSummary:
    currency, compare_at = row["currency"], row["compare_at_from"]
    return ProductSummary(
        id=row["product_id"],
        slug=row["slug"],
        title=row["title"],
        url=row["url"],
        summary=row["summary"],
        image=image,
        price_from=Money(row["price_from"], currency),
        price_to=Money(row["price_to"], currency),
        compare_at_price=Money(compare_at, currency) if compare_at is not None else None,
        on_sale=row["on_sale"],
        in_stock=row["in_stock"],
        stock_status=row["stock_status"],
        rating=row["rating"],
        review_count=row["review_count"],
        categories=tree.refs(row["category_ids"]),
        brand=BrandData(row["brand_slug"], row["brand_name"]) if row["brand_slug"] else None,
        variants=variants,
        published_at=row["published_at"],
        is_reduced=row["is_reduced"],
        lowest_price_30_days=Money(row["lowest_from"], currency) if row["lowest_from"] is not None else None,
    )
