"""The demo's pictures in the sizes of the storefront, so that the first visitor waits for none."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

from django.db import connection
from django.db.models import Q

from content.demo.loading.media import LIBRARY
from content.models import CustomImage, CustomRendition
from search.selectors.images import SPECS, make_renditions
from shop.catalogue.models import ProductMedia, ProductVariant

CHUNK = 20


def render_list_pictures() -> int:
    """
    Draw what lists, tiles and editorial pages show; returns how many pictures.

    The other pictures of products are drawn by the shop's own consumer of ``products.changed``.
    """
    first = ProductMedia.objects.filter(sort_order=0).values("image_id")
    of_products = (
        ProductMedia.objects.order_by()
        .values("image_id")
        .union(ProductVariant.objects.filter(image__isnull=False).order_by().values("image_id"))
    )
    complete = CustomRendition.objects.filter(filter_spec=SPECS[-1], focal_point_key="").values("image_id")
    missing = list(
        CustomImage.objects.filter(Q(pk__in=first) | ~Q(pk__in=of_products), collection__name=LIBRARY)
        .exclude(pk__in=complete)
        .values_list("pk", flat=True)
    )
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        # Pillow draws outside of Python's lock, so that every core takes part.
        list(pool.map(_render, (missing[start : start + CHUNK] for start in range(0, len(missing), CHUNK))))
    return len(missing)


def _render(image_ids: list[int]) -> None:
    try:
        make_renditions(image_ids)
    finally:
        connection.close()
