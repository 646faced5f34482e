"""Products in an order of choice within a category."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from search.selectors import list_products
from search.values import ProductFilter, ProductSort
from shop.catalogue.models import Category, CategoryPlacement, ProductCategory
from shop.catalogue.services.placements import ProductsNotPlaceable, list_placed, place_products
from tests.factories.catalogue import CategoryFactory, ProductFactory
from tests.factories.customers import UserFactory
from tests.factories.search import product_on_sale

pytestmark = pytest.mark.django_db


@pytest.fixture
def lamps() -> Category:
    return CategoryFactory(slug="lamps", name="Lamps", parent=CategoryFactory(slug="living"))


@pytest.fixture
def goods(lamps):
    return [
        product_on_sale(title=f"Lamp {number}", categories=[lamps], skus=[f"L-{number}"])
        for number in range(5)
    ]


@pytest.fixture
def admin() -> Client:
    client = Client()
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return client


def titles(category="lamps", **arguments):
    return [
        held.title for held in list_products(filters=ProductFilter(category=category), **arguments).products
    ]


def place(category, *products):
    place_products(category=category, product_ids=[product.pk for product in products])


def url(category):
    return reverse("catalogue_category_order", args=[category.pk])


def shown(answer):
    return [row.title for row in answer.context["placed"]]


def test_placed_products_come_first_and_the_others_newest_first(lamps, goods):
    place(lamps, goods[1], goods[3])

    assert titles() == ["Lamp 1", "Lamp 3", "Lamp 4", "Lamp 2", "Lamp 0"]
    assert titles(sort=ProductSort.RELEVANCE) == titles()
    assert titles(sort=ProductSort.NEWEST) == ["Lamp 4", "Lamp 3", "Lamp 2", "Lamp 1", "Lamp 0"]
    assert titles("living") == titles(sort=ProductSort.NEWEST)


def test_a_category_above_has_an_order_of_its_own(lamps, goods):
    place(lamps.parent, goods[0])

    assert titles("living")[0] == "Lamp 0"
    assert titles()[0] == "Lamp 4"


@pytest.mark.parametrize("first", [1, 2, 3])
def test_pages_continue_where_they_ended_forwards_and_backwards(lamps, goods, first):
    place(lamps, goods[1], goods[3])
    filters = ProductFilter(category="lamps")
    everything = titles()

    seen, after = [], None
    while True:
        page = list_products(filters=filters, first=first, after=after)
        seen += [product.title for product in page.products]
        after = page.page_info.end_cursor
        if not page.page_info.has_next_page:
            break
    before = list_products(filters=filters, first=2, before=page.page_info.start_cursor)

    assert seen == everything
    start = everything.index(page.products[0].title)
    assert [product.title for product in before.products] == everything[max(0, start - 2) : start]


def test_a_cursor_of_before_still_leads_on_when_an_order_is_made_meanwhile(lamps, goods):
    filters = ProductFilter(category="lamps")
    page = list_products(filters=filters, first=2)

    place(lamps, goods[0])

    rest = list_products(filters=filters, after=page.page_info.end_cursor)
    assert [product.title for product in rest.products] == ["Lamp 2", "Lamp 1"]


def test_an_order_costs_no_further_statement(lamps, goods, django_assert_num_queries):
    titles(with_variants=True)  # makes the sizes of the pictures
    with django_assert_num_queries(5):
        titles(with_variants=True)

    place(lamps, *goods)

    with django_assert_num_queries(5):
        titles(with_variants=True)


def test_only_products_of_the_category_have_a_place_and_not_too_many(lamps, goods):
    elsewhere = ProductFactory()

    with pytest.raises(ProductsNotPlaceable, match="neither in this category"):
        place(lamps, goods[0], elsewhere)
    with pytest.raises(ProductsNotPlaceable, match="At most 500"):
        place_products(category=lamps, product_ids=range(501))
    with pytest.raises(ProductsNotPlaceable, match="meanwhile"):
        place_products(category=lamps, product_ids=[], expected=[goods[0].pk])

    assert not CategoryPlacement.objects.exists()


def test_a_product_that_leaves_the_category_leaves_its_order(lamps, goods):
    place(lamps, goods[0], goods[1])

    ProductCategory.objects.filter(page=goods[0]).delete()

    assert list_placed(lamps) == [goods[1].pk]


def test_the_screen_saves_an_order(admin, lamps, goods):
    ids = [goods[2].pk, goods[0].pk]

    answer = admin.post(url(lamps), {"product": ids, "expected": "", "action": "save"})

    assert answer.status_code == 302
    assert list_placed(lamps) == ids
    assert shown(admin.get(url(lamps))) == ["Lamp 2", "Lamp 0"]


@pytest.mark.parametrize(
    ("action", "order"),
    [
        ("up", ["Lamp 0", "Lamp 2", "Lamp 1"]),
        ("first", ["Lamp 2", "Lamp 0", "Lamp 1"]),
        ("remove", ["Lamp 0", "Lamp 1"]),
    ],
)
def test_every_button_works_without_the_script_and_saves_nothing(admin, lamps, goods, action, order):
    ids = [goods[0].pk, goods[1].pk, goods[2].pk]

    answer = admin.post(url(lamps), {"product": ids, "expected": "", "action": f"{action}:{goods[2].pk}"})

    assert shown(answer) == order
    assert "Not saved yet" in answer.content.decode()
    assert not CategoryPlacement.objects.exists()


def test_skus_are_pasted_in_any_case_and_unknown_ones_are_named(admin, lamps, goods):
    product_on_sale(title="Chair", skus=["C-1"])

    answer = admin.post(
        url(lamps),
        {"product": [goods[0].pk], "action": "skus", "skus": "l-3\nL-1, c-1\nx\x00", "expected": ""},
    )

    assert shown(answer) == ["Lamp 0", "Lamp 3", "Lamp 1"]
    assert "Not in this category: C-1" in answer.content.decode()


def test_products_are_searched_by_title_and_sku(admin, lamps, goods):
    def offered(typed):
        answer = admin.post(url(lamps), {"action": "search", "q": typed, "expected": ""})
        return [row.title for row in answer.context["offered"]]

    assert offered("lamp 3") == offered("l-3") == ["Lamp 3"]
    assert offered("nothing") == []


def test_somebody_elses_order_is_not_overwritten_unseen(admin, lamps, goods):
    place(lamps, goods[4])

    answer = admin.post(url(lamps), {"product": [goods[0].pk], "expected": "", "action": "save"})

    assert answer.status_code == 409
    assert "Somebody else has changed the order meanwhile" in answer.content.decode()
    assert list_placed(lamps) == [goods[4].pk]
    again = admin.post(
        url(lamps), {"product": [goods[0].pk], "expected": answer.context["expected"], "action": "save"}
    )
    assert again.status_code == 302


def test_the_screen_costs_the_same_however_many_products(admin, lamps, goods, django_assert_max_num_queries):
    place(lamps, goods[0])
    admin.get(url(lamps))
    with django_assert_max_num_queries(25):
        admin.get(url(lamps))


def test_who_may_not_change_categories_sees_no_order(lamps):
    nosy = Client()
    nosy.force_login(UserFactory(is_staff=True))

    assert nosy.get(url(lamps)).status_code in (302, 403)
