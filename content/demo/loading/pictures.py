"""The demo's pictures in every size of the storefront, so that the first visitor waits for none."""

from __future__ import annotations

from content.demo.loading.media import LIBRARY
from content.models import CustomImage, CustomRendition
from search.selectors.images import SPECS, make_renditions


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
    make_renditions(missing)
    return len(missing)
