"""The pictures of a product are drawn behind the scenes, without keeping other events waiting."""

from __future__ import annotations

from typing import Any

import pytest

from search.consumers import PICTURES_AT_A_TIME, make_pictures
from search.selectors.images import AVIF_SPECS, find_undrawn, load_images, make_renditions
from shop.catalogue.models import ProductMedia
from shop.core.models import OutboxEvent
from shop.core.outbox import TryLater
from tests.factories.catalogue import ImageFactory
from tests.factories.search import product_on_sale

pytestmark = pytest.mark.django_db


def test_the_pictures_of_a_published_product_are_drawn_a_few_at_a_time() -> None:
    page = product_on_sale(pictures=PICTURES_AT_A_TIME + 2)
    image_ids = list(ProductMedia.objects.filter(page=page).values_list("image_id", flat=True))
    published = OutboxEvent.objects.filter(topic="product.published").latest("pk")

    with pytest.raises(TryLater, match="2 pictures left"):
        make_pictures(published)
    after_the_first_turn = find_undrawn(image_ids)
    make_pictures(published)

    assert len(after_the_first_turn) == 2
    assert find_undrawn(image_ids) == []


def test_a_picture_whose_file_is_lost_does_not_come_back_for_ever() -> None:
    page = product_on_sale(pictures=PICTURES_AT_A_TIME + 1)
    for media in ProductMedia.objects.filter(page=page).select_related("image"):
        media.image.file.storage.delete(media.image.file.name)
    published = OutboxEvent.objects.filter(topic="product.published").latest("pk")

    make_pictures(published)

    assert len(find_undrawn(ProductMedia.objects.filter(page=page).values_list("image_id", flat=True))) > 0


def test_no_request_waits_for_the_slow_format() -> None:
    image = ImageFactory()

    loaded = load_images([image.pk])[image.pk]

    assert loaded.srcset
    assert (loaded.avif_sources, loaded.avif_srcset) == ((), "")
    assert find_undrawn([image.pk]) == [image.pk]


def test_the_worker_draws_both_formats_and_answers_name_them() -> None:
    page = product_on_sale()
    image_id = ProductMedia.objects.get(page=page).image_id

    make_pictures(OutboxEvent.objects.filter(topic="product.published").latest("pk"))

    loaded = load_images([image_id])[image_id]
    assert find_undrawn([image_id]) == []
    assert ".avif" in loaded.avif_srcset
    assert ".webp" in loaded.srcset
    assert all(source.width and source.height for source in (*loaded.sources, *loaded.avif_sources))


def test_an_image_says_where_its_subject_is() -> None:
    image = ImageFactory()
    image.focal_point_x, image.focal_point_y = 16, 40
    image.focal_point_width = image.focal_point_height = 4
    image.save()

    assert load_images([image.pk])[image.pk].focus == (20, 80)
    assert load_images([ImageFactory().pk]).popitem()[1].focus is None


def test_a_picture_without_a_text_of_its_place_tells_its_own() -> None:
    described, untold = ImageFactory(description="An oak lamp"), ImageFactory(description="", title="Lamp")

    loaded = load_images({described.pk: None, untold.pk: None})

    assert (loaded[described.pk].alt, loaded[untold.pk].alt) == ("An oak lamp", "Lamp")


def test_pictures_cost_one_query_in_both_formats(django_assert_num_queries: Any) -> None:
    images = [ImageFactory().pk for _ in range(5)]
    make_renditions(images)
    make_renditions(images, specs=AVIF_SPECS)

    with django_assert_num_queries(1):
        assert len(load_images(images)) == 5
