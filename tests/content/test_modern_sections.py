"""Sections that sell, count, tell and play: what they show, and when they hide."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from wagtail.blocks import StructBlockValidationError

from content.blocks import StandardBlocks
from content.sections import build_sections
from shop.core import clock
from tests.factories.catalogue import CategoryFactory, ImageFactory, ProductCollectionFactory
from tests.factories.content import home_page
from tests.factories.search import product_on_sale

pytestmark = [pytest.mark.django_db, pytest.mark.once]

FRIDAY = datetime(2026, 11, 27, 0, 0, tzinfo=UTC)


def test_a_banner_shows_itself_and_goes_away_by_itself() -> None:
    page = home_page(
        [
            (
                "banner",
                {
                    "heading": "A fifth off",
                    "starts_at": FRIDAY.isoformat(),
                    "ends_at": (FRIDAY + timedelta(days=3)).isoformat(),
                },
            )
        ]
    )

    shown = {}
    for days in (-1, 0, 2, 3):
        with clock.at(FRIDAY + timedelta(days=days)):
            shown[days] = len(build_sections(page.body))

    assert shown == {-1: 0, 0: 1, 2: 1, 3: 0}


def test_a_countdown_says_what_it_has_to_say_afterwards_or_nothing() -> None:
    page = home_page(
        [
            ("countdown", {"heading": "Soon", "ends_at": FRIDAY.isoformat(), "text_after": "It is on!"}),
            ("countdown", {"heading": "Soon", "ends_at": FRIDAY.isoformat()}),
        ]
    )

    with clock.at(FRIDAY - timedelta(hours=1)):
        before = build_sections(page.body)
    with clock.at(FRIDAY):
        after = build_sections(page.body)

    assert [section.values["ends_at"] for section in before] == [FRIDAY, FRIDAY]
    assert [(section.values["text"], section.values["ends_at"]) for section in after] == [("It is on!", None)]


def test_a_list_by_rule_follows_its_category() -> None:
    shelf = CategoryFactory(slug="lamps")
    lamp = product_on_sale(title="Lamp", categories=[shelf])
    product_on_sale(title="Mug")
    page = home_page([("product_list", {"heading": "Lamps", "category": shelf.pk, "limit": 4})])

    [listed] = build_sections(page.body)

    assert [product.id for product in listed.values["products"]] == [lamp.pk]


def test_a_list_of_a_collection_that_is_a_draft_shows_nothing() -> None:
    mug = product_on_sale(title="Mug")
    collection = ProductCollectionFactory(products=[mug])
    page = home_page([("product_list", {"heading": "Gifts", "collection": collection.pk})])
    assert len(build_sections(page.body)) == 1

    collection.unpublish()

    assert build_sections(page.body) == []


def test_a_preview_tells_its_editor_why_a_section_is_empty() -> None:
    page = home_page([("product_grid", {"heading": "New", "products": []})])

    [note] = build_sections(page.body, is_preview=True)

    assert note.kind == "empty_state"
    assert "Publish one" in note.values["reason"]
    assert build_sections(page.body) == []


def test_a_spot_of_a_product_that_is_not_live_is_left_out_and_the_others_are_numbered_anew() -> None:
    lamp, mug = product_on_sale(title="Lamp"), product_on_sale(title="Mug")
    spots = [{"product": lamp.pk, "x": 0, "y": 0}, {"product": mug.pk, "x": 50, "y": 100}]
    page = home_page([("hot_spots", {"image": ImageFactory().pk, "spots": spots})])

    lamp.unpublish()

    [scene] = build_sections(page.body)
    [spot] = scene.values["spots"]
    picture = scene.values["picture"]
    assert (spot.number, spot.product.title) == (1, "Mug")
    assert (spot.x, spot.y) == (picture.width // 2, picture.height)


@pytest.mark.parametrize(
    ("kind", "value", "field"),
    [
        ("video", {"title": "A film", "url": "", "file": None}, "url"),
        ("video", {"title": "A film", "url": "https://evil.example/film"}, "url"),
        (
            "banner",
            {"heading": "Sale", "starts_at": "2026-11-28T00:00:00Z", "ends_at": "2026-11-27T00:00:00Z"},
            "ends_at",
        ),
    ],
)
def test_a_block_says_what_is_wrong_with_it(kind: str, value: dict[str, object], field: str) -> None:
    block = StandardBlocks().child_blocks[kind]

    with pytest.raises(StructBlockValidationError) as refused:
        block.clean(block.to_python(value))

    assert field in refused.value.block_errors


def test_every_section_is_drawn_on_a_page(client: Client) -> None:
    mug = product_on_sale(title="Luna mug")
    home_page(
        [
            ("product_list", {"heading": "Newest", "sort": "newest", "limit": 4}),
            ("hot_spots", {"image": ImageFactory().pk, "spots": [{"product": mug.pk, "x": 10, "y": 20}]}),
            ("banner", {"heading": "A fifth off"}),
            ("countdown", {"heading": "Soon", "ends_at": (clock.now() + timedelta(days=2)).isoformat()}),
            ("testimonials", {"items": [{"quote": "Lovely <b>", "name": "A. M.", "rating": "5"}]}),
            ("video", {"title": "A bowl", "url": "https://vimeo.com/76979871"}),
            (
                "table",
                {
                    "caption": "Sizes",
                    "table": {"data": [["", "Width"], ["Small", "<i>12</i>"]], "table_header_choice": "both"},
                },
            ),
            ("newsletter", {"heading": "Letters"}),
            ("raw_html", {"html": "<p id='by-hand'>By hand</p>"}),
        ]
    )

    html = client.get("/").content.decode()

    assert "Luna mug" in html
    assert "A fifth off" in html
    assert "Lovely &lt;b&gt;" in html
    assert "player.vimeo.com/video/76979871" in html
    assert "<iframe" not in html
    assert '<th scope="row">Small</th>' in html
    assert "&lt;i&gt;12&lt;/i&gt;" in html
    assert "<p id='by-hand'>By hand</p>" in html


def test_every_block_has_a_preview(admin_client: Client) -> None:
    product_on_sale(title="Luna mug")
    CategoryFactory(image=ImageFactory())

    for name, block in StandardBlocks().child_blocks.items():
        answer = admin_client.get(f"/admin/block-preview/?id={block.definition_prefix}")

        assert answer.status_code == 200, name
        assert "editorial.css" in answer.content.decode(), name
