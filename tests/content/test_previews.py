"""
Whatever shoppers see can be looked at before it is published, on a phone and on a desk.

The editor's form is sent as the browser sends it while somebody types, and the preview read back.
"""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from content.models import ArticleIndexPage, ArticlePage
from shop.catalogue.models import Category, ProductCollection
from tests.factories.catalogue import CategoryFactory, ProductCollectionFactory
from tests.factories.content import home_page, landing_page
from tests.factories.customers import AdministratorFactory
from tests.factories.search import product_on_sale

pytestmark = pytest.mark.django_db
LIVE, DRAFT = "As it is today", "As it shall be"


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(AdministratorFactory())
    return client


def product() -> Page:
    return product_on_sale(title=LIVE)


def landing() -> Page:
    return landing_page(LIVE)


def article() -> Page:
    index = home_page().add_child(instance=ArticleIndexPage(title="Journal", slug="journal"))
    page = index.add_child(instance=ArticlePage(title=LIVE, introduction="About it"))
    page.save_revision().publish()
    return page


def category() -> Category:
    return CategoryFactory(name=LIVE, slug="lamps")


def collection() -> ProductCollection:
    return ProductCollectionFactory(name=LIVE, slug="gifts")


def fields_of(html: str) -> dict[str, Any]:
    """Every field of the editor's form, as it stands."""
    form = BeautifulSoup(html, "html.parser").select_one("form[data-edit-form]")
    assert form is not None
    fields: dict[str, Any] = {"body-count": "0"}
    for field in form.select("input[name], textarea[name], select[name]"):
        if field.find_parent("template"):
            continue
        if field.name == "select":
            fields[field["name"]] = [option["value"] for option in field.select("option[selected]")]
        elif field.name == "textarea":
            fields[field["name"]] = field.text.removeprefix("\n")
        elif field.get("type") not in ("checkbox", "radio") or field.has_attr("checked"):
            fields[field["name"]] = field.get("value", "")
    return fields


def preview(client: Client, thing: Any, *, name: str) -> str:
    """Type ``DRAFT`` as its name into the editor, and return what the preview shows in each of its modes."""
    if isinstance(thing, Page):
        edit, seen = (f"wagtailadmin_pages:{part}" for part in ("edit", "preview_on_edit"))
    else:
        edit, seen = map(type(thing).snippet_viewset.get_url_name, ("edit", "preview_on_edit"))
    html = client.get(reverse(edit, args=[thing.pk])).content.decode()
    for width in ("375", "1280"):
        assert f'data-device-width="{width}"' in html
    address = reverse(seen, args=[thing.pk])
    typed = client.post(address, fields_of(html) | {name: DRAFT})
    assert typed.json()["is_valid"] is True, typed.json()
    shown = ""
    for mode, _ in thing.preview_modes:
        answer = client.get(address, {"mode": mode})
        assert answer.status_code == 200
        shown += answer.content.decode()
    return shown


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (product, "title"),
        (landing, "title"),
        (article, "title"),
        (category, "name"),
        (collection, "name"),
    ],
)
def test_the_preview_shows_what_is_being_typed_and_shoppers_what_is_live(
    editor: Client, make: Any, name: str
) -> None:
    thing = make()

    shown = preview(editor, thing, name=name)

    headings = [heading.text.strip() for heading in BeautifulSoup(shown, "html.parser").select("h1")]
    assert headings
    assert set(headings) == {DRAFT}
    live = Client().get(thing.get_url()).content.decode()
    assert LIVE in live
    assert DRAFT not in live
