"""
Sizes of pictures, all in one SQL statement.

WebP is what every answer needs: a size that is asked for the first time is made then. AVIF is smaller by a
third and several times slower to draw, so only the worker draws it (:func:`draw_ahead`); until it has, a
picture is answered without.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from wagtail.images import get_image_model
from wagtail.images.exceptions import InvalidFilterSpecError
from wagtail.images.models import AbstractImage, SourceImageIOError

from search.values import ImageData, RenditionData

logger = logging.getLogger(__name__)

# None of these looks at the focal point, so `focal_point_key` is empty for all and one look-up finds them.
WIDTHS = (400, 800, 1600)
SPECS = tuple(f"width-{width}|format-webp" for width in WIDTHS)
AVIF_SPECS = tuple(f"width-{width}|format-avif" for width in WIDTHS)
LIST_SPEC = SPECS[1]
# SQLite takes 32,766 values in one statement.
MOST_IN_ONE = 10_000


@dataclass(frozen=True, slots=True)
class _Drawn:
    """What is stored of one picture: its sizes by filter, its own text and colour, where its subject is."""

    sizes: Mapping[str, RenditionData]
    text: str
    colour: str
    focus: tuple[int, int] | None


def load_images(alts: Mapping[int, str | None] | Iterable[int]) -> dict[int, ImageData]:
    """
    Pictures by id, with `alts` as their texts where given; for None the picture's own. A picture whose file
    cannot be read is left out and logged.
    """
    texts = dict(alts) if isinstance(alts, Mapping) else dict.fromkeys(alts, "")
    if not texts:
        return {}
    drawn = _load(texts)
    missing = [image_id for image_id in texts if not _has(drawn.get(image_id), SPECS)]
    if missing:
        make_renditions(missing)
        drawn |= _load(missing)
    return {
        image_id: _image_data(image_id, drawn[image_id], texts[image_id])
        for image_id in texts
        if image_id in drawn and _has_any(drawn[image_id], SPECS)
    }


def find_list_pictures(image_ids: Iterable[int]) -> dict[int, str]:
    """Addresses of these pictures in list size, as far as they are drawn: one SQL statement per 10,000."""
    rendition_model = get_image_model().get_rendition_model()
    url = rendition_model._meta.get_field("file").storage.url
    wanted = sorted(image_ids)
    found: dict[int, str] = {}
    for start in range(0, len(wanted), MOST_IN_ONE):
        rows = rendition_model.objects.filter(
            image_id__in=wanted[start : start + MOST_IN_ONE], filter_spec=LIST_SPEC, focal_point_key=""
        )
        found |= {image_id: url(file) for image_id, file in rows.values_list("image_id", "file")}
    return found


def find_undrawn(image_ids: Iterable[int]) -> list[int]:
    """Those of the pictures that lack one of the sizes, in either format, lowest id first."""
    wanted = set(image_ids)
    drawn = _load(wanted)
    return sorted(image_id for image_id in wanted if not _has(drawn.get(image_id), (*SPECS, *AVIF_SPECS)))


def make_renditions(
    image_ids: Iterable[int], *, specs: Sequence[str] = SPECS
) -> dict[int, dict[str, RenditionData]]:
    """Make these sizes of the pictures where they do not exist yet."""
    made = {}
    for image in get_image_model().objects.filter(pk__in=list(image_ids)).prefetch_renditions(*specs):
        made[image.pk] = _make_sizes(image, specs)
    return made


def draw_ahead(image_ids: Iterable[int]) -> dict[int, dict[str, RenditionData]]:
    """Make every size in both formats; slow, for the worker only."""
    return make_renditions(image_ids, specs=(*SPECS, *AVIF_SPECS))


def _make_sizes(image: AbstractImage, specs: Sequence[str]) -> dict[str, RenditionData]:
    try:
        renditions = {spec: image.get_rendition(spec) for spec in specs}
    except (SourceImageIOError, InvalidFilterSpecError, OSError):
        logger.warning("image %s cannot be rendered", image.pk, exc_info=True)
        return {}
    return {spec: RenditionData(made.url, made.width, made.height) for spec, made in renditions.items()}


def _has(drawn: _Drawn | None, specs: Sequence[str]) -> bool:
    return drawn is not None and all(spec in drawn.sizes for spec in specs)


def _has_any(drawn: _Drawn, specs: Sequence[str]) -> bool:
    return any(spec in drawn.sizes for spec in specs)


def _load(image_ids: Iterable[int]) -> dict[int, _Drawn]:
    rendition_model = get_image_model().get_rendition_model()
    url = rendition_model._meta.get_field("file").storage.url
    rows = rendition_model.objects.filter(
        image_id__in=list(image_ids), filter_spec__in=(*SPECS, *AVIF_SPECS), focal_point_key=""
    ).values_list(
        "image_id",
        "filter_spec",
        "file",
        "width",
        "height",
        "image__description",
        "image__title",
        "image__colour",
        "image__focal_point_x",
        "image__focal_point_y",
        "image__width",
        "image__height",
    )
    found: dict[int, _Drawn] = {}
    sizes: dict[int, dict[str, RenditionData]] = {}
    for image_id, spec, file, width, height, description, title, colour, *place in rows:
        sizes.setdefault(image_id, {})[spec] = RenditionData(url(file), width, height)
        if image_id not in found:
            found[image_id] = _Drawn(sizes[image_id], description or title, colour, _focus(*place))
    return found


def _focus(x: int | None, y: int | None, width: int, height: int) -> tuple[int, int] | None:
    """Where the subject is, in tens of percent: as fine as a style sheet without inline styles can say."""
    if x is None or y is None or not (width and height):
        return None
    return _tens(x / width), _tens(y / height)


def _tens(share: float) -> int:
    return min(100, max(0, round(share * 10) * 10))


def _image_data(image_id: int, drawn: _Drawn, alt: str | None) -> ImageData:
    main = drawn.sizes.get(LIST_SPEC) or next(drawn.sizes[spec] for spec in SPECS if spec in drawn.sizes)
    return ImageData(
        image_id,
        drawn.text if alt is None else alt,
        main.url,
        main.width,
        main.height,
        _by_width(drawn, SPECS),
        avif_sources=_by_width(drawn, AVIF_SPECS),
        focus=drawn.focus,
        colour=drawn.colour or None,
    )


def _by_width(drawn: _Drawn, specs: Sequence[str]) -> tuple[RenditionData, ...]:
    # A small original gives several "sizes" of one width; the fixed order makes every answer name the same.
    by_width = {drawn.sizes[spec].width: drawn.sizes[spec] for spec in specs if spec in drawn.sizes}
    return tuple(by_width[width] for width in sorted(by_width))
