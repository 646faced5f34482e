"""The frame around every page: menus and brand, and how soon they follow a change."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from wagtail.models import PageViewRestriction, Site

from content.models import BrandSettings, MenuItem
from content.services import MenuLink, set_menu
from content.shell import list_menu
from tests.factories.catalogue import CategoryFactory
from tests.factories.content import home_page, landing_page, menu

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def _titles(handle: str) -> list[str]:
    return [entry.title for entry in list_menu(handle=handle)]


def test_a_category_brings_what_is_below_it() -> None:
    kitchen = CategoryFactory(name="Kitchen", slug="kitchen")
    table = CategoryFactory(name="Table", slug="table", parent=kitchen)
    CategoryFactory(name="Plates", slug="plates", parent=table)
    menu("main", {"category": kitchen})

    [entry] = list_menu(handle="main")

    assert (entry.title, entry.url) == ("Kitchen", "/categories/kitchen/")
    assert [child.title for child in entry.children] == ["Table"]
    assert [child.title for child in entry.children[0].children] == ["Plates"]


def test_links_with_one_heading_stand_together() -> None:
    menu(
        "footer",
        {"title": "Help", "url": "/help/", "group": "Service"},
        {"title": "Mugs", "url": "/mugs/"},
        {"title": "Contact", "url": "/contact/", "group": "Service"},
    )

    service, mugs = list_menu(handle="footer")

    assert [child.title for child in service.children] == ["Help", "Contact"]
    assert mugs.title == "Mugs"


def test_a_menu_never_names_what_is_not_public() -> None:
    draft = landing_page("Draft", live=False)
    private = landing_page("Private")
    PageViewRestriction.objects.create(page=private, restriction_type=PageViewRestriction.LOGIN)
    hidden = CategoryFactory(name="Hidden", live=False)
    menu("main", {"page": draft}, {"page": private}, {"category": hidden}, {"page": landing_page("Open")})

    assert _titles("main") == ["Open"]


def test_a_page_taken_offline_leaves_the_menu_of_the_very_next_page(client: Client) -> None:
    home_page()
    offer = landing_page("Winter offer")
    menu("main", {"page": offer})
    assert "Winter offer" in client.get("/").content.decode()

    offer.unpublish()

    assert "Winter offer" not in client.get("/").content.decode()


def test_a_changed_brand_shows_on_the_very_next_page(client: Client) -> None:
    home_page()
    client.get("/")

    site = Site.objects.get(is_default_site=True)
    BrandSettings.objects.create(
        site=site, name="Kiln & Co", accent_colour="#B3001B", announcement="Open late"
    )

    body = client.get("/").content.decode()
    assert "Kiln &amp; Co" in body
    assert "Open late" in body
    theme = body.split('href="/theme/')[1].split('"')[0]
    answer = client.get(f"/theme/{theme}")
    assert answer["Content-Type"].startswith("text/css")
    assert b"#B3001B" in answer.content
    assert "immutable" in answer["Cache-Control"]


def test_an_outdated_theme_address_leads_nowhere(client: Client) -> None:
    home_page()

    assert client.get("/theme/abcdef12.css").status_code == 404


def test_the_frame_costs_nothing_once_it_is_known(client: Client, django_assert_max_num_queries) -> None:
    home_page()
    menu("main", *({"title": f"Link {number}", "url": f"/{number}/"} for number in range(5)))
    client.get("/search/")

    with django_assert_max_num_queries(10):
        client.get("/search/")


def test_a_menu_is_set_as_a_whole() -> None:
    set_menu(handle="main", name="Main", links=[MenuLink(title="Old", url="/old/")])
    set_menu(handle="main", name="Main", links=[MenuLink(title="New", url="/new/")])

    assert _titles("main") == ["New"]
    assert MenuItem.objects.count() == 1


@pytest.mark.parametrize(
    "link", [MenuLink(title="Nowhere"), MenuLink(title="Evil", url="javascript:alert(1)")]
)
def test_a_menu_refuses_links_without_a_safe_target(link: MenuLink) -> None:
    with pytest.raises(ValidationError):
        set_menu(handle="main", name="Main", links=[link])
