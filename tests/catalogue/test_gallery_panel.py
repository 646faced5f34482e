"""The gallery in the product's editor offers to upload where somebody may, and to choose in any case."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client
from wagtail.models import Collection

from tests.factories.catalogue import ProductFactory
from tests.factories.customers import UserFactory

pytestmark = pytest.mark.django_db


def editor(*, role: str) -> str:
    call_command("sync_roles")
    person = UserFactory(is_staff=True)
    person.groups.add(Group.objects.get(name=role))
    client = Client()
    client.force_login(person)
    answer = client.get(f"/admin/pages/{ProductFactory().pk}/edit/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_merchandiser_may_choose_and_upload_into_the_only_collection() -> None:
    html = editor(role="Merchandiser")

    assert 'id="id_media-OPEN_MODAL"' in html
    assert "data-gallery-files" in html
    root = Collection.get_first_root_node()
    assert f'<input type="hidden" value="{root.pk}" data-gallery-collection>' in html


def test_where_there_are_several_collections_one_is_chosen() -> None:
    Collection.get_first_root_node().add_child(name="Lamps")

    html = editor(role="Merchandiser")

    assert "<select data-gallery-collection>" in html
    assert "Lamps" in html
