"""An import does no more than its person could do by hand, product by product."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from wagtail.models import GroupPagePermission

from shop.catalogue.models import Category, ProductIndexPage, ProductPage
from shop.core import clock
from shop.customers.models import User
from shop.inventory.services import ensure_warehouse
from shop.pricing.models import Price
from shop.pricing.services import ensure_base_price_list
from shop.spreadsheets.mappings import remember_mapping
from shop.spreadsheets.models import ImportRun
from tests.catalogue.test_permissions import folder, works_in
from tests.factories.catalogue import (
    BrandFactory,
    CategoryFactory,
    ProductFactory,
    TaxClassFactory,
    VariantFactory,
    product_index,
)
from tests.factories.customers import AdministratorFactory
from tests.spreadsheets.files_of import csv_of, imported, problems_of, tried

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def shop() -> None:
    product_index()
    TaxClassFactory(code="standard")
    ensure_base_price_list()
    ensure_warehouse()


@pytest.fixture
def lamps() -> ProductIndexPage:
    return folder("Lamps")


def may_publish(person: User, place: ProductIndexPage) -> None:
    GroupPagePermission.objects.create(
        group=person.groups.get(), page=place, permission=Permission.objects.get(codename="publish_page")
    )


def draft(**fields: Any) -> ProductPage:
    product: ProductPage = ProductFactory(**fields)
    product.unpublish()
    return product


def lock(thing: Any, editor: User) -> None:
    type(thing).objects.filter(pk=thing.pk).update(locked=True, locked_by=editor, locked_at=clock.now())


def titles() -> dict[str, str]:
    return dict(ProductPage.objects.values_list("slug", "title"))


def test_who_works_in_one_folder_changes_nothing_in_another(lamps: ProductIndexPage) -> None:
    draft(parent=lamps, slug="oak-lamp", title="Oak lamp")
    draft(parent=folder("Chairs"), slug="oak-chair", title="Oak chair")

    report = imported(
        csv_of(
            {"handle": "oak-lamp", "title": "Ash lamp"},
            {"handle": "oak-chair", "title": "Ash chair"},
        ),
        actor=works_in(lamps),
    )

    assert problems_of(report) == [(3, "", "forbidden")]
    assert titles() == {"oak-lamp": "Ash lamp", "oak-chair": "Oak chair"}


def test_what_is_new_lands_in_the_persons_own_folder(lamps: ProductIndexPage) -> None:
    imported(csv_of({"handle": "oak-lamp", "title": "Oak lamp"}), actor=works_in(lamps))

    assert ProductPage.objects.get().get_parent().specific == lamps


def test_prices_and_skus_of_another_folder_are_out_of_reach_too(lamps: ProductIndexPage) -> None:
    chair = draft(parent=folder("Chairs"), slug="oak-chair")
    VariantFactory(product=chair, sku="CHAIR")

    report = imported(
        csv_of(
            {"handle": "", "sku": "CHAIR", "price.base": "1"},
            {"handle": "stool", "sku": "CHAIR", "price.base": "1"},
        ),
        actor=works_in(lamps),
    )

    assert report.counts["refused"] == report.run.items_total
    assert not Price.objects.exists()


def test_live_products_are_refused_to_who_may_not_publish_and_new_ones_are_drafts(
    lamps: ProductIndexPage,
) -> None:
    ProductFactory(parent=lamps, slug="oak-lamp", title="Oak lamp")
    person = works_in(lamps)
    goods = csv_of(
        {"handle": "oak-lamp", "title": "Ash lamp", "status": "live"},
        {"handle": "elm-lamp", "title": "Elm lamp", "status": "live"},
    )

    refused = imported(goods, actor=person)
    new = ProductPage.objects.get(slug="elm-lamp")

    assert problems_of(refused) == [(2, "", "forbidden")]
    assert titles()["oak-lamp"] == "Oak lamp"
    assert not new.live
    assert [item.report["warnings"][0]["code"] for item in refused.items() if item.has_warnings] == [
        "not_published"
    ]


def test_who_may_publish_changes_what_is_live(lamps: ProductIndexPage) -> None:
    ProductFactory(parent=lamps, slug="oak-lamp", title="Oak lamp")
    person = works_in(lamps)
    may_publish(person, lamps)

    imported(csv_of({"handle": "oak-lamp", "title": "Ash lamp"}), actor=person)

    assert titles() == {"oak-lamp": "Ash lamp"}


def test_prices_and_stock_need_their_own_permissions(lamps: ProductIndexPage) -> None:
    product = draft(parent=lamps, slug="oak-lamp")
    VariantFactory(product=product, sku="LAMP")
    person = works_in(lamps)

    priced = imported(csv_of({"sku": "LAMP", "price.base": "5"}), actor=person)
    stocked = imported(csv_of({"sku": "LAMP", "stock.main": "5"}), actor=person)

    assert priced.counts["changed"] == 1
    assert problems_of(stocked) == [(2, "stock.main", "forbidden")]


def test_brands_are_made_only_by_who_could_make_them_by_hand(lamps: ProductIndexPage) -> None:
    BrandFactory(name="Halden")
    person = works_in(lamps)

    report = tried(
        csv_of(
            {"handle": "oak-lamp", "title": "Oak lamp", "brand": "Halden"},
            {"handle": "elm-lamp", "title": "Elm lamp", "brand": "Nobody"},
        ),
        actor=person,
    )

    assert problems_of(report) == [(3, "brand", "unknown_brand")]


def test_a_locked_product_is_refused_with_who_locked_it() -> None:
    editor = AdministratorFactory(first_name="Grace", last_name="Hollow")
    lock(ProductFactory(slug="oak-lamp", title="Oak lamp"), editor)

    report = imported(csv_of({"handle": "oak-lamp", "title": "Ash lamp"}), actor=AdministratorFactory())

    [item] = report.items()
    assert problems_of(report) == [(2, "", "locked")]
    assert item.report["errors"][0]["message"] == f"{editor} has locked this product: unlock it first."
    assert titles() == {"oak-lamp": "Oak lamp"}


def test_a_locked_product_that_the_file_leaves_alone_is_no_problem() -> None:
    lock(ProductFactory(slug="oak-lamp", title="Oak lamp"), AdministratorFactory())

    assert tried(csv_of({"handle": "oak-lamp", "title": "Oak lamp"})).counts["unchanged"] == 1


def test_a_locked_category_is_refused_with_who_locked_it() -> None:
    editor = AdministratorFactory()
    lock(CategoryFactory(slug="lamps", name="Lamps"), editor)

    report = imported(csv_of({"slug": "lamps", "name": "Lights"}), kind=ImportRun.Kind.CATEGORIES)

    [item] = report.items()
    assert str(editor) in item.report["errors"][0]["message"]
    assert Category.objects.get(slug="lamps").name == "Lamps"


# -- columns of others -------------------------------------------------------------------------------------


def test_a_mapping_that_was_saved_is_found_by_the_headers_whatever_their_order_and_case() -> None:
    remember_mapping(
        name="Halden",
        headers=["Artikel", "Name", "Notiz"],
        columns={"Artikel": "handle", "Name": "title", "Notiz": ""},
    )

    report = imported(csv_of({"name": "Oak lamp", "NOTIZ": "=1+1", "artikel": "oak-lamp"}))

    assert report.run.mapping == "Halden"
    assert titles() == {"oak-lamp": "Oak lamp"}


def test_a_mapping_that_was_renamed_is_found_all_the_same() -> None:
    saved = remember_mapping(
        name="Halden", headers=["Artikel", "Name"], columns={"Artikel": "handle", "Name": "title"}
    )
    saved.name = "Halden, since March"
    saved.save()

    by_headers = tried(csv_of({"Artikel": "oak-lamp", "Name": "Oak lamp"}))
    by_name = tried(csv_of({"Artikel": "oak-lamp", "Name": "Oak lamp"}), mapping="Halden, since March")

    assert by_headers.run.mapping == by_name.run.mapping == "Halden, since March"
    assert by_headers.counts["created"] == 1


def test_the_same_headers_saved_again_replace_what_was_saved() -> None:
    headers = ["Artikel", "Name"]
    remember_mapping(name="First", headers=headers, columns={"Artikel": "handle", "Name": "summary"})
    remember_mapping(name="Second", headers=headers, columns={"Artikel": "handle", "Name": "title"})

    assert tried(csv_of({"Artikel": "oak-lamp", "Name": "Oak lamp"})).run.mapping == "Second"
