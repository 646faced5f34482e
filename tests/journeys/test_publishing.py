"""What an approver publishes in the admin is what the next reader gets, over GraphQL and REST alike."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient
from wagtail.test.utils.form_data import nested_form_data, querydict_from_html, streamfield

from shop.catalogue.models import ProductPage
from shop.core import clock
from tests.factories.cart import goods
from tests.factories.catalogue import ProductFactory
from tests.factories.customers import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def approver(client: Client) -> Client:
    call_command("sync_roles")
    person = UserFactory(is_staff=True)
    person.groups.add(Group.objects.get(name="Approver"))
    client.force_login(person)
    return client


def live_lamp() -> ProductPage:
    lamp = ProductFactory(title="Oak lamp", slug="oak-lamp")
    goods("49.90", product=lamp)
    return lamp


def publish(client: Client, product: ProductPage, **changes: Any) -> None:
    """Open the editor, change some fields of its form, and press "Publish"."""
    url = reverse("wagtailadmin_pages:edit", args=[product.pk])
    form = querydict_from_html(client.get(url).content.decode(), form_id="page-edit-form")
    # The editor draws a StreamField by script, so that its fields are not in the page's source.
    form.update(nested_form_data({"body": streamfield([])}))
    for name, value in {**changes, "action-publish": "1"}.items():
        form[name] = value
    assert client.post(url, form).status_code == 302


def seen_by_readers() -> list[str]:
    """The title that GraphQL, the REST page and the REST list give."""
    reader = APIClient()
    query = '{ product(slug: "oak-lamp") { title } }'
    graphql = reader.post("/graphql/", {"query": query}, format="json").json()
    page = reader.get("/api/v1/products/oak-lamp/").json()
    listed = reader.get("/api/v1/products/").json()["results"]
    return [graphql["data"]["product"]["title"], page["title"], *(item["title"] for item in listed)]


def test_a_published_edit_is_in_the_next_answer(approver: Client) -> None:
    lamp = live_lamp()
    assert seen_by_readers() == ["Oak lamp"] * 3

    publish(approver, lamp, title="Oak lamp, waxed")

    assert seen_by_readers() == ["Oak lamp, waxed"] * 3


def test_a_scheduled_change_is_in_the_next_answer_after_its_time(
    approver: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    lamp = live_lamp()
    later = clock.now() + timedelta(days=2)

    publish(approver, lamp, title="Oak lamp, waxed", go_live_at=later.strftime("%Y-%m-%d %H:%M"))
    call_command("publish_scheduled")
    before = seen_by_readers()
    # Wagtail reads Django's clock, we read our own.
    for held in (timezone, clock):
        monkeypatch.setattr(held, "now", lambda: later + timedelta(minutes=1))
    call_command("publish_scheduled")

    assert before == ["Oak lamp"] * 3
    assert seen_by_readers() == ["Oak lamp, waxed"] * 3
