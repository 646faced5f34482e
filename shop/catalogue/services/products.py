from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction

from shop.catalogue.attributes.cleaning import read_attribute
from shop.catalogue.models import (
    Attribute,
    Brand,
    Category,
    ProductAttribute,
    ProductCategory,
    ProductIndexPage,
    ProductMedia,
    ProductPage,
    ProductRelation,
    ProductTag,
    ProductType,
)
from shop.catalogue.services.variant_drafts import VariantDraft
from shop.catalogue.services.variants import save_variants
from shop.core.errors import ErrorItem, ShopError

if TYPE_CHECKING:
    from shop.customers.models import User


class SlugTaken(ShopError):
    """Another product has this slug."""

    code = "slug_taken"
    status = 409
    title = "Another product has this slug."


class UnknownAttribute(ShopError):
    """An attribute or a value that the shop does not have, or that does not fit its kind."""

    code = "unknown_attribute"
    title = "The product has an attribute that does not fit."


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaDraft:
    """A picture of a product to be made."""

    image_id: int
    alt_text: str
    caption: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationDraft:
    """That the product leads to another one; ``kind`` is one of ``ProductRelation.Kind``."""

    product_id: int
    kind: str = ProductRelation.Kind.RELATED


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductDraft:
    """
    A product to be made.

    ``attributes`` maps slugs of attributes to a value's slug (or several), to the key of a document or page
    as text, or to the text itself: "yes" or "no", a number, a date as 2026-11-24, a line, or rich text.
    ``body`` is raw StreamField data: ``[{"type": "paragraph", "value": "<p>…</p>"}]``.
    """

    title: str
    slug: str = ""
    summary: str = ""
    body: Sequence[Mapping[str, Any]] = ()
    brand_id: int | None = None
    product_type_id: int | None = None
    external_id: str | None = None
    category_ids: Sequence[int] = ()
    tag_ids: Sequence[int] = ()
    related: Sequence[RelationDraft] = ()
    media: Sequence[MediaDraft] = ()
    attributes: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    seo_title: str = ""
    search_description: str = ""
    variants: Sequence[VariantDraft] = ()
    first_published_at: datetime | None = None


@transaction.atomic
def create_product(
    *,
    parent: ProductIndexPage,
    title: str,
    slug: str = "",
    brand: Brand | None = None,
    product_type: ProductType | None = None,
    categories: Sequence[Category] = (),
    attributes: Mapping[str, str | Sequence[str]] | None = None,
    variants: Sequence[VariantDraft] = (),
    publish: bool = True,
    go_live_at: datetime | None = None,
    user: User | None = None,
    **fields: Any,
) -> ProductPage:
    """
    Create one product with its variants, the way the admin does: a draft with a revision, then published.

    ``fields`` are the others of :class:`ProductDraft`. For many products use :func:`bulk_create_products`,
    which is some twenty times as fast.

    :param go_live_at: with ``publish``, when to go live; a moment in the future leaves a scheduled draft
    :raises SlugTaken: if another product has the slug (without a slug, a free one is made of the title)
    :raises UnknownAttribute: if an attribute or its value does not exist
    :raises InvalidVariants: if a variant cannot be made
    """
    if slug and not ProductPage.slug_is_free(slug):
        raise SlugTaken(suggestion=ProductPage.find_free_slug(slug))
    draft = ProductDraft(
        title=title,
        slug=slug,
        brand_id=brand.pk if brand else None,
        product_type_id=product_type.pk if product_type else None,
        category_ids=[category.pk for category in categories],
        attributes=attributes or {},
        variants=variants,
        **fields,
    )
    return _file(draft, parent=parent, publish=publish, go_live_at=go_live_at, user=user)


def _file(
    draft: ProductDraft,
    *,
    parent: ProductIndexPage,
    publish: bool,
    go_live_at: datetime | None,
    user: User | None,
) -> ProductPage:
    page = build_page(draft, attributes=load_attributes())
    page.live = False
    page.has_unpublished_changes = True
    page.owner = user
    page.go_live_at = go_live_at
    parent.add_child(instance=page)
    revision = page.save_revision(user=user, log_action=False, clean=False)
    if draft.variants:
        save_variants(product=page, create=draft.variants, actor=user)
    if publish:
        revision.publish(user=user, skip_permission_checks=True)
        page.refresh_from_db()
    return page


def load_attributes() -> dict[str, Attribute]:
    """Every attribute with its values, by slug (2 queries)."""
    return {attribute.slug: attribute for attribute in Attribute.objects.prefetch_related("values")}


def build_page(draft: ProductDraft, *, attributes: Mapping[str, Attribute]) -> ProductPage:
    """
    Make the page and its inline rows in memory.

    :raises UnknownAttribute: if an attribute or its value does not exist
    """
    page = ProductPage(
        title=draft.title,
        slug=draft.slug,
        summary=draft.summary,
        body=json.dumps([dict(block) for block in draft.body]),
        brand_id=draft.brand_id,
        product_type_id=draft.product_type_id,
        external_id=draft.external_id,
        seo_title=draft.seo_title,
        search_description=draft.search_description,
        first_published_at=draft.first_published_at,
    )
    page.product_categories = [
        ProductCategory(category_id=category_id, sort_order=position)
        for position, category_id in enumerate(draft.category_ids)
    ]
    page.media = [
        ProductMedia(
            image_id=item.image_id,
            alt_text=item.alt_text,
            caption=item.caption,
            # Not left to the database: a draft is kept as it stands here.
            video_url="",
            sort_order=position,
        )
        for position, item in enumerate(draft.media)
    ]
    page.tagged_items = [ProductTag(tag_id=tag_id) for tag_id in draft.tag_ids]
    page.relations = [
        ProductRelation(product_id=item.product_id, kind=item.kind, sort_order=position)
        for position, item in enumerate(draft.related)
    ]
    page.product_attributes = _build_attributes(draft, attributes)
    _check_single(page.product_attributes.all())
    return page


def _build_attributes(draft: ProductDraft, attributes: Mapping[str, Attribute]) -> list[ProductAttribute]:
    chosen = [
        (slug, text)
        for slug, texts in draft.attributes.items()
        for text in ([texts] if isinstance(texts, str) else dict.fromkeys(texts))
    ]
    return [
        _build_attribute(attributes, slug, text, position) for position, (slug, text) in enumerate(chosen)
    ]


def _check_single(rows: Sequence[ProductAttribute]) -> None:
    """Refuse several values of an attribute that takes one."""
    seen = set()
    for row in rows:
        attribute = row.attribute
        if attribute.pk in seen and attribute.kind != Attribute.Kind.MULTICHOICE:
            message = f"“{attribute}” takes one value: give one, or make it an attribute of several choices."
            raise UnknownAttribute(errors=[ErrorItem("invalid", message, attribute.slug)])
        seen.add(attribute.pk)


def _build_attribute(
    attributes: Mapping[str, Attribute], slug: str, text: str, position: int
) -> ProductAttribute:
    attribute = attributes.get(slug)
    if attribute is None:
        raise UnknownAttribute(errors=[ErrorItem("unknown", f"There is no attribute “{slug}”.", slug)])
    try:
        fields = read_attribute(attribute=attribute, text=text)
    except ValidationError as error:
        raise UnknownAttribute(errors=[ErrorItem("invalid", " ".join(error.messages), slug)]) from error
    return ProductAttribute(attribute=attribute, sort_order=position, **fields)
