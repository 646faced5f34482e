"""What bundles are made of, and what ships nothing. Part of `selectors` in rank."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from shop.catalogue.models import BundleComponent, ProductType, ProductVariant

SHIPS_NOTHING = (ProductType.Kind.DIGITAL, ProductType.Kind.GIFT_CARD)


@dataclass(frozen=True, slots=True)
class BundlePart:
    """So many of one variant are in one piece of a bundle. ``title`` names product and variant."""

    variant_id: int
    quantity: int
    sku: str
    title: str
    weight_grams: int
    requires_shipping: bool
    url: str = ""


def load_parts(variant_ids: Iterable[int], *, with_urls: bool = False) -> dict[int, tuple[BundlePart, ...]]:
    """
    Return the parts of those variants that are bundles, in their order: one query.

    :param with_urls: the address of each part whose product is live; its site is looked up once
    """
    rows = (
        BundleComponent.objects.filter(bundle_id__in=list(variant_ids))
        .order_by("bundle_id", "sort_order", "pk")
        .select_related("component__product__product_type")
        .defer("component__product__body", "component__product__search_description")
    )
    parts: dict[int, list[BundlePart]] = defaultdict(list)
    for row in rows:
        parts[row.bundle_id].append(_part(row, with_url=with_urls))
    return {bundle_id: tuple(of_bundle) for bundle_id, of_bundle in parts.items()}


def _part(row: BundleComponent, *, with_url: bool) -> BundlePart:
    variant, product = row.component, row.component.product
    shown = with_url and product is not None and product.live and not variant.is_archived
    ships = requires_shipping(variant)
    return BundlePart(
        variant_id=variant.pk,
        quantity=row.quantity,
        sku=variant.sku,
        title=f"{product.title if product else ''} {variant.title}".strip() or variant.sku,
        weight_grams=(variant.weight_grams or 0) if ships else 0,
        requires_shipping=ships,
        url=(product.url or "") if shown and product else "",
    )


def requires_shipping(variant: ProductVariant, parts: Collection[BundlePart] = ()) -> bool:
    """
    Whether a variant travels: a bundle does if one of its parts does, anything else by its product's type.

    ``variant.product.product_type`` should be loaded.
    """
    if parts:
        return any(part.requires_shipping for part in parts)
    kind = variant.product.product_type if variant.product else None
    return kind is None or kind.is_shipped


def weight_of(variant: ProductVariant, parts: Collection[BundlePart] = ()) -> int:
    """
    Return the grams of one piece: 0 for what ships nothing; a bundle without a weight of its own weighs what
    its parts do.
    """
    if not requires_shipping(variant, parts):
        return 0
    if variant.weight_grams is None:
        return sum(part.weight_grams * part.quantity for part in parts)
    return variant.weight_grams


def list_uncounted(variant_ids: Collection[int]) -> set[int]:
    """Return which of these variants are of a kind that ships nothing: they may be sold without stock."""
    variants = ProductVariant.objects.filter(
        pk__in=variant_ids, product__product_type__kind__in=SHIPS_NOTHING
    )
    return set(variants.values_list("pk", flat=True))


def list_bundles_of(variant_ids: Collection[int] | QuerySet[Any]) -> QuerySet[ProductVariant]:
    """List the bundles that hold any of these variants, and whose product is still there."""
    bundles = BundleComponent.objects.filter(component_id__in=variant_ids).order_by().values("bundle_id")
    return ProductVariant.objects.filter(pk__in=bundles, product__isnull=False).order_by("pk")


def with_their_bundles(variant_ids: Collection[int]) -> QuerySet[ProductVariant]:
    """Variants, and the bundles that they are part of: what a change of price or stock touches."""
    bundles = BundleComponent.objects.filter(component_id__in=variant_ids).order_by().values("bundle_id")
    return ProductVariant.objects.filter(Q(pk__in=variant_ids) | Q(pk__in=bundles))


def list_active_bundles_of(variant_ids: Collection[int]) -> dict[int, list[str]]:
    """Return the SKUs of the bundles on sale that each variant is part of."""
    rows = (
        BundleComponent.objects.filter(
            component_id__in=variant_ids, bundle__archived_at=None, bundle__product__isnull=False
        )
        .order_by("bundle__sku")
        .values_list("component_id", "bundle__sku")
    )
    found: dict[int, list[str]] = defaultdict(list)
    for component_id, sku in rows:
        found[component_id].append(sku)
    return found
