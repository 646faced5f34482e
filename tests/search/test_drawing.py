"""Sizes that a shop's pictures lack are drawn by a command, in chunks that can be cut off and go on."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from search.drawing import AT_A_TIME, count_undrawn
from search.selectors.images import find_undrawn
from shop.catalogue.models import ProductMedia
from shop.core.jobs import run_due_jobs
from shop.core.models import BackgroundJob
from tests.factories.catalogue import ImageFactory
from tests.factories.search import product_on_sale

pytestmark = pytest.mark.django_db


def draw_pictures(*arguments: str) -> str:
    out = StringIO()
    call_command("draw_pictures", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_queues_a_job_that_draws_what_products_show() -> None:
    page = product_on_sale(pictures=AT_A_TIME + 1)
    image_ids = list(ProductMedia.objects.filter(page=page).values_list("image_id", flat=True))
    unused = ImageFactory()

    said = draw_pictures()
    run_due_jobs()

    job = BackgroundJob.objects.get(kind="search.draw_pictures")
    assert f"draws {AT_A_TIME + 1} pictures" in said
    assert (job.status, job.done, job.total) == ("done", AT_A_TIME + 1, AT_A_TIME + 1)
    assert find_undrawn([*image_ids, unused.pk]) == [unused.pk]


def test_a_shop_whose_pictures_are_drawn_starts_no_job() -> None:
    product_on_sale(pictures=1)
    draw_pictures("--now")

    assert draw_pictures() == "Pictures that lack a size: 0.\n"
    assert BackgroundJob.objects.count() == 1


def test_a_picture_that_cannot_be_drawn_is_named_and_stops_no_other() -> None:
    page = product_on_sale(pictures=2)
    lost = ProductMedia.objects.filter(page=page).order_by("image_id")[0].image
    lost.file.storage.delete(lost.file.name)

    with pytest.raises(CommandError, match="1 pictures could not be drawn"):
        draw_pictures("--now")

    assert count_undrawn() == 1
    assert BackgroundJob.objects.get().rows.get().object_id == str(lost.pk)
