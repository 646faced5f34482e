"""What lies in a cart, read with few queries. Part of `selectors` in rank, apart for its length."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.db.models import (
    CharField,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    JSONField,
    OuterRef,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce, JSONObject
from wagtail.images import get_image_model
from wagtail.models import PageViewRestriction

from shop.cart.models import Cart, CartLine
from shop.cart.priced import LineImage
from shop.catalogue.models import ProductMedia, ProductVariant, VariantAttribute

# A crop would depend on the picture's focal point; this size does not, so that its rendition is known by name.
IMAGE_SPEC: Final = "width-400"
_COPIED: Final = ("image_pk", "media_alt", "thumbnail", "is_hidden")


def list_lines(cart_id: object) -> list[Any]:
    """
    Lines with variant, tax class, product and what else the product's tables say: 1 query.

    Each has ``image_pk``, ``media_alt`` and ``thumbnail`` (the variant's own picture or the product's first)
    and ``is_hidden``, which tells that a view restriction stands on the product or above it.
    """
    lines = CartLine.objects.filter(cart_id=cart_id).select_related("variant__product", "variant__tax_class")
    return list(_with_goods(lines, "variant__").order_by("added_at", "id"))


def find_new_line(cart: Cart, sku: str) -> Any | None:
    """An unsaved line for a SKU, with all that ``list_lines`` loads; ``None`` for an unknown SKU. 1 query."""
    variants = ProductVariant.objects.with_sku(sku).select_related("product", "tax_class")
    variant = _with_goods(variants, "").first()
    if variant is None:
        return None
    line = CartLine(cart=cart, variant=variant, quantity=0)
    for name in _COPIED:
        setattr(line, name, getattr(variant, name))
    return line


def _with_goods(rows: QuerySet[Any], to_variant: str) -> QuerySet[Any]:
    to_product = f"{to_variant}product"
    media = ProductMedia.objects.filter(page=OuterRef(to_product)).order_by("sort_order", "pk")
    path = ExpressionWrapper(OuterRef(f"{to_product}__path"), output_field=CharField())
    restrictions = PageViewRestriction.objects.alias(product_path=path)
    renditions = get_image_model().get_rendition_model().objects.filter(
        image=OuterRef("image_pk"), filter_spec=IMAGE_SPEC, focal_point_key=""
    )
    return (
        rows.defer(f"{to_product}__body", f"{to_product}__search_description")
        .annotate(
            image_pk=Coalesce(
                F(f"{to_variant}image_id"),
                Subquery(media.values("image")[:1]),
                output_field=IntegerField(),
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
    )


def is_on_sale(line: Any) -> bool:
    """Whether the line's variant is active and its product live and public. ``line`` comes of list_lines."""
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
        made = model.objects.get(pk=line.image_pk).get_rendition(IMAGE_SPEC)
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
