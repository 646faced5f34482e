"""Two versions compared in the admin: every block and every attribute, in words."""

from __future__ import annotations

import json
import re
from datetime import datetime
from html import unescape
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from shop.catalogue.models import (
    Attribute,
    AttributeValue,
    Category,
    ProductAttribute,
    ProductCategory,
    ProductCollection,
    ProductCollectionItem,
    ProductMedia,
    ProductPage,
    ProductRelation,
)
from tests.factories.attributes import document, every_kind
from tests.factories.attributes import page as other_page
from tests.factories.catalogue import BrandFactory, CategoryFactory, ImageFactory, ProductFactory
from tests.factories.customers import AdministratorFactory

pytestmark = pytest.mark.django_db

RAW = re.compile(r"[{}\[\]]|\bNone\b|[0-9a-f]{8}-[0-9a-f]{4}-|object \(")


@pytest.fixture(autouse=True)
def editor(client: Client) -> None:
    client.force_login(AdministratorFactory())


def draft_of(page: ProductPage) -> ProductPage:
    draft: ProductPage = page.get_latest_revision_as_object()
    return draft


def rows(client: Client, url: str) -> dict[str, str]:
    """What the comparison says per field: ``-gone-`` and ``+come+`` marked, tags stripped."""
    shown = client.get(url).content.decode()
    table = shown[shown.rindex("<tbody>") : shown.rindex("</tbody>")]
    said = {}
    for row in re.findall(r"<tr>(.*?)</tr>", table, flags=re.DOTALL):
        label, changes = re.findall(r"<td.*?>(.*?)</td>", row, flags=re.DOTALL)
        assert "comparison" in row
        marked = re.sub(r'<span class="deletion">(.*?)</span>', r" -\1- ", changes, flags=re.DOTALL)
        marked = re.sub(r'<span class="addition">(.*?)</span>', r" +\1+ ", marked, flags=re.DOTALL)
        marked = re.sub(r'class="comparison__child-object\s*addition\s*"', "> [new] ", marked)
        marked = re.sub(r'class="comparison__child-object\s*deletion\s*"', "> [gone] ", marked)
        text = " ".join(unescape(strip_tags(marked.replace("</", " </"))).split())
        said[" ".join(unescape(strip_tags(label)).split()).rstrip(":")] = text
    return said


def compared(client: Client, page: ProductPage) -> dict[str, str]:
    url = reverse("wagtailadmin_pages:revisions_compare", args=[page.pk, "live", "latest"])
    said = rows(client, url)
    for text in said.values():
        cleaned = text.replace("[new]", "").replace("[gone]", "")
        assert not RAW.search(cleaned), cleaned
    return said


def save(draft: ProductPage, **lists: Any) -> None:
    for name, held in lists.items():
        setattr(draft, name, held)
    draft.save_revision(clean=False)


def test_plain_texts_brand_type_and_tags(client: Client) -> None:
    lamp = ProductFactory(title="Oak lamp", brand=BrandFactory(name="Linnet"))
    draft = draft_of(lamp)
    draft.title, draft.brand = "Ash lamp", BrandFactory(name="Halden")
    draft.tags.add("summer")
    save(draft)

    said = compared(client, lamp)

    assert said["Title"] == "-Oak lamp- +Ash lamp+"
    assert said["Brand"] == "-Linnet- +Halden+"
    assert said["Tags"] == "+summer+"
    assert set(said) == {"Title", "Brand", "Tags"}


