"""Sizes of pictures, all in one SQL statement; a size that is asked for the first time is made then."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping

from wagtail.images import get_image_model
from wagtail.images.exceptions import InvalidFilterSpecError
from wagtail.images.models import AbstractImage, SourceImageIOError

from search.values import ImageData, RenditionData

logger = logging.getLogger(__name__)

# None of these looks at the focal point, so `focal_point_key` is empty for all and one look-up finds them.
SPECS = ("width-400|format-webp", "width-800|format-webp", "width-1600|format-webp")
LIST_SPEC = SPECS[1]
# SQLite takes 32,766 values in one statement.
MOST_IN_ONE = 10_000


def load_images(alts: Mapping[int, str] | Iterable[int]) -> dict[int, ImageData]:
    """
    Pictures by id, with `alts` as their texts where given. A picture whose file cannot be read is left out
    and logged.
    """
    texts = dict(alts) if isinstance(alts, Mapping) else dict.fromkeys(alts, "")
    if not texts:
        return {}
    sizes = _load_sizes(texts)
    missing = [image_id for image_id in texts if len(sizes.get(image_id, ())) < len(SPECS)]
    if missing:
        sizes |= make_renditions(missing)
    return {
        image_id: _image_data(image_id, texts[image_id], sizes[image_id])
        for image_id in texts
        if sizes.get(image_id)
    }


def find_list_pictures(image_ids: Iterable[int]) -> dict[int, str]:
    """Addresses of these pictures in list size, as far as they are drawn: one SQL statement per 10,000."""
    rendition_model = get_image_model().get_rendition_model()
    url = rendition_model._meta.get_field("file").storage.url
    wanted, found = sorted(image_ids), {}
    for start in range(0, len(wanted), MOST_IN_ONE):
        rows = rendition_model.objects.filter(
            image_id__in=wanted[start : start + MOST_IN_ONE], filter_spec=LIST_SPEC, focal_point_key=""
        )
        found |= {image_id: url(file) for image_id, file in rows.values_list("image_id", "file")}
    return found


def find_undrawn(image_ids: Iterable[int]) -> list[int]:
    """Those of the pictures that lack one of the sizes, lowest id first."""
    wanted = set(image_ids)
    sizes = _load_sizes(wanted)
    return sorted(image_id for image_id in wanted if len(sizes.get(image_id, ())) < len(SPECS))


def make_renditions(image_ids: Iterable[int]) -> dict[int, dict[str, RenditionData]]:
    """Make every list size of these pictures that does not exist yet."""
    made = {}
    for image in get_image_model().objects.filter(pk__in=list(image_ids)).prefetch_renditions(*SPECS):
        made[image.pk] = _make_sizes(image)
    return made


def _make_sizes(image: AbstractImage) -> dict[str, RenditionData]:
    try:
        renditions = {spec: image.get_rendition(spec) for spec in SPECS}
    except (SourceImageIOError, InvalidFilterSpecError, OSError):
        logger.warning("image %s cannot be rendered", image.pk, exc_info=True)
        return {}
    return {spec: RenditionData(made.url, made.width, made.height) for spec, made in renditions.items()}


def _load_sizes(image_ids: Iterable[int]) -> dict[int, dict[str, RenditionData]]:
    rendition_model = get_image_model().get_rendition_model()
    url = rendition_model._meta.get_field("file").storage.url
    rows = rendition_model.objects.filter(
        image_id__in=list(image_ids), filter_spec__in=SPECS, focal_point_key=""
    ).values_list("image_id", "filter_spec", "file", "width", "height")
    sizes: dict[int, dict[str, RenditionData]] = {}
    for image_id, spec, file, width, height in rows:
        sizes.setdefault(image_id, {})[spec] = RenditionData(url(file), width, height)
    return sizes


def _image_data(image_id: int, alt: str, sizes: Mapping[str, RenditionData]) -> ImageData:
    main = sizes[LIST_SPEC]
    # A small original gives several "sizes" of one width; the fixed order makes every answer name the same.
    by_width = {sizes[spec].width: sizes[spec] for spec in SPECS if spec in sizes}
    sources = tuple(by_width[width] for width in sorted(by_width))
    return ImageData(image_id, alt, main.url, main.width, main.height, sources)
