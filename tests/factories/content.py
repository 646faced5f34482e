"""Editorial pages for tests, live unless told otherwise."""

from __future__ import annotations

from typing import Any

from wagtail.models import Page, Site

from content.models import HomePage, LandingPage, Menu, MenuItem
from tests.factories.catalogue import site_home


def block(kind: str, **value: Any) -> tuple[str, dict[str, Any]]:
    """A block as a stream field takes it."""
    return kind, value


def home_page(body: list[Any] | None = None) -> HomePage:
    """The home page of the default site, with these stored blocks."""
    site_home()
    site = Site.objects.get(is_default_site=True)
    held = HomePage.objects.filter(pk=site.root_page_id).first()
    if held is None:
        former = Page.objects.get(pk=site.root_page_id)
        held = former.get_parent().add_child(instance=HomePage(title="The shop", slug="the-shop"))
        # First, so that what moves below it is indexed under its new address.
        site.root_page = held
        site.save()
        for child in former.get_children():
            child.move(held, pos="last-child")
        held.refresh_from_db()
    held.body = stored(body or [])
    held.save_revision().publish()
    return HomePage.objects.get(pk=held.pk)


def landing_page(
    title: str, *, body: list[Any] | None = None, live: bool = True, **fields: Any
) -> LandingPage:
    """A landing page below the home page."""
    page: LandingPage = home_page_or_make().add_child(
        instance=LandingPage(title=title, body=stored(body or []), live=live, **fields)
    )
    if live:
        page.save_revision().publish()
    return LandingPage.objects.get(pk=page.pk)


def home_page_or_make() -> HomePage:
    """The home page that is there, or a new one."""
    return HomePage.objects.first() or home_page()


def stored(blocks: list[Any]) -> list[dict[str, Any]]:
    """Blocks in the form in which a stream field keeps them."""
    return [
        {"type": kind, "value": value, "id": f"00000000-0000-4000-8000-{number:012d}"}
        for number, (kind, value) in enumerate(blocks)
    ]


def menu(handle: str, *items: dict[str, Any]) -> Menu:
    """A menu with items of these fields, in order."""
    made, _ = Menu.objects.get_or_create(handle=handle, defaults={"name": handle})
    for position, fields in enumerate(items):
        MenuItem.objects.create(menu=made, sort_order=position, **fields)
    return made