def test_pictures_that_came_went_changed_or_only_moved(client: Client) -> None:
    lamp = ProductFactory(pictures=2)
    first, second = lamp.media.all()
    moved = draft_of(lamp)
    one, two = moved.media.all()
    one.sort_order, two.sort_order = 1, 0
    save(moved, media=[two, one])
    only_moved = compared(client, lamp)

    draft = draft_of(lamp)
    held = {row.pk: row for row in draft.media.all()}
    held[first.pk].alt_text = "The lamp at night"
    new = ProductMedia(
        image=ImageFactory(title="Side view"), alt_text="From the side", video_url="", sort_order=5
    )
    save(draft, media=[held[first.pk], held[second.pk], new])
    added = compared(client, lamp)["Pictures"]
    save(draft_of(lamp), media=[held[first.pk]])
    removed = compared(client, lamp)["Pictures"]

    assert "Moved up 1 place." in only_moved["Pictures"]
    assert "+The lamp at night+" in added
    assert added.index("[new]") < added.index("From the side")
    assert "[gone]" not in added
    assert removed.index("[gone]") < removed.index(second.alt_text)


def test_categories_and_related_products_by_their_names(client: Client) -> None:
    lamps, gifts = CategoryFactory(name="Lamps", slug="lamps"), CategoryFactory(name="Gifts", slug="gifts")
    lamp, bulb = ProductFactory(categories=[lamps]), ProductFactory(title="Warm bulb")
    draft = draft_of(lamp)
    save(
        draft,
        product_categories=[ProductCategory(category=gifts, sort_order=0)],
        relations=[ProductRelation(product=bulb, kind="cross_sell", sort_order=0)],
    )

    said = compared(client, lamp)

    assert "Lamps" in said["Categories"]
    assert "Gifts" in said["Categories"]
    assert "Warm bulb" in said["Goes with it"]
    assert "Goes with it: shown in the cart as well" in said["Goes with it"]


def filled(kinds: dict[str, Attribute], *, other: bool) -> list[ProductAttribute]:
    """A value of every kind of attribute, one of two."""
    texts = {
        Attribute.Kind.BOOLEAN: ("yes", "no"),
        Attribute.Kind.NUMBER: ("38", "40.5"),
        Attribute.Kind.DATE: ("2026-11-24", "2026-12-01"),
        Attribute.Kind.TEXT: ("hand-blown", "pressed"),
        Attribute.Kind.RICH_TEXT: ("<p>Oiled <b>oak</b></p>", "<p>Waxed <b>oak</b></p>"),
    }
    made = []
    for position, attribute in enumerate(kinds.values()):
        fields: dict[str, Any] = {}
        if attribute.kind in texts:
            fields["text"] = texts[attribute.kind][other]
        elif attribute.kind == Attribute.Kind.FILE:
            fields["document"] = document("Care in summer" if other else "Care in winter")
        elif attribute.kind == Attribute.Kind.REFERENCE:
            fields["page_reference"] = other_page(
                "About ash" if other else "About elm", slug=f"about-{other}"
            )
        else:
            fields["value"] = AttributeValue.objects.create(
                attribute=attribute, slug=f"v{other}".lower(), label="Second" if other else "First"
            )
        made.append(ProductAttribute(attribute=attribute, sort_order=position, **fields))
    return made


def test_every_kind_of_attribute_in_words(client: Client) -> None:
    kinds = every_kind()
    lamp = ProductFactory()
    before = draft_of(lamp)
    before.product_attributes = filled(kinds, other=False)
    before.save_revision(clean=False).publish(skip_permission_checks=True)
    save(draft_of(ProductPage.objects.get(pk=lamp.pk)), product_attributes=filled(kinds, other=True))

    said = compared(client, lamp)["Attributes"]

    for attribute in kinds.values():
        assert attribute.name in said
    for text in ("-Yes- +No+", "-First- +Second+", "winter", "summer", "elm", "ash", "Waxed", "pressed"):
        assert text in said
    assert "24 November 2026" in said.replace("- ", "").replace("-", "") or "November" in said
    assert "40.5" in said


BODY = [
    {"type": "heading", "value": "How it is made", "id": "a"},
    {"type": "paragraph", "value": "<p>Made of <b>oak</b>.</p>", "id": "b"},
    {
        "type": "facts",
        "value": [{"type": "item", "value": {"name": "Height", "value": "38 cm"}, "id": "f"}],
        "id": "c",
    },
]


