"""A picture knows the colour that stands in its place until it has arrived."""

from __future__ import annotations

import io

import pytest
from django.core.files.images import ImageFile
from django.core.management import call_command
from django.test import Client
from PIL import Image
from wagtail.images import get_image_model

from content.colours import find_colour
from content.templatetags.storefront import tint
from search.selectors.images import load_images
from tests.factories.catalogue import ImageFactory
from tests.factories.search import product_on_sale

pytestmark = pytest.mark.django_db


def draw(picture: Image.Image, kind: str = "PNG") -> io.BytesIO:
    drawn = io.BytesIO()
    picture.save(drawn, kind)
    drawn.seek(0)
    return drawn


def two_thirds(first: str, second: str) -> Image.Image:
    picture = Image.new("RGB", (90, 60), first)
    picture.paste(second, (60, 0, 90, 60))
    return picture


def test_most_of_the_picture_gives_the_colour() -> None:
    assert find_colour(draw(two_thirds("#203040", "#ffffff"))) == "#203040"
    assert find_colour(draw(two_thirds("#ffffff", "#203040"), "WEBP")).startswith("#f")


def test_what_can_be_seen_through_or_is_no_picture_has_none() -> None:
    file = io.BytesIO(b"<svg/>")

    assert find_colour(draw(Image.new("RGBA", (9, 9), (200, 0, 0, 90)))) == ""
    assert find_colour(file) == ""
    assert file.tell() == 0


def test_a_new_file_brings_its_colour_and_words_leave_it() -> None:
    image = ImageFactory(colour="#2f6f4e")
    stored = image.colour
    image.title = "Renamed"
    image.save()
    unchanged = image.colour
    image.file = ImageFile(draw(Image.new("RGB", (9, 9), "#aa0000")), name="red.png")
    image.save()

    assert (stored, unchanged) == ("#2f6f4e", "#2f6f4e")
    assert get_image_model().objects.get(pk=image.pk).colour == "#aa0000"


def test_pictures_of_before_find_theirs_by_a_command() -> None:
    image = ImageFactory(colour="#2f6f4e")
    get_image_model().objects.update(colour="")

    call_command("find_colours")

    image.refresh_from_db()
    assert image.colour == "#2f6f4e"


def test_every_door_tells_the_colour() -> None:
    page = product_on_sale(slug="lamp")
    image = load_images([page.media.first().image_id]).popitem()[1]

    over_rest = Client().get("/api/v1/products/lamp/").json()["image"]["colour"]
    html = Client().get(page.url).content.decode()

    assert image.colour == "#2f6f4e"
    assert over_rest == "#2f6f4e"
    assert 'class="tint r-3 g-7 b-5"' in html


def test_a_colour_is_mixed_of_classes() -> None:
    assert tint("#00ff88") == "tint r-0 g-f b-8"
    assert tint(None) == ""
