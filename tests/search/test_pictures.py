"""The pictures of a product are drawn behind the scenes, without keeping other events waiting."""

from __future__ import annotations

import pytest

from search.consumers import PICTURES_AT_A_TIME, make_pictures
from search.selectors.images import find_undrawn
from shop.catalogue.models import ProductMedia
from shop.core.models import OutboxEvent
from shop.core.outbox import TryLater
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
