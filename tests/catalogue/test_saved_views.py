"""Tabs above the list of products: saved searches and filters, one's own and shared ones."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from shop.catalogue.models import SavedView
from shop.catalogue.saved_views import clean_query
from tests.factories.catalogue import ProductFactory
from tests.factories.customers import AdministratorFactory

pytestmark = pytest.mark.django_db

PRODUCTS = "/admin/catalogue/products/"
ADD = "/admin/catalogue/saved-views/add/"


@pytest.fixture
def ann(client: Client) -> Any:
    user = AdministratorFactory(email="ann@example.com", is_superuser=True)
    client.force_login(user)
    return user


def test_a_view_is_saved_shown_as_a_tab_and_marked_where_it_is_looked_at(client: Client, ann: Any) -> None:
    ProductFactory(title="Lamp")

    answer = client.post(ADD, {"name": " Live  lamps ", "query": "?q=lamp&status=live&p=3"}, follow=True)

    view = SavedView.objects.get()
    assert (view.user, view.name, view.query) == (ann, "Live lamps", "q=lamp&status=live")
    assert answer.request["QUERY_STRING"] == "q=lamp&status=live"
    page = answer.content.decode()
    assert 'href="/admin/catalogue/products/?q=lamp&amp;status=live" aria-current="page">Live lamps' in page
    assert "Change “Live lamps”" in page


def test_the_order_and_the_page_of_an_address_make_no_other_view() -> None:
    assert clean_query("status=live&q=&p=2&brand=3") == clean_query("brand=3&status=live&next=/x")


def test_saving_under_the_same_name_replaces_the_view(client: Client, ann: Any) -> None:
    client.post(ADD, {"name": "Mine", "query": "status=live"})
    client.post(ADD, {"name": "Mine", "query": "status=draft"})

    assert SavedView.objects.get(user=ann).query == "status=draft"


def test_views_are_renamed_shared_and_deleted_by_their_owner(client: Client, ann: Any) -> None:
    client.post(ADD, {"name": "Mine", "query": "status=live"})
    view = SavedView.objects.get()
    url = f"/admin/catalogue/saved-views/{view.pk}/"

    client.post(url, {"action": "save", "name": "Everybody's", "is_shared": "on"})
    view.refresh_from_db()
    assert (view.name, view.is_shared) == ("Everybody's", True)

    bob = AdministratorFactory(email="bob@example.com", is_superuser=True)
    other = Client()
    other.force_login(bob)
    assert "Everybody&#x27;s" in other.get(PRODUCTS).content.decode()

    client.post(url, {"action": "delete"})
    assert not SavedView.objects.exists()


def test_others_see_no_private_view_and_change_none(client: Client, ann: Any) -> None:
    private = SavedView.objects.create(user=ann, name="Secret", query="status=live")
    shared = SavedView.objects.create(user=ann, name="Shared", query="status=draft", is_shared=True)
    bob = AdministratorFactory(email="bob@example.com", is_superuser=False)
    from django.contrib.auth.models import Permission

    bob.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(bob)

    client.post(f"/admin/catalogue/saved-views/{shared.pk}/", {"action": "delete"})
    client.post(f"/admin/catalogue/saved-views/{private.pk}/", {"action": "save", "name": "x"})

    assert set(SavedView.objects.values_list("name", flat=True)) == {"Secret", "Shared"}


def test_a_view_without_a_name_is_refused_with_the_mend(client: Client, ann: Any) -> None:
    page = client.post(ADD, {"name": " ", "query": "status=live"}, follow=True).content.decode()

    assert "Give the view a name" in page
    assert not SavedView.objects.filter(user=ann).exists()
