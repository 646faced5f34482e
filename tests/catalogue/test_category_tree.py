"""The tree of categories in the admin: what it shows, and moving in it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from shop.catalogue.category_tree import Row, load_rows
from shop.catalogue.models import Category
from shop.core import clock
from shop.core.models import AuditEntry
from tests.factories.catalogue import CategoryFactory, ProductFactory
from tests.factories.customers import AdministratorFactory, UserFactory

pytestmark = pytest.mark.django_db

CATEGORIES = "/admin/snippets/catalogue/category/"


@pytest.fixture(autouse=True)
def merchandiser(client: Client) -> None:
    client.force_login(AdministratorFactory())


@pytest.fixture
def living() -> Category:
    """Living (lamps (desk-lamps), chairs), garden."""
    living = CategoryFactory(slug="living")
    lamps = CategoryFactory(slug="lamps", parent=living)
    CategoryFactory(slug="desk-lamps", parent=lamps)
    CategoryFactory(slug="chairs", parent=living)
    CategoryFactory(slug="garden")
    return living


def get(slug: str) -> Category:
    return Category.objects.get(slug=slug)


def row(slug: str, **kwargs: Any) -> Row:
    return next(held for held in load_rows(**kwargs) if held.slug == slug)


def place(client: Client, slug: str, *, parent: str = "", after: str = "") -> Any:
    return client.post(
        f"{CATEGORIES}place/{get(slug).pk}/",
        {"parent": get(parent).pk if parent else "", "after": get(after).pk if after else ""},
    )


def test_rows_come_in_the_order_of_the_tree_with_their_place(living: Category) -> None:
    rows = load_rows()

    assert [(held.slug, held.depth, held.position, held.siblings) for held in rows] == [
        ("living", 1, 1, 2),
        ("lamps", 2, 1, 2),
        ("desk-lamps", 3, 1, 1),
        ("chairs", 2, 2, 2),
        ("garden", 1, 2, 2),
    ]


def test_a_product_counts_once_however_many_categories_below_it_has(living: Category) -> None:
    ProductFactory(categories=[get("lamps"), get("desk-lamps")])
    ProductFactory(categories=[get("desk-lamps")], publish=False)
    ProductFactory(categories=[living])

    assert (row("desk-lamps").own_live, row("desk-lamps").own_waiting) == (1, 1)
    assert (row("lamps").own_live, row("lamps").total_live, row("lamps").total_waiting) == (1, 1, 1)
    assert (row("living").own_live, row("living").total_live, row("living").total_waiting) == (1, 2, 1)


def test_tags_say_what_is_live_waiting_and_locked(living: Category) -> None:
    chairs, garden = get("chairs"), get("garden")
    chairs.name = "Seats"
    chairs.go_live_at = clock.now() + timedelta(days=1)
    chairs.save_revision().publish()
    chairs.refresh_from_db()
    chairs.save_revision()
    garden.locked = True
    garden.save()
    living.live = False
    living.save()

    tags = {held.slug: [tag.label for tag in held.tags] for held in load_rows()}

    assert tags["living"] == ["draft"]
    assert tags["lamps"] == ["live", "hidden above"]
    assert "scheduled" in tags["chairs"]
    assert tags["garden"] == ["live", "locked"]


def test_a_search_shows_what_stands_above_its_matches(living: Category) -> None:
    rows = load_rows(query="desk")

    assert [(held.slug, held.is_match) for held in rows] == [
        ("living", False),
        ("lamps", False),
        ("desk-lamps", True),
    ]


def test_five_hundred_categories_cost_as_many_queries_as_five(
    client: Client, living: Category, django_assert_max_num_queries: Any
) -> None:
    client.get(CATEGORIES)
    Category.objects.bulk_create(
        Category(name=f"Shelf {n}", slug=f"shelf-{n}", parent=get("chairs") if n % 2 else living)
        for n in range(500)
    )
    Category.rebuild_tree()

    with django_assert_max_num_queries(18):
        response = client.get(CATEGORIES)

    assert len(response.context["rows"]) == 505


def test_the_fragment_for_searching_holds_the_tree_alone(client: Client, living: Category) -> None:
    body = client.get(f"{CATEGORIES}results/", {"q": "garden"}).content.decode()

    assert "<html" not in body
    assert 'data-name="Garden"' in body
    assert 'data-name="Chairs"' not in body


def test_a_shop_without_categories_is_told_the_next_step(client: Client) -> None:
    assert "There are no categories yet" in client.get(CATEGORIES).content.decode()


def test_a_category_is_dropped_into_another_and_the_answer_says_how_to_undo_it(
    client: Client, living: Category
) -> None:
    answer = place(client, "chairs", parent="garden")

    assert answer.status_code == 200
    assert get("chairs").parent == get("garden")
    assert answer.json()["undo"] == {"parent": living.pk, "after": get("lamps").pk}
    entry = AuditEntry.objects.get(action="category.move")
    assert entry.actor is not None

    client.post(f"{CATEGORIES}place/{get('chairs').pk}/", answer.json()["undo"])
    assert [held.slug for held in load_rows()][:4] == ["living", "lamps", "desk-lamps", "chairs"]


def test_a_move_into_itself_is_refused_in_a_sentence(client: Client, living: Category) -> None:
    answer = place(client, "living", parent="desk-lamps")

    assert answer.status_code == 409
    assert answer.json()["detail"]
    assert get("living").parent is None


def test_a_move_behind_what_has_gone_elsewhere_is_refused(client: Client, living: Category) -> None:
    answer = place(client, "chairs", parent="living", after="garden")

    assert answer.status_code == 409
    assert "is not in" in answer.json()["detail"]


def test_too_deep_is_refused(client: Client, living: Category) -> None:
    parent = get("garden")
    for level in range(10):
        parent = CategoryFactory(slug=f"level-{level}", parent=parent)

    answer = place(client, "lamps", parent="level-9")

    assert answer.status_code == 409
    assert "levels deep" in answer.json()["detail"]


def test_who_may_not_publish_categories_moves_none(client: Client, living: Category) -> None:
    reader = UserFactory(is_staff=True)
    reader.user_permissions.set(
        Permission.objects.filter(codename__in=["access_admin", "view_category", "change_category"])
    )
    client.force_login(reader)

    assert place(client, "chairs", parent="garden").status_code == 403
    assert "Hold Alt" not in client.get(CATEGORIES).content.decode()
    assert "data-place" not in client.get(CATEGORIES).content.decode()


def test_a_category_is_added_below_another(client: Client, living: Category) -> None:
    form = client.get(f"{CATEGORIES}add/", {"parent": living.pk}).context["form"]

    assert form.initial["parent"] == living.pk
