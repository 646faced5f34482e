from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction

from shop.catalogue.events import record_variants_changed
from shop.catalogue.models import ProductPage, ProductVariant, TaxClass
from shop.catalogue.services.sheet import Sheet
from shop.catalogue.services.variant_drafts import InvalidVariants, VariantChange, VariantDraft
from shop.core import clock
from shop.core.audit import record_audit
from shop.core.errors import ErrorItem

if TYPE_CHECKING:
    from shop.customers.models import User


def create_variant(
    *,
    product: ProductPage,
    sku: str,
    title: str = "",
    attributes: Mapping[str, str] | None = None,
    barcode: str = "",
    weight_grams: int | None = None,
    tax_class: str = TaxClass.STANDARD,
    image_id: int | None = None,
    cost: Decimal | None = None,
    actor: User | None = None,
    at: datetime | None = None,
    **fields: Any,
) -> ProductVariant:
    """
    Add one variant at the end of a product's sheet; ``fields`` are the others of :class:`VariantDraft`.

    :raises InvalidVariants: if the SKU is taken or malformed, or anything else does not fit
    """
    draft = VariantDraft(
        sku=sku,
        title=title,
        barcode=barcode,
        weight_grams=weight_grams,
        tax_class=tax_class,
        image_id=image_id,
        cost=cost,
        attributes=attributes or {},
        **fields,
    )
    return save_variants(product=product, create=[draft], actor=actor, at=at)[0]


def update_variant(
    *,
    variant: ProductVariant,
    attributes: Mapping[str, str] | None = None,
    actor: User | None = None,
    at: datetime | None = None,
    **fields: Any,
) -> ProductVariant:
    """
    Change the named fields of a variant, and those of its attributes that are given.

    :raises InvalidVariants: if the result does not fit
    """
    change = VariantChange(variant_id=variant.pk, fields=fields, attributes=attributes or {})
    save_variants(product=variant.product, change=[change], actor=actor, at=at)
    variant.refresh_from_db()
    return variant


def archive_variant(
    *, variant: ProductVariant, actor: User | None = None, at: datetime | None = None
) -> None:
    """Take a variant off sale for good; orders keep it, and its SKU stays taken. Doing it twice is fine."""
    save_variants(product=variant.product, archive=[variant.pk], actor=actor, at=at)
    variant.refresh_from_db()


def restore_variant(
    *, variant: ProductVariant, actor: User | None = None, at: datetime | None = None
) -> None:
    """
    Put an archived variant back on its product's sheet.

    :raises InvalidVariants: if another variant has the same attributes by now
    """
    save_variants(product=variant.product, restore=[variant.pk], actor=actor, at=at)
    variant.refresh_from_db()


@transaction.atomic
def save_variants(
    *,
    product: ProductPage | None,
    create: Sequence[VariantDraft] = (),
    change: Sequence[VariantChange] = (),
    archive: Collection[int] = (),
    restore: Collection[int] = (),
    actor: User | None = None,
    at: datetime | None = None,
) -> list[ProductVariant]:
    """
    Save a product's sheet of variants in one go: all of it, or nothing.

    :return: the created variants, in the order of ``create``
    :raises InvalidVariants: with every error of every row; for an alias, which sells those of its original
    """
    if product is not None and product.alias_of_id:
        raise InvalidVariants(errors=[_alias_error(product)])
    at = at or clock.now()
    # By primary key, so that two sheets saved at once cannot deadlock.
    held = {
        variant.pk: variant
        for variant in ProductVariant.objects.select_for_update().filter(product=product).order_by("pk")
        if product is not None
    }
    sheet = Sheet(product=product, held=held, at=at)
    for index, draft in enumerate(create):
        sheet.add(f"create.{index}", draft)
    for item in change:
        sheet.change(f"change.{item.variant_id}", item)
    sheet.archive(archive, at)
    sheet.archive(restore, None)
    sheet.check()
    sheet.write()
    touched = sheet.touched_ids()
    record_variants_changed(variant_ids=touched, product_ids=[product.pk] if product else [])
    if touched and product is not None:
        record_audit(
            actor=actor, action="variants.save", target=product, changes=sheet.read_log(product.pk), at=at
        )
    return sheet.created


def _alias_error(product: ProductPage) -> ErrorItem:
    alias, original = (page.get_admin_display_title() for page in (product, product.variants_source))
    return ErrorItem(
        "alias",
        f"“{alias}” is an alias and has no variants of its own: it sells those of “{original}”. "
        "Change them there.",
    )


@transaction.atomic
def change_variants(*, change: Sequence[VariantChange], actor: User | None, at: datetime) -> None:
    """
    Change variants of many products in one go: all of it, or nothing.

    :raises InvalidVariants: with every error of every row, named ``change.<pk>.<field>``
    """
    ids = {item.variant_id for item in change}
    product_ids = ProductVariant.objects.filter(pk__in=ids, product__isnull=False).values("product_id")
    # With their siblings, which must stay apart from them; by primary key, as every sheet locks.
    locked = ProductVariant.objects.select_for_update(of=("self",)).filter(product_id__in=product_ids)
    held = {variant.pk: variant for variant in locked.select_related("product").order_by("pk")}
    sheet = Sheet(product=None, held=held, at=at)
    for item in change:
        sheet.change(f"change.{item.variant_id}", item)
    sheet.check()
    sheet.write()
    touched = sheet.touched_ids()
    products = {
        variant.product_id: variant.product for pk in touched if (variant := held[pk]).product is not None
    }
    record_variants_changed(variant_ids=touched, product_ids=[pk for pk in products if pk is not None])
    for product in products.values():
        changes = sheet.read_log(product.pk)
        record_audit(actor=actor, action="variants.save", target=product, changes=changes, at=at)
