"""
Pictures of editorial content, many at once, in the sizes that the catalogue uses as well.

A template that asks Wagtail for a rendition costs a query per picture; pages gather what they show and
load it here in one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from search.selectors.images import load_images
from search.values import ImageData


def load_pictures(image_ids: Iterable[int | None]) -> Mapping[int, ImageData]:
    """
    Pictures by image id, with the image's own description as their text; None is skipped.

    One query when every size exists; sizes that do not are drawn, once.
    """
    return load_images({image_id: None for image_id in image_ids if image_id})
