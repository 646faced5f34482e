"""What lies in a cart, read with few queries. Part of `selectors` in rank, apart for its length."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid5

from django.db.models import (
    CharField,
    Exists,
    ExpressionWrapper,
    F,
    FilteredRelation,
    IntegerField,
    JSONField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce, JSONObject
from wagtail.images import get_image_model
from wagtail.images.models import SourceImageIOError
from wagtail.models import PageViewRestriction

from shop.cart.models import CartLine
from shop.cart.priced import LineImage
from shop.catalogue.models import ProductMedia, ProductVariant, VariantAttribute
from shop.promotions.engine import Gift

logger = logging.getLogger(__name__)

# A crop would depend on the picture's focal point; this size does not: its rendition is known by name.
IMAGE_SPEC: Final = "width-400|format-webp"
LOADED: Final = ("image_pk", "media_alt", "thumbnail", "is_hidden")


def list_lines(cart_id: UUID, *, and_sku: str = "") -> list[Any]:
    """
    Lines with variant, tax class, product and what else the product's tables say, in one query.

    Each has ``image_pk``, ``media_alt`` and ``thumbnail`` (the variant's own picture or the product's first)
    and ``is_hidden``, which tells that a view restriction stands on the product or above it.

    :param and_sku: adds an unsaved line of quantity 0 for this SKU, unless it lies in the cart or is unknown
    """
    wanted = CartLine.objects.filter(cart_id=cart_id).order_by().values("variant")
    if and_sku:
        # A union, because with OR the database would walk through every variant of the shop.
        wanted = wanted.union(ProductVariant.objects.with_sku(and_sku).order_by().values("pk"))
    lines = [_line(cart_id, variant) for variant in _load_goods(cart_id, wanted)]
    return sorted(lines, key=lambda line: (line._state.adding, line.added_at, line.pk))


def _line(cart_id: UUID, variant: Any) -> Any:
    if variant.line_id is None:
        line = CartLine(cart_id=cart_id, variant=variant, quantity=0)
    else:
        line = CartLine(
            pk=variant.line_id,
            cart_id=cart_id,
            variant=variant,
            quantity=variant.line_quantity,
            seen_price=variant.line_seen_price,
            added_at=variant.line_added_at,
        )
        line._state.adding = False
    for name in LOADED:
        setattr(line, name, getattr(variant, name))
    return line


def list_gifts(cart_id: UUID, gifts: Sequence[Gift]) -> list[Any]:
    """
    Lines like those of :func:`list_lines` for what promotions give, in one query, or none without gifts.

    They are never saved; each has ``promotion_id``. Their ids stay the same from read to read.
    """
    if not gifts:
        return []
    by_sku = {variant.sku.upper(): variant for variant in _load_goods(cart_id, _find_skus(gifts))}
    lines = []
    for gift in gifts:
        variant = by_sku.get(gift.sku.upper())
        if variant is None:
            logger.error("The gift %s of promotion %s is no SKU of the shop.", gift.sku, gift.promotion_id)
            continue
        line: Any = CartLine(
            pk=uuid5(cart_id, f"gift:{gift.promotion_id}:{variant.pk}"),
            cart_id=cart_id,
            variant=variant,
            quantity=gift.quantity,
        )
        line.is_gift, line.promotion_id = True, gift.promotion_id
        for name in LOADED:
            setattr(line, name, getattr(variant, name))
        lines.append(line)
    return lines


def _find_skus(gifts: Sequence[Gift]) -> QuerySet[Any]:
    found = ProductVariant.objects.none().values("pk")
    parts = [ProductVariant.objects.with_sku(gift.sku).order_by().values("pk") for gift in gifts]
    return parts[0].union(*parts[1:]) if parts else found


def _load_goods(cart_id: UUID, wanted: QuerySet[Any]) -> QuerySet[Any]:
    """The variants of these keys, each with the columns of its line in the cart, if it has one."""
    media = ProductMedia.objects.filter(page=OuterRef("product")).order_by("sort_order", "pk")
    path = ExpressionWrapper(OuterRef("product__path"), output_field=CharField())
    restrictions = PageViewRestriction.objects.alias(product_path=path)
    renditions = (
        get_image_model()
        .get_rendition_model()
        .objects.filter(image=OuterRef("image_pk"), filter_spec=IMAGE_SPEC, focal_point_key="")
    )
    return (
        ProductVariant.objects.filter(pk__in=wanted)
        .select_related("product__product_type", "tax_class")
        .defer("product__body", "product__search_description")
        .annotate(
            line=FilteredRelation("cart_lines", condition=Q(cart_lines__cart=cart_id)),
            line_id=F("line__id"),
            line_quantity=F("line__quantity"),
            line_seen_price=F("line__seen_price"),
            line_added_at=F("line__added_at"),
            image_pk=Coalesce(
                F("image_id"), Subquery(media.values("image")[:1]), output_field=IntegerField()
            ),
            media_alt=Subquery(media.values("alt_text")[:1], output_field=CharField()),
            is_hidden=Exists(restrictions.filter(product_path__startswith=F("page__path"))),
        )
        .annotate(
            thumbnail=Subquery(
                renditions.values(made=JSONObject(file="file", width="width", height="height"))[:1],
                output_field=JSONField(),
            )
        )
        .order_by()
    )


def is_on_sale(line: Any, at: datetime) -> bool:
    """Whether the line's goods can be bought at that moment. ``line`` comes of list_lines."""
    return is_in_shop(line) and bool(line.variant.is_in_window(at))


def is_in_shop(line: Any) -> bool:
    """Whether the line's variant is active and its product live and public, whatever its window."""
    variant = line.variant
    return (
        variant.archived_at is None
        and variant.product is not None
        and variant.product.live
        and not line.is_hidden
    )


def title_of(line: CartLine) -> str:
    """The product's title; the variant's own, or its SKU, once the page is gone."""
    return line.variant.product.title if line.variant.product else line.variant.title or line.variant.sku


def image_of(line: Any) -> LineImage | None:
    """
    The picture of what is bought, without a query.

    A thumbnail that has never been made is made now, and the next read finds it.
    """
    if not line.image_pk:
        return None
    alt = f"{title_of(line)} {line.variant.title}".strip()
    if not line.variant.image_id and line.media_alt:
        alt = line.media_alt
    model = get_image_model()
    if line.thumbnail is None:
        try:
            made = model.objects.get(pk=line.image_pk).get_rendition(IMAGE_SPEC)
        except SourceImageIOError:
            # The file is gone or unreadable: goods are sold without their picture rather than not at all.
            logger.warning("The file of image %s cannot be read.", line.image_pk)
            return None
        return LineImage(url=made.url, alt=alt, width=made.width, height=made.height)
    storage = model.get_rendition_model()._meta.get_field("file").storage
    found = line.thumbnail
    return LineImage(url=storage.url(found["file"]), alt=alt, width=found["width"], height=found["height"])


def load_attributes(variant_ids: Iterable[int]) -> dict[int, list[Mapping[str, str]]]:
    """What makes each variant differ, e.g. colour and size, in the order of the shop: 1 query."""
    found: dict[int, list[Mapping[str, str]]] = defaultdict(list)
    rows = (
        VariantAttribute.objects.filter(variant__in=list(variant_ids))
        .order_by("attribute__sort_order", "attribute__name")
        .values_list("variant_id", "attribute__slug", "attribute__name", "value__slug", "value__label")
    )
    for variant_id, slug, name, value, label in rows:
        found[variant_id].append({"slug": slug, "name": name, "value": value, "label": label})
    return found
