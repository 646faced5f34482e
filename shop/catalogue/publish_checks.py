"""What the catalogue itself asks of a product before it is published."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from wagtail.models import Locale

from shop.catalogue.models import ProductPage, ProductTypeAttribute, VariantAttribute
from shop.catalogue.readiness import ERROR, WARNING, Finding, ProductFacts, register_publish_check

MIN_ALT_TEXT = 3
MIN_SUMMARY = 20
SKUS_NAMED = 3


def find_missing_parts(products: Sequence[ProductFacts]) -> Iterator[Finding]:
    """Ask for a title, a category and a picture with alternative text, without a query."""
    for product in products:
        if not product.title.strip():
            yield Finding(product.product_id, "no_title", ERROR, "Write a title.", "title")
        if not product.category_ids:
            yield Finding(
                product.product_id,
                "no_category",
                ERROR,
                "Choose at least one category: shoppers find the product there.",
                "product_categories",
            )
        if not product.alt_texts:
            yield Finding(
                product.product_id,
                "no_picture",
                ERROR,
                "Add at least one picture with alternative text.",
                "media",
            )
        elif any(len(text.strip()) < MIN_ALT_TEXT for text in product.alt_texts):
            yield Finding(
                product.product_id,
                "no_alt_text",
                ERROR,
                "Describe every picture in its alternative text, for those who cannot see it.",
                "media",
            )


def find_missing_variants(products: Sequence[ProductFacts]) -> Iterator[Finding]:
    """Ask for an active variant, and for a tax class on each."""
    for product in products:
        if not product.variants:
            yield Finding(
                product.product_id,
                "no_variant",
                ERROR,
                "Add at least one variant on the sheet of variants, prices and stock.",
                "variants",
            )
        untaxed = [variant.sku for variant in product.variants if not variant.is_taxed]
        if untaxed:
            yield Finding(
                product.product_id,
                "no_tax_class",
                ERROR,
                f"Choose a tax class for {name_some(untaxed)}.",
                "variants",
            )


def find_missing_attributes(products: Sequence[ProductFacts]) -> Iterator[Finding]:
    """Ask for what the product's type needs, of the product and of each variant, in two queries."""
    type_ids = {product.product_type_id for product in products if product.product_type_id}
    if not type_ids:
        return
    needed: dict[int, list[ProductTypeAttribute]] = defaultdict(list)
    required = ProductTypeAttribute.objects.filter(product_type_id__in=type_ids, is_required=True)
    for row in required.select_related("attribute").order_by("sort_order"):
        needed[row.product_type_id].append(row)
    per_variant = {
        row.attribute_id
        for rows in needed.values()
        for row in rows
        if row.scope == ProductTypeAttribute.Scope.VARIANT
    }
    held: set[tuple[int, int]] = set()
    if per_variant:
        variant_ids = [
            pk for product in products if product.product_type_id in needed for pk in product.variant_ids
        ]
        held = set(
            VariantAttribute.objects.filter(variant_id__in=variant_ids, attribute_id__in=per_variant)
            .order_by()
            .values_list("variant_id", "attribute_id")
        )
    for product in products:
        for row in needed.get(product.product_type_id or 0, ()):
            yield from _missing(product, row, held)


def _missing(
    product: ProductFacts, needed: ProductTypeAttribute, held: set[tuple[int, int]]
) -> Iterator[Finding]:
    name = needed.attribute.name
    code = f"no_attribute.{needed.attribute.slug}"
    if needed.scope == ProductTypeAttribute.Scope.PRODUCT:
        if needed.attribute_id not in product.attribute_ids:
            message = f"Fill in “{name}”: products of this type need it."
            yield Finding(product.product_id, code, ERROR, message, "product_attributes")
        return
    lacking = [variant.sku for variant in product.variants if (variant.id, needed.attribute_id) not in held]
    if lacking:
        message = f"Choose “{name}” for {name_some(lacking)}: variants of this type need it."
        yield Finding(product.product_id, code, ERROR, message, "variants")


def find_short_texts(products: Sequence[ProductFacts]) -> Iterator[Finding]:
    """Warn of a product that says too little about itself, without a query."""
    for product in products:
        if len(product.summary.strip()) < MIN_SUMMARY:
            yield Finding(
                product.product_id,
                "short_summary",
                WARNING,
                f"Write a summary of {MIN_SUMMARY} letters or more: lists and search results show it.",
                "summary",
            )
        if not product.has_body:
            yield Finding(
                product.product_id,
                "no_description",
                WARNING,
                "Describe it: what it is, what it is made of, how to care for it.",
                "body",
            )


def find_missing_translations(products: Sequence[ProductFacts]) -> Iterator[Finding]:
    """Warn of languages of the shop that a product is missing in; nothing to do in a shop of one."""
    locales = list(Locale.objects.all())
    if len(locales) < 2:  # noqa: PLR2004
        return
    held: dict[str, set[int]] = defaultdict(set)
    keys = {product.translation_key for product in products if product.translation_key}
    pages = ProductPage.objects.filter(translation_key__in=keys).order_by()
    for key, locale_id in pages.values_list("translation_key", "locale_id"):
        held[str(key)].add(locale_id)
    for product in products:
        there = held.get(product.translation_key)
        missing = [str(locale) for locale in locales if there is not None and locale.pk not in there]
        if missing:
            message = f"Translate it into {name_some(missing)}."
            yield Finding(product.product_id, "no_translation", WARNING, message)


def name_some(names: Iterable[str]) -> str:
    """The first few of the names, and how many more there are."""
    held = list(names)
    more = len(held) - SKUS_NAMED
    return ", ".join(held[:SKUS_NAMED]) + (f" and {more} more" if more > 0 else "")


CODES: Final = {
    find_missing_parts: {
        "no_title": "a title",
        "no_category": "a category",
        "no_picture": "a picture",
        "no_alt_text": "an alternative text",
    },
    find_missing_variants: {"no_variant": "a variant", "no_tax_class": "a tax class"},
    # Each has the slug of the attribute behind it, as in "no_attribute.material".
    find_missing_attributes: {"no_attribute": "an attribute that its type needs"},
    find_short_texts: {"short_summary": "a summary", "no_description": "a description"},
    find_missing_translations: {"no_translation": "a translation"},
}


def register() -> None:
    """Register them; called once when the app is ready."""
    for check, codes in CODES.items():
        register_publish_check(check, codes=codes)
