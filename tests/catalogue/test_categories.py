from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError

from shop.catalogue.models import Category
from shop.catalogue.selectors import count_products
from shop.catalogue.services import move_category
from shop.catalogue.services.categories import CategoryNotMovable
from shop.core.models import OutboxEvent
from tests.factories.catalogue import CategoryFactory, ProductFactory

pytestmark = pytest.mark.django_db


def tree() -> list[tuple[int, str]]:
    return list(Category.objects.values_list("depth", "slug"))


@pytest.fixture
def living() -> Category:
    """Living (lamps (desk-lamps), chairs), garden."""
    living = CategoryFactory(slug="living")
    lamps = CategoryFactory(slug="lamps", parent=living)
    CategoryFactory(slug="desk-lamps", parent=lamps)
    CategoryFactory(slug="chairs", parent=living)
    CategoryFactory(slug="garden")
    return living


def test_categories_come_in_the_order_of_the_tree(living: Category) -> None:
    assert tree() == [
        (1, "living"),
        (2, "lamps"),
        (3, "desk-lamps"),
        (2, "chairs"),
        (1, "garden"),
    ]


def test_a_category_is_moved_with_all_below_it(living: Category) -> None:
    lamps, garden = Category.objects.get(slug="lamps"), Category.objects.get(slug="garden")
    desk_lamps = Category.objects.get(slug="desk-lamps")
    OutboxEvent.objects.all().delete()

    move_category(category=lamps, parent=garden)

    desk_lamps.refresh_from_db()
    assert desk_lamps.ancestor_ids == [garden.pk, lamps.pk]
    assert set(OutboxEvent.objects.get().payload["category_ids"]) >= {lamps.pk, desk_lamps.pk}


def test_a_category_is_put_behind_a_sibling(living: Category) -> None:
    lamps, chairs = Category.objects.get(slug="lamps"), Category.objects.get(slug="chairs")

    move_category(category=lamps, parent=living, after=chairs)

    assert [slug for depth, slug in tree() if depth == 2] == ["chairs", "lamps"]


def test_a_category_cannot_go_into_itself(living: Category) -> None:
    desk_lamps = Category.objects.get(slug="desk-lamps")

    with pytest.raises(CategoryNotMovable):
        move_category(category=living, parent=desk_lamps)
    living.parent = desk_lamps
    with pytest.raises(ValidationError):
        living.full_clean()


def test_the_tree_has_a_bottom() -> None:
    parent = None
    for level in range(12):
        parent = CategoryFactory(slug=f"level-{level}", parent=parent)

    with pytest.raises(ValidationError):
        Category(name="Too deep", slug="too-deep", parent=parent).full_clean()


def test_a_category_with_products_or_categories_is_not_deleted(living: Category) -> None:
    chairs = Category.objects.get(slug="chairs")
    ProductFactory(categories=[chairs])

    with pytest.raises(ProtectedError):
        chairs.delete()
    with pytest.raises(ProtectedError):
        living.delete()


def test_products_are_counted_with_those_below_and_in_drafts(living: Category) -> None:
    lamps, desk_lamps = Category.objects.get(slug="lamps"), Category.objects.get(slug="desk-lamps")
    ProductFactory(categories=[lamps, desk_lamps])
    ProductFactory(categories=[desk_lamps], publish=False)

    assert count_products(living) == 2
