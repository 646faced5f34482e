"""
Drawing the pictures of a shop that was there before its sizes were: as a background job, two at a time.

New pictures are drawn when their product is published (`search.consumers.make_pictures`). After sizes or
formats were added, or files restored without their renditions, `manage.py draw_pictures` goes through all.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from wagtail.images import get_image_model

from search.selectors.images import draw_ahead, find_undrawn
from shop.catalogue.models import (
    AttributeValue,
    Category,
    ProductCollection,
    ProductMedia,
    ProductVariant,
    VariantImage,
)
from shop.core.jobs import RowResult, Step, job_step, start_job
from shop.core.models import BackgroundJob, JobRow

KIND = "search.draw_pictures"
# Two cost some six seconds of a worker, most of it for AVIF.
AT_A_TIME = 2
LOOKED_AT = 500
BROKEN = "Its file is missing or cannot be read. Upload the picture again."


def list_shown_pictures() -> QuerySet[Any]:
    """The pictures that lists and product pages may show, by id."""
    places = (
        ProductMedia.objects.filter(image_id=OuterRef("pk")),
        ProductVariant.objects.filter(image_id=OuterRef("pk")),
        VariantImage.objects.filter(image_id=OuterRef("pk")),
        Category.objects.filter(image_id=OuterRef("pk")),
        ProductCollection.objects.filter(image_id=OuterRef("pk")),
        AttributeValue.objects.filter(swatch_image_id=OuterRef("pk")),
    )
    shown = Q()
    for place in places:
        shown |= Q(Exists(place.order_by()))
    pictures: QuerySet[Any] = get_image_model().objects.filter(shown).order_by("pk")
    return pictures


def count_undrawn() -> int:
    """How many of the shown pictures lack a size, in either format."""
    return sum(len(find_undrawn(batch)) for batch in _batches())


def start_drawing(*, inline: bool = False) -> BackgroundJob:
    """Queue the drawing of whatever is missing; what is drawn already is passed over."""
    return start_job(
        kind=KIND,
        label="Draw missing sizes of pictures",
        params={},
        total=list_shown_pictures().count(),
        inline=inline,
    )


def _batches() -> Iterator[list[int]]:
    last = 0
    while batch := _next(last, LOOKED_AT):
        yield batch
        last = batch[-1]


def _next(after: int, count: int) -> list[int]:
    return list(list_shown_pictures().filter(pk__gt=after).values_list("pk", flat=True)[:count])


def _draw_next(job: BackgroundJob) -> None:
    # Outside of the chunk's transaction: seconds of drawing would keep every other writer of SQLite waiting.
    draw_ahead(find_undrawn(_next(job.cursor or 0, AT_A_TIME)))


@job_step(KIND, prepare=_draw_next)
def note_drawn(job: BackgroundJob, at: datetime) -> Step:
    """Go on behind the pictures that have just been drawn, and report those that could not be."""
    pictures = _next(job.cursor or 0, AT_A_TIME)
    broken = get_image_model().objects.in_bulk(find_undrawn(pictures))
    return Step(
        cursor=pictures[-1] if pictures else job.cursor,
        rows=[
            RowResult(
                label=image.title,
                status=JobRow.Status.REFUSED,
                detail=BROKEN,
                object_type="image",
                object_id=str(image.pk),
            )
            for image in broken.values()
        ],
        finished=len(pictures) < AT_A_TIME,
        done=len(pictures),
    )
