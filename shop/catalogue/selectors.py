"""
Reads of the catalogue.

``live`` and ``visible`` are what shoppers may see; ``active`` variants are what could be sold if their
product is live. Lists of the storefront are answered by the search app, not from here.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import cast

from django.db.models import Prefetch, Q
from wagtail.query import PageQuerySet

from shop.catalogue.models import (
    Attribute,
    Category,
    ProductCollection,
    ProductPage,
    ProductTypeAttribute,
    ProductVariant,
    TaxClass,
    VariantAttribute,
)
from shop.catalogue.models.categories import CategoryQuerySet
from shop.catalogue.models.variants import ProductVariantQuerySet
from shop.core.errors import NotFoundError


class ProductNotFound(NotFoundError):
    """There is no such product, or shoppers may not see it."""

    code = "product_not_found"
    title = "There is no such product."


class VariantNotFound(NotFoundError):
    """There is no such variant on sale."""

    code = "variant_not_found"
    title = "There is no such variant on sale."


class CategoryNotFound(NotFoundError):
    """There is no such category, or shoppers may not see it."""

    code = "category_not_found"
    title = "There is no such category."


class CollectionNotFound(NotFoundError):
    """There is no such collection, or shoppers may not see it."""

    code = "collection_not_found"
    title = "There is no such collection."


def list_live_products() -> PageQuerySet:
    """Products that anyone may see: live, and under no view restriction of their own or above."""
    return ProductPage.objects.live().public()


def get_live_product(slug: str) -> ProductPage:
    """
    Return one live, public product.

    :raises ProductNotFound: for a draft, a restricted page or none at all
    """
    product = list_live_products().filter(slug_key=slug).first()
    if product is None:
        raise ProductNotFound
    return cast(ProductPage, product)


def list_active_variants(*, product_ids: Collection[int] | None = None) -> ProductVariantQuerySet:
    """
    Return variants that are not archived, with tax class, attributes and values loaded (2 queries).

    Whether their product is live is not asked: see :func:`list_sellable_variants`.
    """
    variants = ProductVariant.objects.active()
    if product_ids is not None:
        variants = variants.filter(product_id__in=product_ids)
    return with_attributes(variants)


def list_archived_variants(*, product: ProductPage) -> ProductVariantQuerySet:
    """Return what a product sold once, the latest archived first."""
    return ProductVariant.objects.filter(product=product, archived_at__isnull=False).order_by("-archived_at")


def with_attributes(variants: ProductVariantQuerySet) -> ProductVariantQuerySet:
    """Load tax class, attributes and values of the variants."""
    attributes = VariantAttribute.objects.select_related("attribute", "value")
    return variants.select_related("tax_class").prefetch_related(
        Prefetch("variant_attributes", queryset=attributes)
    )


def list_sellable_variants(*, skus: Collection[str] | None = None) -> ProductVariantQuerySet:
    """Active variants of live, public products; SKUs are compared without case."""
    variants = ProductVariant.objects.active().filter(product__in=list_live_products())
    if skus is not None:
        matching = Q(pk__in=[])
        for sku in skus:
            matching |= Q(pk__in=ProductVariant.objects.with_sku(sku).values("pk"))
        variants = variants.filter(matching)
    return variants.select_related("product", "tax_class")


def get_sellable_variant(sku: str) -> ProductVariant:
    """
    Return what can be put into a cart under this SKU.

    :raises VariantNotFound: for an unknown or archived SKU, and for a product that is not live or not public
    """
    variant = (
        list_sellable_variants().filter(pk__in=ProductVariant.objects.with_sku(sku).values("pk")).first()
    )
    if variant is None:
        raise VariantNotFound
    return variant


def list_visible_categories() -> CategoryQuerySet:
    """Categories that shoppers may see (live, and so is all above them), in the order of the tree."""
    return Category.objects.visible()


def get_visible_category(slug: str) -> Category:
    """
    Return one category that shoppers may see.

    :raises CategoryNotFound: for a draft, one below a draft, or none at all
    """
    category = list_visible_categories().filter(slug=slug).first()
    if category is None:
        raise CategoryNotFound
    return category


def get_live_collection(slug: str) -> ProductCollection:
    """
    Return one live collection.

    :raises CollectionNotFound: for a draft or none at all
    """
    collection = ProductCollection.objects.live().filter(slug=slug).first()
    if collection is None:
        raise CollectionNotFound
    return collection


def list_variant_attributes() -> list[Attribute]:
    """Attributes that make variants, with their values (2 queries)."""
    return list(
        Attribute.objects.filter(makes_variants=True, kind__in=Attribute.VARIANT_KINDS).prefetch_related(
            "values"
        )
    )


def list_slugs_of_type(product: ProductPage) -> set[str]:
    """Slugs of the attributes that the product's type puts on each variant; none without a type (1 query)."""
    if product.product_type_id is None:
        return set()
    scope = ProductTypeAttribute.Scope.VARIANT
    rows = ProductTypeAttribute.objects.filter(product_type=product.product_type_id, scope=scope)
    return set(rows.values_list("attribute__slug", flat=True))


def get_default_tax_class() -> TaxClass:
    """Return the class that goods have when nobody says otherwise; made on first use."""
    return TaxClass.objects.get_or_create(code=TaxClass.STANDARD, defaults={"name": "Standard rate"})[0]


def count_products(category: Category) -> int:
    """How many products lie in a category or below it, drafts included (the reference index sees too few)."""
    return (
        ProductPage.objects.filter(product_categories__category__path__startswith=category.path)
        .distinct()
        .count()
    )
