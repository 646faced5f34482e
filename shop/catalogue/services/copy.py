from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from wagtail.actions.copy_page import CopyPageAction
from wagtail.models import Page

from shop.catalogue.models import ProductPage, ProductVariant
from shop.catalogue.selectors import list_active_variants
from shop.catalogue.services.pictures import VariantPicture, set_variant_pictures
from shop.catalogue.services.products import SlugTaken
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
def copy_product(
    *,
    product: ProductPage,
    parent: Page,
    title: str,
    slug: str,
    with_variants: bool = True,
    actor: User | None = None,
    at: datetime | None = None,
) -> ProductPage:
    """
    Copy a product as a draft, with variants of its own under new SKUs: all of it, or nothing.

    Whether the actor may add a product to ``parent`` is the caller's to ask.

    :raises SlugTaken: if another product has the slug
    :raises InvalidVariants: if another transaction takes one of the new SKUs meanwhile
    """
    if not ProductPage.slug_is_free(slug):
        raise SlugTaken(suggestion=ProductPage.find_free_slug(slug))
    action = CopyPageAction(
        page=product,
        to=parent,
        update_attrs={"title": title, "slug": slug},
        # It has no prices of its own yet: it goes live through the publish checks.
        keep_live=False,
        user=actor,
    )
    copied: ProductPage = action.execute(skip_permission_checks=True)
    if with_variants:
        copy_variants(source=product.variants_source, target=copied, actor=actor, at=at)
    return copied


def pair_products(original: Page, copied: Page) -> list[tuple[int, int]]:
    """
    Keys of the products below a page with those of their copies, below a page that was copied from it.

    Aliases below it were copied as products of their own, and are in the answer with what they mirrored.
    """
    pairs = zip(_list_products_below(original), _list_products_below(copied), strict=True)
    return [(source.variants_source.pk, target_page.pk) for source, target_page in pairs]


def _list_products_below(page: Page) -> list[ProductPage]:
    # Wagtail copies children in the order of the tree.
    return list(ProductPage.objects.descendant_of(page, inclusive=True).order_by("path"))


@transaction.atomic
def copy_variants_of_many(
    pairs: Sequence[tuple[int, int]], *, actor: User | None = None, at: datetime | None = None
) -> int:
    """
    Give copied products their own variants, as :func:`copy_variants` does for one; those that have some
    already keep them. Returns how many variants were made.

    :param pairs: keys of products, each with that of its copy; what has been deleted meanwhile is left out
    :raises InvalidVariants: if another transaction takes one of the new SKUs meanwhile
    """
    products = ProductPage.objects.in_bulk({pk for pair in pairs for pk in pair})
    made = 0
    for source_id, target_id in pairs:
        source, target = products.get(source_id), products.get(target_id)
        if source is not None and target is not None and not target.variants.exists():
            made += len(copy_variants(source=source, target=target, actor=actor, at=at))
    return made


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
    skus = make_skus(product=target, combos=combos)
    drafts = [_copy_draft(*facts) for facts in zip(originals, combos, skus, strict=True)]
    copies = save_variants(product=target, create=drafts, actor=actor, at=at)
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


def _copy_draft(variant: ProductVariant, combo: Mapping[str, str], sku: str) -> VariantDraft:
    kept = {name: getattr(variant, name) for name in EDITABLE if name not in NOT_COPIED}
    return VariantDraft(sku=sku, tax_class=variant.tax_class.code, attributes=combo, **kept)
