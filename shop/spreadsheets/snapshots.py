"""Products as they stand, as values of columns: what an export writes, and what an import compares with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from shop.catalogue.models import (
    BundleComponent,
    ProductPage,
    ProductVariant,
    VariantAttribute,
    VariantImage,
)
from shop.inventory.models import StockItem
from shop.pricing.models import Price
from shop.spreadsheets.contents import Content, ContentReader, content_of_rows, load_drafts, load_rows
from shop.spreadsheets.lookups import Lookups

VARIANT_FIELDS = {
    "sku": "sku",
    "variant.external_id": "external_id",
    "variant.title": "title",
    "barcode": "barcode",
    "weight_grams": "weight_grams",
    "length_mm": "length_mm",
    "width_mm": "width_mm",
    "height_mm": "height_mm",
    "available_from": "available_from",
    "available_until": "available_until",
    "max_per_order": "max_per_order",
    "cost": "cost",
    "position": "sort_order",
    "variant.image": "image_id",
}


@dataclass(slots=True)
class VariantSnapshot:
    """A variant as it stands; ``reserved`` is what orders were promised, by warehouse."""

    variant: ProductVariant
    values: dict[str, Any]
    reserved: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class ProductSnapshot:
    """A product as it stands: its page, its rows, its draft where it has one, and its variants."""

    page: ProductPage
    rows: dict[str, list[Any]]
    content: Content
    draft: Content | None
    values: dict[str, Any]
    variants: list[VariantSnapshot] = field(default_factory=list)


def load_snapshots(page_ids: Collection[int], lookups: Lookups) -> dict[int, ProductSnapshot]:
    """Load products with all that belongs to them, in a number of queries that does not grow."""
    pages = list(ProductPage.objects.filter(pk__in=page_ids).order_by("path"))
    ids = [page.pk for page in pages]
    rows, drafts = load_rows(ids), load_drafts(pages)
    contents = {page.pk: content_of_rows(page, rows[page.pk]) for page in pages}
    # Of a product that is not live, the draft is what counts.
    shown = {
        page.pk: contents[page.pk] if page.live else drafts.get(page.pk, contents[page.pk]) for page in pages
    }
    reader = ContentReader(shown, lookups)
    found = {}
    for page in pages:
        values = reader.read(shown[page.pk])
        values["external_id"] = page.external_id or ""
        values["status"] = "live" if page.live else "draft"
        found[page.pk] = ProductSnapshot(
            page=page,
            rows=rows[page.pk],
            content=contents[page.pk],
            draft=drafts.get(page.pk),
            values=values,
        )
    for snapshot in load_variant_snapshots(ids):
        found[snapshot.variant.product_id].variants.append(snapshot)
    return found


def load_variant_snapshots(product_ids: Sequence[int]) -> list[VariantSnapshot]:
    """Load the variants of products, archived ones included, with prices, stock and parts."""
    variants = ProductVariant.objects.filter(product_id__in=product_ids).select_related("tax_class")
    snapshots = {
        variant.pk: VariantSnapshot(variant=variant, values=_values_of(variant))
        for variant in variants.order_by("product_id", "sort_order", "pk")
    }
    for row in VariantAttribute.objects.filter(variant_id__in=snapshots).select_related("attribute"):
        snapshots[row.variant_id].values[f"option.{row.attribute.slug}"] = row.value_id
    _add_lists(snapshots)
    _add_prices(snapshots)
    stock = StockItem.objects.filter(variant_id__in=snapshots).select_related("warehouse")
    for item in stock:
        held, code = snapshots[item.variant_id], item.warehouse.code
        held.values[f"stock.{code}"] = item.on_hand
        held.values[f"stock.{code}.low_from"] = item.low_stock_threshold
        held.values[f"stock.{code}.backorders"] = item.allows_backorder
        held.reserved[code] = item.reserved
    return list(snapshots.values())


def _values_of(variant: ProductVariant) -> dict[str, Any]:
    values = {column: getattr(variant, name) for column, name in VARIANT_FIELDS.items()}
    values["variant.external_id"] = variant.external_id or ""
    values["tax_class"] = variant.tax_class.code
    values["priced_by_parts"] = variant.is_priced_by_parts
    values["archived"] = variant.archived_at is not None
    return values


def _add_lists(snapshots: dict[int, VariantSnapshot]) -> None:
    pictures: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for picture in VariantImage.objects.filter(variant_id__in=snapshots).order_by("sort_order", "pk"):
        pictures[picture.variant_id].append((picture.image_id, picture.alt_text))
    parts: dict[int, list[tuple[str, int]]] = defaultdict(list)
    components = BundleComponent.objects.filter(bundle_id__in=snapshots).select_related("component")
    for part in components.order_by("sort_order", "pk"):
        parts[part.bundle_id].append((part.component.sku.upper(), part.quantity))
    for pk, snapshot in snapshots.items():
        snapshot.values["variant.images"] = tuple(pictures[pk])
        snapshot.values["parts"] = tuple(parts[pk])


def _add_prices(snapshots: dict[int, VariantSnapshot]) -> None:
    tiers: dict[tuple[int, str], list[tuple[int, Any, Any]]] = defaultdict(list)
    prices = Price.objects.filter(variant_id__in=snapshots).select_related("price_list")
    for price in prices.order_by("min_quantity"):
        code = price.price_list.code
        if price.min_quantity == 1:
            snapshots[price.variant_id].values[f"price.{code}"] = price.amount
            snapshots[price.variant_id].values[f"compare_at.{code}"] = price.compare_at
        else:
            tiers[price.variant_id, code].append((price.min_quantity, price.amount, price.compare_at))
    for (pk, code), held in tiers.items():
        snapshots[pk].values[f"tiers.{code}"] = tuple(held)
