"""Who uses an attribute or a product type, and what changing a type does to its products."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from wagtail.models import Revision

from shop.catalogue.models import (
    Attribute,
    ProductAttribute,
    ProductPage,
    ProductType,
    ProductTypeAttribute,
    VariantAttribute,
)

CHUNK = 500


@dataclass(frozen=True, slots=True)
class AttributeUse:
    """How many types, products (drafts included) and variants (archived ones included) have an attribute."""

    types: int
    products: int
    variants: int

    def __bool__(self) -> bool:
        return bool(self.types or self.products or self.variants)

    def __str__(self) -> str:
        counts = (("type", self.types), ("product", self.products), ("variant", self.variants))
        texts = [plural(number, noun) for noun, number in counts if number]
        return " and ".join(filter(None, (", ".join(texts[:-1]), *texts[-1:])))


def plural(number: int, noun: str) -> str:
    """ "1 product", "2 products"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def count_use(attribute: Attribute) -> AttributeUse:
    """Count who uses the attribute, the drafts of products too."""
    carrying = ProductAttribute.objects.filter(attribute=attribute).values_list("page_id", flat=True)
    products = set(carrying.distinct())
    for page_id, rows in _drafted_rows():
        if any(row.get("attribute") == attribute.pk for row in rows):
            products.add(page_id)
    return AttributeUse(
        types=attribute.type_attributes.count(),
        products=len(products),
        variants=VariantAttribute.objects.filter(attribute=attribute).count(),
    )


def values_in_drafts(value_ids: Collection[int]) -> set[int]:
    """Those of the values that a draft of a product has, which the database's own rows do not show yet."""
    return {row["value"] for _, rows in _drafted_rows() for row in rows if row.get("value") in set(value_ids)}


def _drafted_rows() -> Iterator[tuple[int, list[Mapping[str, Any]]]]:
    # What a draft of a live product holds is in its revision only.
    drafts = ProductPage.objects.filter(has_unpublished_changes=True, latest_revision__isnull=False)
    revisions = Revision.objects.filter(pk__in=drafts.values("latest_revision_id")).order_by()
    columns = revisions.values_list("object_id", "content__product_attributes")
    for page_id, rows in columns.iterator(chunk_size=CHUNK):
        yield int(page_id), rows or []


def count_products_of(product_type: ProductType) -> int:
    """How many products are of the type, or will be once their draft is published."""
    return (
        ProductPage.objects.filter(
            Q(product_type=product_type)
            | Q(has_unpublished_changes=True, latest_revision__content__product_type=product_type.pk)
        )
        .order_by()
        .distinct()
        .count()
    )


def explain_use(instance: Any) -> str:
    """Why an attribute or a type cannot be deleted; nothing when it can, or is something else."""
    if isinstance(instance, ProductType):
        number = count_products_of(instance)
        if number:
            return (
                f"“{instance}” cannot be deleted: {plural(number, 'product')} of this type. "
                "Give them another type first."
            )
    elif isinstance(instance, Attribute):
        use = count_use(instance)
        if use:
            return f"“{instance}” cannot be deleted: {use} use it. Take it from them first."
    return ""


def with_type_counts(types: QuerySet[ProductType]) -> QuerySet[ProductType]:
    """Add ``attribute_count`` and ``product_count``."""
    return types.annotate(
        attribute_count=_count(ProductTypeAttribute.objects.all(), "product_type"),
        product_count=_count(ProductPage.objects.all(), "product_type"),
    )


def with_attribute_counts(attributes: QuerySet[Attribute]) -> QuerySet[Attribute]:
    """Add ``type_count``, ``product_count`` and ``variant_count``."""
    return attributes.annotate(
        type_count=_count(ProductTypeAttribute.objects.all(), "attribute"),
        product_count=_count(ProductAttribute.objects.all(), "attribute", of="page"),
        variant_count=_count(VariantAttribute.objects.all(), "attribute"),
    )


def _count(rows: QuerySet[Any], key: str, *, of: str = "pk") -> Coalesce:
    grouped = rows.filter(**{key: OuterRef("pk")}).order_by().values(key)
    counted = grouped.annotate(number=Count(of, distinct=True)).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def list_effects(
    product_type: ProductType, *, removed: Collection[int], newly_required: Collection[int]
) -> list[str]:
    """
    What taking attributes from the type, or asking for more of them, does to its products; in words.

    Both are keys of attributes. Nothing when no product is touched.
    """
    names = {one.pk: one.name for one in Attribute.objects.filter(pk__in={*removed, *newly_required})}
    products = ProductPage.objects.filter(product_type=product_type)
    total = products.count()
    carrying = dict(
        ProductAttribute.objects.filter(page__in=products.values("pk"), attribute_id__in=names)
        .order_by()
        .values("attribute_id")
        .annotate(number=Count("page_id", distinct=True))
        .values_list("attribute_id", "number")
    )
    varied = dict(
        VariantAttribute.objects.filter(
            variant__product__in=products.values("pk"),
            variant__archived_at__isnull=True,
            attribute_id__in=names,
        )
        .order_by()
        .values("attribute_id")
        .annotate(number=Count("variant__product_id", distinct=True))
        .values_list("attribute_id", "number")
    )
    having = {key: max(carrying.get(key, 0), varied.get(key, 0)) for key in names}
    lacking = {key: total - having[key] for key in newly_required}
    return [
        f"“{names[key]}”: {plural(having[key], 'product')} of this type keep it, shown as no longer part of "
        "the type, until somebody removes it."
        for key in removed
        if having[key]
    ] + [
        f"“{names[key]}”: {plural(number, 'product')} of this type lack it. They stay as they are, but "
        "cannot be published again without it."
        for key, number in lacking.items()
        if number
    ]
