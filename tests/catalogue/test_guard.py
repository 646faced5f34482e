"""What uses a thing is said before it goes, and products are moved out of its way."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.test import Client
from wagtail.models import GroupPagePermission, Page, ReferenceIndex, Revision

from shop.catalogue.models import (
    Brand,
    Category,
    CategoryPlacement,
    ProductCategory,
    ProductCollection,
    ProductPage,
)
from shop.catalogue.usage import Usage, find_usage, register_usage_finder
from shop.core.models import AuditEntry, BackgroundJob
from tests.factories.catalogue import (
    BrandFactory,
    CategoryFactory,
    ProductCollectionFactory,
    ProductFactory,
    VariantFactory,
)
from tests.factories.content import menu
from tests.factories.customers import AdministratorFactory, UserFactory

pytestmark = pytest.mark.django_db

SNIPPETS = "/admin/snippets/catalogue/"
CATEGORIES = f"{SNIPPETS}category/"


@pytest.fixture(autouse=True)
def administrator(client: Client) -> Any:
    person = AdministratorFactory()
    client.force_login(person)
    return person


def headings(response: Any) -> list[str]:
    return [usage.heading for usage in response.context["usages"]]


def categories_of(page: ProductPage) -> list[str]:
    return list(page.product_categories.order_by("sort_order").values_list("category__slug", flat=True))


def test_a_category_is_asked_about_with_products_children_and_menus(client: Client) -> None:
    lamps = CategoryFactory(slug="lamps")
    desk = CategoryFactory(slug="desk-lamps", parent=lamps)
    lamp = ProductFactory(title="Oak lamp", categories=[lamps])
    ProductFactory(title="Steel lamp", categories=[lamps], publish=False)
    ProductFactory(title="Desk lamp", categories=[desk])
    main = menu("main", {"category": lamps})
    main.save()
    ReferenceIndex.create_or_update_for_object(main)

    response = client.get(f"{CATEGORIES}delete/{lamps.pk}/")

    assert headings(response) == [
        "Products in it: 1 live, 1 not live",
        "Categories below it",
        "Products in the categories below it: 1 live, 0 not live",
        "Pages, menus and other places that name it",
    ]
    body = response.content.decode()
    assert f"/admin/pages/{lamp.pk}/edit/" in body
    assert "cannot be deleted yet" in body
    assert "Yes, delete" not in body


def test_a_category_in_use_is_not_deleted_and_the_answer_says_why(client: Client) -> None:
    lamps = CategoryFactory(slug="lamps")
    ProductFactory(categories=[lamps])

    response = client.post(f"{CATEGORIES}delete/{lamps.pk}/")

    assert response.status_code == 409
    assert "has not been deleted" in response.content.decode()
    assert Category.objects.filter(pk=lamps.pk).exists()


def test_an_unused_category_is_deleted(client: Client) -> None:
    lamps = CategoryFactory(slug="lamps")

    assert "Nothing uses it" in client.get(f"{CATEGORIES}delete/{lamps.pk}/").content.decode()
    client.post(f"{CATEGORIES}delete/{lamps.pk}/")

    assert not Category.objects.filter(pk=lamps.pk).exists()


def test_unpublishing_says_what_shoppers_will_miss(client: Client) -> None:
    lamps = CategoryFactory(slug="lamps")
    CategoryFactory(slug="desk-lamps", parent=lamps)
    ProductFactory(categories=[lamps])
    url = f"{CATEGORIES}unpublish/{lamps.pk}/"

    body = client.get(url).content.decode()
    assert "They are hidden together with it." in body
    assert "They stay live, but this category leads to them no more." in body

    client.post(url)
    lamps.refresh_from_db()
    assert lamps.live is False


def test_a_draft_that_names_the_category_is_found(administrator: Any) -> None:
    lamps, chairs = CategoryFactory(slug="lamps"), CategoryFactory(slug="chairs")
    lamp = ProductFactory(categories=[lamps])
    draft = lamp.get_latest_revision_as_object()
    draft.product_categories = [ProductCategory(category=chairs)]
    draft.save_revision()

    usages = find_usage(chairs, administrator)

    assert [(usage.heading, usage.blocks) for usage in usages] == [
        ("Products whose draft puts them into it: 1 live, 0 not live", False)
    ]


def test_a_draft_survives_the_deletion_of_its_category(client: Client) -> None:
    lamps, chairs = CategoryFactory(slug="lamps"), CategoryFactory(slug="chairs")
    lamp = ProductFactory(categories=[lamps])
    draft = lamp.get_latest_revision_as_object()
    draft.product_categories = [ProductCategory(category=chairs), ProductCategory(category=lamps)]
    draft.save_revision()

    client.post(f"{CATEGORIES}delete/{chairs.pk}/")

    assert client.get(f"/admin/pages/{lamp.pk}/edit/").status_code == 200
    lamp.refresh_from_db()
    lamp.latest_revision.publish()
    assert categories_of(ProductPage.objects.get(pk=lamp.pk)) == ["lamps"]


def test_apps_say_what_they_know(administrator: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shop.catalogue.usage._finders", [])
    lamps = CategoryFactory(slug="lamps")

    register_usage_finder(Category, lambda held, user: [Usage(heading="Rules that name it", count=3)])

    assert [usage.heading for usage in find_usage(lamps, administrator)] == ["Rules that name it"]


def test_a_tax_class_that_variants_need_is_not_deleted(client: Client) -> None:
    tax_class = VariantFactory().tax_class

    response = client.post(f"{SNIPPETS}taxclass/delete/{tax_class.pk}/")

    assert response.status_code == 409
    assert "Give them another tax class first." in response.content.decode()


def test_a_brand_and_a_collection_go_and_leave_their_products(client: Client) -> None:
    brand = BrandFactory()
    lamp = ProductFactory(brand=brand)
    gifts = ProductCollectionFactory(products=[lamp])

    assert "without a brand" in client.get(f"{SNIPPETS}brand/delete/{brand.pk}/").content.decode()
    assert (
        "only the collection goes"
        in client.get(f"{SNIPPETS}productcollection/delete/{gifts.pk}/").content.decode()
    )
    client.post(f"{SNIPPETS}brand/delete/{brand.pk}/")
    client.post(f"{SNIPPETS}productcollection/delete/{gifts.pk}/")

    assert not Brand.objects.exists()
    assert not ProductCollection.objects.exists()
    assert ProductPage.objects.get().live


def test_deleting_several_at_once_is_guarded_too(client: Client) -> None:
    lamps, chairs = CategoryFactory(slug="lamps"), CategoryFactory(slug="chairs")
    ProductFactory(categories=[lamps])
    url = f"/admin/bulk/catalogue/category/delete/?id={lamps.pk}&id={chairs.pk}&next=/admin/"

    refused = client.post(url, follow=True)
    assert "Still needed: “Lamps”" in refused.content.decode()
    assert Category.objects.count() == 2

    client.post(f"/admin/bulk/catalogue/category/delete/?id={chairs.pk}&next=/admin/")
    assert list(Category.objects.all()) == [lamps]


def test_products_are_moved_to_another_category_with_their_drafts(client: Client) -> None:
    lamps, lighting = CategoryFactory(slug="lamps"), CategoryFactory(slug="lighting")
    garden = CategoryFactory(slug="garden")
    both = ProductFactory(title="In both", categories=[lamps, lighting])
    drafted = ProductFactory(title="With a draft", categories=[garden, lamps])
    draft = drafted.get_latest_revision_as_object()
    draft.title = "With a newer title"
    draft.save_revision()
    unpublished = ProductFactory(title="Not live", categories=[lamps], publish=False)
    sold_as = Revision.objects.get(pk=ProductPage.objects.get(pk=both.pk).live_revision_id)
    CategoryPlacement.objects.create(category=lamps, product=both, position=1)

    client.post(f"{CATEGORIES}refile/{lamps.pk}/", {"target": lighting.pk})

    assert BackgroundJob.objects.get().status == "done"
    assert categories_of(both) == ["lighting"]
    assert categories_of(drafted) == ["garden", "lighting"]
    assert categories_of(unpublished) == ["lighting"]
    assert not CategoryPlacement.objects.exists()
    for page in ProductPage.objects.all():
        latest = page.get_latest_revision_as_object()
        assert lamps.pk not in [held.category_id for held in latest.product_categories.all()]
    drafted.refresh_from_db()
    assert (drafted.title, drafted.latest_revision.content["title"]) == ("With a draft", "With a newer title")
    drafted.latest_revision.publish()
    drafted.refresh_from_db()
    assert (drafted.title, drafted.has_unpublished_changes) == ("With a newer title", False)
    assert categories_of(drafted) == ["garden", "lighting"]
    # What an order points at stays what the buyer saw.
    sold_as.refresh_from_db()
    assert lamps.pk in [row["category"] for row in sold_as.content["product_categories"]]
    assert not ReferenceIndex.get_references_to(lamps).exists()
    assert AuditEntry.objects.filter(action="category.refile_products").exists()
    assert Page.find_problems() == ([], [], [], [], [])

    client.post(f"{CATEGORIES}delete/{lamps.pk}/")
    assert not Category.objects.filter(pk=lamps.pk).exists()


def test_moving_products_costs_the_same_for_many(django_assert_max_num_queries: Any) -> None:
    from shop.catalogue.services.refiling import move_products

    lamps, lighting = CategoryFactory(slug="lamps"), CategoryFactory(slug="lighting")
    products = [ProductFactory(categories=[lamps], publish=False) for _ in range(12)]

    with django_assert_max_num_queries(24):
        move_products(products=products, source=lamps, target=lighting)

    assert lighting.product_categories.count() == 12


def test_products_of_other_peoples_folders_are_not_moved(client: Client) -> None:
    call_command("sync_roles")
    lamps, lighting = CategoryFactory(slug="lamps"), CategoryFactory(slug="lighting")
    lamp = ProductFactory(categories=[lamps])
    group = Group.objects.create(name="Some editors")
    group.permissions.set(
        Permission.objects.filter(
            codename__in=["access_admin", "change_category", "delete_category", "view_category"]
        )
    )
    GroupPagePermission.objects.create(
        group=group, page=lamp, permission=Permission.objects.get(codename="change_page")
    )
    person = UserFactory(is_staff=True)
    person.groups.add(group)
    client.force_login(person)

    response = client.post(f"{CATEGORIES}refile/{lamps.pk}/", {"target": lighting.pk}, follow=True)

    assert "folders that you may not publish in" in response.content.decode()
    assert categories_of(lamp) == ["lamps"]