def test_blocks_of_the_body_say_what_became_of_each(client: Client) -> None:
    lamp = ProductFactory(body=BODY)
    picture = ImageFactory(title="Detail")
    draft = draft_of(lamp)
    draft.body = json.dumps(
        [
            BODY[1] | {"value": "<p>Made of <b>ash</b>.</p>"},
            {
                "type": "figure",
                "id": "d",
                "value": {
                    "image": {"image": picture.pk, "alt_text": "Grain", "decorative": False},
                    "caption": "The grain",
                },
            },
            BODY[2]
            | {
                "value": [
                    {"type": "item", "value": {"name": "Height", "value": "40 cm"}, "id": "f"},
                    {"type": "item", "value": {"name": "Width", "value": "12 cm"}, "id": "g"},
                ]
            },
        ]
    )
    save(draft)

    said = compared(client, lamp)["Body"]

    assert "Heading (removed)" in said
    assert "How it is made" in said
    assert "Paragraph (changed)" in said
    assert "-oak.- +ash.+" in said or ("oak" in said and "ash" in said)
    assert "Picture (added)" in said
    assert "The grain" in said
    assert "Table of facts (changed)" in said
    assert "Width" in said


def test_a_block_that_only_moved_is_said_to_have_moved(client: Client) -> None:
    lamp = ProductFactory(body=BODY)
    draft = draft_of(lamp)
    draft.body = json.dumps([BODY[2], BODY[0], BODY[1]])
    save(draft)

    said = compared(client, lamp)["Body"]

    assert said.count("(moved)") == 1
    assert "Table of facts (moved)" in said


def test_a_schedule_is_told_in_the_zone_of_the_reader(client: Client, settings: Any) -> None:
    lamp = ProductFactory()
    draft = draft_of(lamp)
    draft.go_live_at = datetime(2030, 7, 1, 8, 30, tzinfo=ZoneInfo(settings.TIME_ZONE))
    save(draft)

    said = compared(client, lamp)

    assert any("1 July 2030, 08:30" in text for text in said.values()), said


def snippet_rows(client: Client, thing: Any) -> dict[str, str]:
    view = type(thing).snippet_viewset.get_url_name("revisions_compare")
    return rows(client, reverse(view, args=[thing.pk, "live", "latest"]))


def test_categories_compare_their_blocks_too(client: Client) -> None:
    shelf = Category.objects.create(name="Lamps", slug="lamps")
    shelf.save_revision().publish()
    shelf.refresh_from_db()
    shelf.name = "Reading lamps"
    shelf.image = ImageFactory(title="Shelf")
    shelf.body = json.dumps(BODY)
    shelf.save_revision()

    said = snippet_rows(client, shelf)

    assert said["Name"] == "-Lamps- +Reading lamps+"
    assert "Heading (added)" in said["Body"]
    assert set(said) == {"Name", "Body", "Picture"}
    assert not RAW.search(said["Body"].replace("[new]", ""))


def test_collections_compare_products_and_rules_in_words(client: Client) -> None:
    first, second = ProductFactory(title="Oak lamp"), ProductFactory(title="Ash lamp")
    BrandFactory(name="Halden Ceramics", slug="halden")
    picks = ProductCollection.objects.create(name="Picks", slug="picks")
    picks.items.add(ProductCollectionItem(product=first, sort_order=0))
    picks.items.add(ProductCollectionItem(product=second, sort_order=1))
    picks.save()
    picks.save_revision().publish()
    picks.refresh_from_db()
    one, two = picks.items.all()
    one.sort_order, two.sort_order = 1, 0
    picks.items = [two, one]
    picks.kind = ProductCollection.Kind.BY_RULE
    picks.rule = {"all": [{"field": "brand", "op": "in", "value": ["halden"]}]}
    picks.save_revision()

    said = snippet_rows(client, picks)

    assert "Moved up 1 place." in said["Products"]
    assert "-By hand- +By a rule+" in said["How products come in"]
    assert "brand is Halden Ceramics" in said["Rule"]
