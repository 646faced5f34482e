from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from shop.catalogue.models import ProductPage, ProductVariant
from shop.catalogue.selectors import list_active_variants
from shop.catalogue.services.pictures import VariantPicture, set_variant_pictures
from shop.catalogue.services.variant_drafts import EDITABLE, VariantDraft
from shop.catalogue.services.variants import save_variants
from shop.catalogue.sku_patterns import make_skus
from shop.core import clock

if TYPE_CHECKING:
    from shop.customers.models import User

# What is one thing's own: its names in the world, and its place in the new sheet.
NOT_COPIED = ("sku", "barcode", "external_id", "sort_order", "tax_class", "is_priced_by_parts")
VariantCopier = Callable[[Mapping[int, int], "User | None", datetime], None]
"""Takes keys of variants with those of their copies, inside the transaction that made them."""

_copiers: list[VariantCopier] = []


def register_variant_copier(copier: VariantCopier) -> None:
    """Let an app copy what it keeps of variants; doing it twice changes nothing."""
    if copier not in _copiers:
        _copiers.append(copier)


@transaction.atomic
def copy_variants(
    *, source: ProductPage, target: ProductPage, actor: User | None = None, at: datetime | None = None
) -> list[ProductVariant]:
    """
    Give a copied product its own variants: new SKUs by pattern, the same attributes, sizes and prices.

    Stock, barcodes and external ids belong to the goods themselves and are not copied.

    :raises InvalidVariants: if another transaction takes one of the new SKUs meanwhile
    """
    at = at or clock.now()
    originals = list(list_active_variants(product_ids=[source.pk]).prefetch_related("images"))
    combos = [
        {row.attribute.slug: row.value.slug for row in variant.variant_attributes.all()}
        for variant in originals
    ]
    kept = [name for name in EDITABLE if name not in NOT_COPIED]
    copies = save_variants(
        product=target,
        create=[
            VariantDraft(
                sku=sku,
                tax_class=variant.tax_class.code,
                attributes=combo,
                **{name: getattr(variant, name) for name in kept},
            )
            for variant, combo, sku in zip(
                originals, combos, make_skus(product=target, combos=combos), strict=True
            )
        ],
        actor=actor,
        at=at,
    )
    pairs = list(zip(originals, copies, strict=True))
    for original, copy in pairs:
        pictures = [
            VariantPicture(image_id=row.image_id, alt_text=row.alt_text) for row in original.images.all()
        ]
        if pictures:
            set_variant_pictures(variant=copy, image_id=copy.image_id, further=pictures, actor=actor, at=at)
    for copier in _copiers:
        copier({original.pk: copy.pk for original, copy in pairs}, actor, at)
    return copies
