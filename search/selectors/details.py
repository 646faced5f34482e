"""Product pages: everything that one shows, for one product or for many at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet

from search.errors import ProductNotFound
from search.models import ProductIndex
from search.selectors.attributes import read_attributes, swatch_alts
from search.selectors.audience import for_caller
from search.selectors.films import read_film
from search.selectors.images import load_images
from search.selectors.lists import check_currency
from search.selectors.offers import load_offers
from search.selectors.related import Kind, load_related
from search.selectors.summaries import COLUMNS, Row, build_variants, summarise, variant_alts
from search.selectors.tree import CategoryTree, load_tree
from search.values import (
    AttributeData,
    BrandData,
    Crumb,
    ImageData,
    MediaData,
    ProductDetail,
    ProductSummary,
    SeoData,
    VariantData,
)
from shop.catalogue.models import ProductAttribute, ProductMedia, ProductPage, ProductVariant
from shop.core import clock

MAX_IDENTIFIER = 255


def get_product_detail(
    *,
    slug: str | None = None,
    sku: str | None = None,
    product_id: int | None = None,
    currency: str | None = None,
    tree: CategoryTree | None = None,
) -> ProductDetail:
    """
    One public product with everything its page shows, by exactly one of slug, SKU (any case) or id.

    :raises ProductNotFound: if it is not public or not sellable
    """
    currency = check_currency(currency)
    entries = _find(slug=slug, sku=sku, product_id=product_id, currency=currency)
    details = _build(entries, currency=currency, tree=tree)
    if not details:
        raise ProductNotFound
    return details[0]


def get_product_summary(
    *,
    slug: str | None = None,
    sku: str | None = None,
    product_id: int | None = None,
    currency: str | None = None,
    tree: CategoryTree | None = None,
) -> ProductSummary:
    """
    The same product as a list shows it, with its variants.

    :raises ProductNotFound: if it is not public or not sellable
    """
    entries = _find(slug=slug, sku=sku, product_id=product_id, currency=check_currency(currency))
    rows = for_caller(entries.values(*COLUMNS, "variants"))
    if not rows:
        raise ProductNotFound
    return summarise(rows, tree=tree or load_tree(), with_variants=True)[0]


def _find(
    *, slug: str | None, sku: str | None, product_id: int | None, currency: str
) -> QuerySet[ProductIndex]:
    entries = ProductIndex.objects.filter(currency=currency)
    if slug is not None:
        return entries.filter(slug=slug[:MAX_IDENTIFIER])[:1]
    if sku is not None:
        with_sku = ProductVariant.objects.active().with_sku(sku[:MAX_IDENTIFIER])
        return entries.filter(product__in=with_sku.values("product_id"))[:1]
    return entries.filter(product_id=product_id)[:1]


def list_product_details(
    *, product_ids: Collection[int], currency: str | None = None, tree: CategoryTree | None = None
) -> dict[int, ProductDetail]:
    """
    The same of many products, by id, in the same number of SQL statements; what is not public is missing.
    """
    currency = check_currency(currency)
    entries = ProductIndex.objects.filter(product_id__in=product_ids, currency=currency)
    return {detail.id: detail for detail in _build(entries, currency=currency, tree=tree)}


def get_product_preview(*, page: ProductPage, currency: str | None = None) -> ProductDetail:
    """
    The same of a page object in memory, public or not: for the admin's preview only. Words and pictures are
    the draft's, prices and stock those of today.
    """
    currency, tree = check_currency(currency), load_tree()
    goods_of = page.variants_source.pk if page.pk else 0
    offers = load_offers([goods_of], currencies=[currency], at=clock.now())[currency] if page.pk else {}
    row = {
        "product_id": page.pk or 0,
        "currency": currency,
        "title": page.title,
        "variants": offers.get(goods_of, []),
    }
    media = list(page.media.all())
    attributes = list(page.product_attributes.all())
    images = load_images(
        swatch_alts(held.value for held in attributes)
        | variant_alts([row])
        | {picture.image_id: picture.alt_text for picture in media}
    )
    words = _words(
        page,
        media=media,
        attributes=_readable({row["product_id"]: attributes}, images)[row["product_id"]],
        images=images,
        category_ids=[held.category_id for held in page.product_categories.all()],
        tree=tree,
    )
    variants = build_variants([row], images)[row["product_id"]]
    return ProductDetail(
        **words, **_offer(variants, currency), rating=None, review_count=0, related=(), is_preview=True
    )


@dataclass(frozen=True, slots=True)
class _Parts:
    """What an answer needs beside index rows and pages, loaded for all of its products together."""

    media: Mapping[int, Sequence[ProductMedia]]
    attributes: Mapping[int, Sequence[ProductAttribute]]
    related: Mapping[str, Mapping[int, Sequence[Row]]]


def _build(
    entries: QuerySet[ProductIndex], *, currency: str, tree: CategoryTree | None
) -> list[ProductDetail]:
    found = list(entries.select_related("product", "product__brand"))
    if not found:
        return []
    tree = tree or load_tree()
    pages = {entry.product_id: entry.product for entry in found}
    rows = for_caller({name: getattr(entry, name) for name in (*COLUMNS, "variants")} for entry in found)
    parts = _Parts(
        media=_by_page(ProductMedia.objects.filter(page_id__in=pages).select_related("video_file")),
        attributes=_by_page(
            ProductAttribute.objects.filter(page_id__in=pages).select_related("attribute", "value")
        ),
        related=load_related(rows, currency=currency),
    )
    shown = (row for of_kind in parts.related.values() for held in of_kind.values() for row in held)
    others = for_caller(shown)
    alts = swatch_alts(row.value for held in parts.attributes.values() for row in held)
    alts |= {row["image_id"]: row["image_alt"] for row in others if row["image_id"]}
    alts |= variant_alts(rows)
    alts |= {picture.image_id: picture.alt_text for held in parts.media.values() for picture in held}
    images = load_images(alts)
    variants = build_variants(rows, images)
    summaries = {
        summary.id: summary for summary in summarise(others, tree=tree, with_variants=False, images=images)
    }
    attributes = _readable(parts.attributes, images)
    details = []
    for row in rows:
        product_id = row["product_id"]
        words = _words(
            pages[product_id],
            media=parts.media.get(product_id, ()),
            attributes=attributes.get(product_id, ()),
            images=images,
            category_ids=row["category_ids"],
            tree=tree,
        )
        shown_beside = {
            kind: tuple(
                summaries[other["product_id"]]
                for other in held.get(product_id, ())
                if other["product_id"] in summaries
            )
            for kind, held in parts.related.items()
        }
        details.append(
            ProductDetail(
                **words,
                **_offer(variants[product_id], currency),
                rating=row["rating"],
                review_count=row["review_count"],
                related=shown_beside[Kind.RELATED],
                cross_sells=shown_beside[Kind.CROSS_SELL],
                up_sells=shown_beside[Kind.UP_SELL],
            )
        )
    return details


def _words(
    page: ProductPage,
    *,
    media: Iterable[ProductMedia],
    attributes: Iterable[AttributeData],
    images: Mapping[int, ImageData],
    category_ids: Sequence[int],
    tree: CategoryTree,
) -> dict[str, Any]:
    """What the merchandiser wrote, as the fields of `ProductDetail`."""
    gallery = tuple(
        MediaData(
            replace(images[picture.image_id], alt=picture.alt_text), picture.caption, read_film(picture)
        )
        for picture in media
        if picture.image_id in images
    )
    main = next((tree.by_id[pk] for pk in category_ids if pk in tree.by_id), None)
    url = page.get_url() or ""
    return {
        "id": page.pk or 0,
        "slug": page.slug,
        "title": page.title,
        "url": url,
        "summary": page.summary,
        "description_html": str(page.body.render_as_block()) if page.body else "",
        "image": gallery[0].image if gallery else None,
        "media": gallery,
        "brand": BrandData(page.brand.slug, page.brand.name) if page.brand else None,
        "attributes": tuple(attributes),
        "categories": tree.refs(category_ids),
        "breadcrumbs": (*(tree.breadcrumbs(main) if main else ()), Crumb(page.title, url)),
        "seo": SeoData(page.seo_title or page.title, page.search_description or page.summary),
        "published_at": page.first_published_at,
    }


def _readable(
    rows: Mapping[int, Sequence[ProductAttribute]], images: Mapping[int, ImageData]
) -> dict[int, list[AttributeData]]:
    """What shoppers read of each product's attributes, looked up for all products together."""
    shown = [
        (product_id, row) for product_id, held in rows.items() for row in held if row.attribute.is_visible
    ]
    readable: dict[int, list[AttributeData]] = {product_id: [] for product_id in rows}
    for (product_id, _), read in zip(
        shown, read_attributes([row for _, row in shown], images=images), strict=True
    ):
        if read is not None:
            readable[product_id].append(read)
    return readable


def _offer(variants: tuple[VariantData, ...], currency: str) -> dict[str, Any]:
    """What the product costs and whether it is there, as the fields of `ProductDetail`."""
    counted = [variant for variant in variants if variant.availability == "available"] or variants
    cheapest = min(counted, key=lambda variant: variant.price, default=None)
    return {
        "variants": variants,
        "currency": currency,
        "price_from": cheapest.price if cheapest else None,
        "price_to": max((variant.price for variant in counted), default=None),
        "compare_at_price": cheapest.compare_at_price if cheapest else None,
        "on_sale": any(variant.on_sale for variant in counted),
        "is_reduced": cheapest.is_reduced if cheapest else False,
        "lowest_price_30_days": cheapest.lowest_price_30_days if cheapest else None,
        "in_stock": any(variant.stock.is_buyable for variant in variants),
    }


def _by_page(rows: QuerySet[Any]) -> dict[int, list[Any]]:
    groups: dict[int, list[Any]] = {}
    for row in rows.order_by("page_id", "sort_order", "pk"):
        groups.setdefault(row.page_id, []).append(row)
    return groups
