"""What lies in a cart, read with few queries. Part of `selectors` in rank, apart for its length."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.db.models import CharField, Exists, ExpressionWrapper, F, IntegerField, OuterRef, QuerySet, Subquery
from wagtail.images import get_image_model
from wagtail.images.models import Filter
from wagtail.models import PageViewRestriction

from shop.cart.models import CartLine
from shop.cart.priced import LineImage
from shop.catalogue.models import ProductMedia, VariantAttribute

IMAGE_SPEC: Final = "fill-400x400"


def list_lines(cart_id: object) -> QuerySet[CartLine]:
    """
    Lines with variant, tax class and product, annotated with what else the product's tables say: 1 query.

    ``image_pk`` and ``image_alt`` are the variant's own picture or the product's first, ``is_hidden``
    tells that a view restriction stands on the product or above it.
    """
    media = ProductMedia.objects.filter(page=OuterRef("variant__product")).order_by("sort_order", "pk")
    restrictions = PageViewRestriction.objects.alias(
        product_path=ExpressionWrapper(OuterRef("variant__product__path"), output_field=CharField())
    )
    return (
        CartLine.objects.filter(cart_id=cart_id)
        .select_related("variant__product", "variant__tax_class")
        .defer("variant__product__body", "variant__product__search_description")
        .annotate(
            image_pk=Subquery(media.values("image")[:1], output_field=IntegerField()),
            image_alt=Subquery(media.values("alt_text")[:1], output_field=CharField()),
            is_hidden=Exists(restrictions.filter(product_path__startswith=F("page__path"))),
        )
        .order_by("added_at", "id")
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


def load_images(wanted: Mapping[Any, tuple[int | None, str]]) -> dict[Any, LineImage]:
    """
    Small square pictures by the caller's keys, given as (image key, alternative text): 1 query.

    A rendition that has never been made is made now, and the next answer finds it.
    """
    ids = {image_id for image_id, _ in wanted.values() if image_id}
    if not ids:
        return {}
    model = get_image_model()
    crop = Filter(spec=IMAGE_SPEC)
    ready: dict[int, Any] = {}
    for rendition in model.get_rendition_model().objects.filter(
        image_id__in=ids, filter_spec=IMAGE_SPEC
    ).select_related("image"):
        # A picture whose focal point was moved keeps its older crops: only the key of today is right.
        if rendition.focal_point_key == crop.get_cache_key(rendition.image):
            ready[rendition.image_id] = rendition
    for image in model.objects.filter(pk__in=ids - ready.keys()) if ids - ready.keys() else ():
        ready[image.pk] = image.get_rendition(crop)
    return {
        key: LineImage(
            url=ready[image_id].url, alt=alt, width=ready[image_id].width, height=ready[image_id].height
        )
        for key, (image_id, alt) in wanted.items()
        if image_id in ready
    }
