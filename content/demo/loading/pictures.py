"""The demo's pictures in every size of the storefront, so that the first visitor waits for none."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from content.demo.loading.media import LIBRARY
from content.models import CustomImage, CustomRendition
from search.selectors.images import SPECS, make_renditions

CHUNK = 20


def render_pictures() -> int:
    """Draw the sizes that are missing; returns of how many pictures."""
    complete = set(
        CustomRendition.objects.filter(filter_spec=SPECS[-1], focal_point_key="").values_list(
            "image_id", flat=True
        )
    )
    missing = [
        pk
        for pk in CustomImage.objects.filter(collection__name=LIBRARY).values_list("pk", flat=True)
        if pk not in complete
    ]
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        # Pillow draws outside of Python's lock, so that every core takes part.
        list(pool.map(_render, (missing[start : start + CHUNK] for start in range(0, len(missing), CHUNK))))
    return len(missing)


def _render(image_ids: list[int]) -> None:
    try:
        make_renditions(image_ids)
    finally:
        connection.close()
