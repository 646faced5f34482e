"""What a page shows of its blocks, and what it must not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from wagtail.models import Collection, CollectionViewRestriction, PageViewRestriction
from wagtail.rich_text import expand_db_html

from content.sections import build_sections
from shop.core import clock
from tests.factories.attributes import document
from tests.factories.catalogue import CategoryFactory, ImageFactory
from tests.factories.content import home_page, landing_page
from tests.factories.search import product_on_sale

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def test_a_grid_shows_its_products_in_the_order_chosen() -> None:
    lamp, mug = product_on_sale(title="Lamp"), product_on_sale(title="Mug")
    page = home_page([("product_grid", {"heading": "New", "products": [mug.pk, lamp.pk]})])

    [grid] = build_sections(page.body)

    assert [product.title for product in grid.values["products"]] == ["Mug", "Lamp"]


def test_a_product_taken_offline_leaves_its_grid() -> None:
    lamp, mug = product_on_sale(title="Lamp"), product_on_sale(title="Mug")
    page = home_page([("product_grid", {"heading": "New", "products": [mug.pk, lamp.pk]})])

    mug.unpublish()

    [grid] = build_sections(page.body)
    assert [product.title for product in grid.values["products"]] == ["Lamp"]


def test_a_section_with_nothing_left_to_show_is_dropped() -> None:
    mug = product_on_sale(title="Mug")
    page = home_page([("product_grid", {"heading": "New", "products": [mug.pk]})])

    mug.unpublish()

    assert build_sections(page.body) == []


def test_a_tile_of_a_category_below_a_hidden_one_is_not_shown() -> None:
    top = CategoryFactory(slug="kitchen")
    mugs = CategoryFactory(slug="mugs", parent=top)
    page = home_page([("category_tiles", {"heading": "Shelves", "tiles": [{"category": mugs.pk}]})])
    assert len(build_sections(page.body)) == 1

    top.live = False
    top.save()

    assert build_sections(page.body) == []


@pytest.mark.parametrize("state", ["draft", "private", "expired"])
def test_links_to_pages_that_nobody_may_see_are_left_out(state: str) -> None:
    secret = landing_page("Canary", slug="canary-page", live=state != "draft")
    if state == "private":
        PageViewRestriction.objects.create(page=secret, restriction_type=PageViewRestriction.LOGIN)
    if state == "expired":
        secret.expire_at = clock.now() - timedelta(days=1)
        secret.unpublish(set_expired=True)
    page = home_page(
        [
            ("hero", {"heading": "Welcome", "links": [{"text": "Go", "page": secret.pk}]}),
            ("paragraph", {"text": f'<p>See <a linktype="page" id="{secret.pk}">this</a>.</p>'}),
        ]
    )

    hero, paragraph = build_sections(page.body)

    assert hero.values["links"] == []
    assert paragraph.values["text"] == "<p>See <a>this</a>.</p>"


def test_rich_text_of_a_page_links_to_public_pages() -> None:
    about = landing_page("About us", slug="about-us")
    page = home_page([("paragraph", {"text": f'<p><a linktype="page" id="{about.pk}">Us</a></p>'})])

    [paragraph] = build_sections(page.body)

    assert paragraph.values["text"] == '<p><a href="/about-us/">Us</a></p>'


def test_a_page_below_a_private_page_is_private_too() -> None:
    parent = landing_page("Club", slug="club")
    child = parent.add_child(instance=type(parent)(title="Inside", slug="inside"))
    PageViewRestriction.objects.create(page=parent, restriction_type=PageViewRestriction.LOGIN)
    page = home_page([("hero", {"heading": "Welcome", "links": [{"text": "Go", "page": child.pk}]})])

    [hero] = build_sections(page.body)

    assert hero.values["links"] == []


def test_the_number_of_queries_does_not_grow_with_the_page(django_assert_max_num_queries) -> None:
    products = [product_on_sale(title=f"Product {number}") for number in range(4)]
    about = landing_page("About us", slug="about-us")
    shelf = CategoryFactory(image=ImageFactory())
    blocks = [
        (
            "hero",
            {"heading": "Welcome", "image": ImageFactory().pk, "links": [{"text": "Go", "page": about.pk}]},
        ),
        ("product_grid", {"heading": "New", "products": [product.pk for product in products]}),
        ("image_text", {"heading": "Us", "image": ImageFactory().pk, "text": "<p>Hello</p>"}),
        ("category_tiles", {"heading": "Shelves", "tiles": [{"category": shelf.pk}]}),
    ]
    page = home_page(blocks * 3)
    build_sections(page.body)

    with django_assert_max_num_queries(9):
        sections = build_sections(page.body)

    assert len(sections) == 12


def test_the_home_page_is_drawn_with_all_kinds_of_sections(client: Client) -> None:
    mug = product_on_sale(title="Luna mug")
    home_page(
        [
            (
                "hero",
                {
                    "heading": "Good things",
                    "text": "Used daily",
                    "image": ImageFactory(description="A scene").pk,
                },
            ),
            ("product_grid", {"heading": "New", "products": [mug.pk], "layout": "rail"}),
            ("image_text", {"heading": "A story", "image": ImageFactory().pk, "text": "<p>Once</p>"}),
            (
                "category_tiles",
                {"tiles": [{"category": CategoryFactory(name="Kitchen", image=ImageFactory()).pk}]},
            ),
            ("promises", {"items": [{"heading": "Repairs", "text": "For life"}, {"heading": "Returns"}]}),
            ("quote", {"quote": "Old one day", "attribution": "The door"}),
            ("faq", {"heading": "Asked", "items": [{"question": "Why?", "answer": "<p>Because</p>"}]}),
        ]
    )

    body = client.get("/").content.decode()

    for text in (
        "Good things",
        'alt="A scene"',
        "Luna mug",
        "A story",
        "Kitchen",
        "For life",
        "Old one day",
        "Why?",
    ):
        assert text in body


def test_rich_text_links_to_documents_of_public_collections_only() -> None:
    public, private = document("Care"), document("Costs")
    private.collection = Collection.get_first_root_node().add_child(name="Inside")
    private.save()
    CollectionViewRestriction.objects.create(
        collection=private.collection, restriction_type=CollectionViewRestriction.LOGIN
    )
    text = "".join(
        f'<p><a linktype="document" id="{held.pk}">{held.title}</a></p>' for held in (public, private)
    )
    page = home_page([("paragraph", {"text": text})])

    [paragraph] = build_sections(page.body)

    assert paragraph.values["text"] == f'<p><a href="{public.url}">Care</a></p><p><a>Costs</a></p>'
    assert expand_db_html(text) == paragraph.values["text"]
