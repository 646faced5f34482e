"""
Pictures of editorial content, many at once, in the sizes that the catalogue uses as well.

A template that asks Wagtail for a rendition costs a query per picture; pages gather what they show and
load it here in one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from content.models import CustomRendition
from search.selectors.images import LIST_SPEC, SPECS, make_renditions
from search.values import ImageData, RenditionData


def load_pictures(image_ids: Iterable[int | None]) -> Mapping[int, ImageData]:
    """
    Pictures by image id, with the image's own description as their text; None is skipped.

    One query when every size exists; sizes that do not are drawn, once.
    """
    wanted = {image_id for image_id in image_ids if image_id}
    if not wanted:
        return {}
    sizes, texts = _load_sizes(wanted)
    missing = [image_id for image_id in wanted if len(sizes.get(image_id, ())) < len(SPECS)]
    if missing:
        make_renditions(missing)
        sizes, texts = _load_sizes(wanted)
    return {
        image_id: _picture(image_id, drawn, texts[image_id]) for image_id, drawn in sizes.items() if drawn
    }


def _picture(image_id: int, drawn: Mapping[str, RenditionData], alt: str) -> ImageData:
    main = drawn.get(LIST_SPEC) or next(iter(drawn.values()))
    # A small original gives several "sizes" of one width; the fixed order makes every answer name the same.
    by_width = {drawn[spec].width: drawn[spec] for spec in SPECS if spec in drawn}
    sources = tuple(by_width[width] for width in sorted(by_width))
    return ImageData(image_id, alt, main.url, main.width, main.height, sources)


def _load_sizes(image_ids: Iterable[int]) -> tuple[dict[int, dict[str, RenditionData]], dict[int, str]]:
    url = CustomRendition._meta.get_field("file").storage.url
    rows = CustomRendition.objects.filter(
        image_id__in=image_ids, filter_spec__in=SPECS, focal_point_key=""
    ).values_list("image_id", "filter_spec", "file", "width", "height", "image__description", "image__title")
    sizes: dict[int, dict[str, RenditionData]] = {}
    texts: dict[int, str] = {}
    for image_id, spec, file, width, height, description, title in rows:
        sizes.setdefault(image_id, {})[spec] = RenditionData(url(file), width, height)
        texts[image_id] = description or title
    return sizes, texts
