from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser, Group, Permission
from django.test import Client
from django.urls import reverse
from wagtail.models import GroupPagePermission

from shop.catalogue.models import ProductIndexPage
from shop.catalogue.permissions import (
    addable_folders,
    can_edit_product,
    can_reach_product,
    editable_products,
    reachable_products,
)
from shop.customers.models import User
from shop.inventory.services import ensure_warehouse
from tests.factories.catalogue import ProductFactory, product_index
from tests.factories.customers import UserFactory

pytestmark = pytest.mark.django_db


def folder(title: str) -> ProductIndexPage:
    return product_index().add_child(instance=ProductIndexPage(title=title, slug=title.lower()))


def works_in(place: ProductIndexPage) -> User:
    group = Group.objects.create(name=f"Merchandiser: {place.title}")
    for codename in ("access_admin", "change_productvariant", "change_price"):
        group.permissions.add(Permission.objects.get(codename=codename))
    for codename in ("add_page", "change_page"):
        GroupPagePermission.objects.create(
            group=group, page=place, permission=Permission.objects.get(codename=codename)
        )
    person = UserFactory(is_staff=True)
    person.groups.add(group)
    return person


def keeps_stock() -> User:
    person = UserFactory(is_staff=True)
    for codename in ("access_admin", "change_stockitem"):
        person.user_permissions.add(Permission.objects.get(codename=codename))
    return person


def test_who_works_in_one_folder_edits_and_reaches_nothing_outside() -> None:
    lamps, chairs = folder("Lamps"), folder("Chairs")
    lamp, chair = ProductFactory(parent=lamps), ProductFactory(parent=chairs)
    person = works_in(lamps)

    assert list(editable_products(person)) == list(reachable_products(person)) == [lamp]
    assert can_edit_product(person, lamp)
    assert not can_edit_product(person, chair)
    assert not can_reach_product(person, chair)
    assert list(addable_folders(person)) == [lamps]


def test_who_keeps_stock_reaches_every_product_and_edits_none() -> None:
    lamp = ProductFactory()
    person = keeps_stock()

    assert list(editable_products(person)) == []
    assert list(reachable_products(person)) == [lamp]
    assert can_reach_product(person, lamp)
    assert not can_edit_product(person, lamp)


def test_superusers_edit_everything_and_strangers_nothing() -> None:
    lamp = ProductFactory()

    assert list(editable_products(UserFactory(is_superuser=True))) == [lamp]
    assert list(editable_products(AnonymousUser())) == []
    assert list(editable_products(UserFactory())) == []


def test_the_sheet_of_a_product_outside_of_the_folder_is_refused(client: Client) -> None:
    lamps, chairs = folder("Lamps"), folder("Chairs")
    lamp, chair = ProductFactory(parent=lamps), ProductFactory(parent=chairs)
    client.force_login(works_in(lamps))

    mine = client.get(reverse("catalogue_variants", args=[lamp.pk]))
    other = client.get(reverse("catalogue_variants", args=[chair.pk]))
    saved = client.post(reverse("catalogue_variants", args=[chair.pk]), {"action": "save"})

    # Wagtail sends whoever lacks a permission to its home page with a message.
    assert mine.status_code == 200
    assert (other.status_code, other["Location"]) == (302, reverse("wagtailadmin_home"))
    assert saved.status_code == 302


def test_who_keeps_stock_opens_every_sheet(client: Client) -> None:
    lamp = ProductFactory()
    ensure_warehouse()
    client.force_login(keeps_stock())

    assert client.get(reverse("catalogue_variants", args=[lamp.pk])).status_code == 200
