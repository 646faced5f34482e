"""An address that shoppers know leads on when a category or a collection gets another one."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from wagtail.contrib.redirects.models import Redirect

from shop.catalogue.models import Category
from shop.catalogue.services import move_category
from shop.catalogue.services.redirects import keep_old_address, keep_old_addresses
from tests.factories.catalogue import CategoryFactory, ProductCollectionFactory

pytestmark = pytest.mark.django_db


def redirects() -> dict[str, str]:
    return dict(Redirect.objects.order_by("old_path").values_list("old_path", "redirect_link"))


def rename(thing: Any, slug: str) -> None:
    """As the editor does it: a draft with another slug, then published."""
    thing.slug = slug
    thing.save_revision().publish()


def test_the_old_address_of_a_live_category_leads_to_the_new_one(client: Client) -> None:
    lamps = CategoryFactory(slug="lamps")

    rename(lamps, "lighting")

    answer = client.get("/categories/lamps/?sort=price")
    assert (answer.status_code, answer["Location"]) == (301, "/categories/lighting/")
    assert client.get("/categories/lighting/").status_code == 200


def test_the_old_address_of_a_collection_leads_to_the_new_one(client: Client) -> None:
    gifts = ProductCollectionFactory(slug="gifts")

    rename(gifts, "presents")

    assert client.get("/collections/gifts/")["Location"] == "/collections/presents/"


def test_a_draft_changes_no_address() -> None:
    lamps = CategoryFactory(slug="lamps")

    lamps.slug = "lighting"
    lamps.save_revision()
    never_live = CategoryFactory(slug="chairs", live=False)
    rename(never_live, "seats")

    assert redirects() == {}


def test_several_changes_lead_to_the_last_address_at_once() -> None:
    lamps = CategoryFactory(slug="lamps")

    for slug in ("lighting", "lights", "light"):
        rename(lamps, slug)

    assert redirects() == {
        "/categories/lamps": "/categories/light/",
        "/categories/lighting": "/categories/light/",
        "/categories/lights": "/categories/light/",
    }


def test_a_change_back_leaves_no_loop(client: Client) -> None:
    lamps = CategoryFactory(slug="lamps")

    rename(lamps, "lighting")
    rename(lamps, "lamps")

    assert redirects() == {"/categories/lighting": "/categories/lamps/"}
    assert client.get("/categories/lamps/").status_code == 200


def test_a_category_that_takes_an_old_address_ends_its_redirect() -> None:
    rename(CategoryFactory(slug="lamps"), "lighting")

    CategoryFactory(slug="lamps")

    assert redirects() == {}


def test_a_category_that_comes_back_under_another_address_is_found_under_the_old_one() -> None:
    lamps = CategoryFactory(slug="lamps")
    lamps.save_revision().publish()
    lamps.refresh_from_db()
    lamps.unpublish()

    rename(lamps, "lighting")

    assert redirects() == {"/categories/lamps": "/categories/lighting/"}


def test_a_move_changes_no_address() -> None:
    living, garden = CategoryFactory(slug="living"), CategoryFactory(slug="garden")
    lamps = CategoryFactory(slug="lamps", parent=living)

    move_category(category=lamps, parent=garden)

    assert redirects() == {}
    assert Category.objects.get(slug="lamps").url == "/categories/lamps/"


def test_a_redirect_that_somebody_made_by_hand_gives_way() -> None:
    Redirect.add_redirect("/categories/lamps/", "/sale/")

    keep_old_address("/categories/lamps/", "/categories/lighting/")

    assert redirects() == {"/categories/lamps": "/categories/lighting/"}


def test_two_that_swap_their_addresses_need_no_redirect() -> None:
    keep_old_addresses([("/categories/a/", "/categories/b/"), ("/categories/b/", "/categories/a/")])

    assert redirects() == {}


def test_a_thousand_addresses_cost_as_many_queries_as_one(django_assert_max_num_queries: Any) -> None:
    keep_old_addresses([(f"/categories/older-{n}/", f"/categories/old-{n}/") for n in range(1000)])

    # SQLite takes fewer rows in a statement than PostgreSQL, so it needs some more of them.
    with django_assert_max_num_queries(24):
        keep_old_addresses([(f"/categories/old-{n}/", f"/categories/new-{n}/") for n in range(1000)])

    assert len(redirects()) == 2000
    assert redirects()["/categories/older-999"] == "/categories/new-999/"
