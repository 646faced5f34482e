"""
A collection by rule and an order by hand, made in a real browser.

Every screen is kept in ``var/screenshots`` to be looked at, and must be free of axe's findings.
"""

from __future__ import annotations

import pytest
from django.conf import settings
from django.core.management import call_command
from django.urls import reverse
from playwright.sync_api import Page as BrowserPage
from playwright.sync_api import expect

from shop.catalogue.models import Category, ProductCollection
from shop.catalogue.services.placements import list_placed
from tests.browser.admin import look_at, sign_in
from tests.factories.catalogue import CategoryFactory
from tests.factories.customers import UserFactory
from tests.factories.search import product_on_sale

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SCREENSHOTS = settings.VAR_DIR / "screenshots" / "collections"


@pytest.fixture
def lamps(transactional_db: None) -> Category:
    call_command("sync_roles")
    UserFactory(email="chief@example.com", is_staff=True, is_superuser=True)
    lamps = CategoryFactory(slug="lamps", name="Lamps")
    for number in range(3):
        product_on_sale(title=f"Lamp {number}", price="20.00", categories=[lamps], skus=[f"L-{number}"])
    product_on_sale(title="Chandelier", price="900.00", categories=[lamps])
    return lamps


def test_a_rule_is_built_seen_and_published(browser_page: BrowserPage, lamps: Category) -> None:
    page = browser_page
    sign_in(page, "chief@example.com")
    page.goto(reverse(ProductCollection.snippet_viewset.get_url_name("add")))
    page.locator("[name=name]").fill("Lamps under 50")
    page.get_by_label("By a rule").check()
    expect(page.get_by_text("No condition yet")).to_be_visible()

    page.get_by_role("button", name="Add condition").click()
    word = page.get_by_label("Condition 1: add category")
    word.fill("lam")
    word.press("Enter")
    expect(page.get_by_role("button", name="Remove Lamps")).to_be_visible()
    expect(page.get_by_text("4 products match.")).to_be_visible()
    page.get_by_role("button", name="Add condition").click()
    page.get_by_label("Condition 2: what").select_option("price")
    page.get_by_label("Condition 2: number").fill("cheap")
    expect(page.get_by_text("Write a number, for example 49.90.")).to_be_visible()
    look_at(page, SCREENSHOTS / "1-error.png", full_page=True)
    page.get_by_label("Condition 2: number").fill("50")
    expect(page.get_by_text("3 products match.")).to_be_visible()
    look_at(page, SCREENSHOTS / "2-preview.png", full_page=True)

    page.locator("footer").get_by_role("button", name="More actions").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Publish", exact=True).click()
    page.goto("/collections/lamps-under-50/")
    expect(page.get_by_role("link", name="Lamp 2").first).to_be_visible()
    expect(page.get_by_text("Chandelier")).to_have_count(0)
    page.screenshot(path=SCREENSHOTS / "3-storefront.png")


def test_products_are_put_in_order_by_keyboard_and_by_dragging(
    browser_page: BrowserPage, lamps: Category
) -> None:
    page = browser_page
    sign_in(page, "chief@example.com")
    page.goto(reverse("catalogue_category_order", args=[lamps.pk]))
    look_at(page, SCREENSHOTS / "4-no-order.png")

    page.get_by_role("button", name="Add Lamp 0").press("Enter")
    page.get_by_role("button", name="Add Lamp 1").click()
    page.get_by_text("Paste SKUs").click()
    page.get_by_label("SKUs in the order").fill("l-2")
    with page.expect_navigation():
        page.get_by_role("button", name="Add by SKU").click()
    rows = page.locator("[data-order-list] > li")
    expect(rows).to_have_count(3)
    page.get_by_role("button", name="Put Lamp 2 first").press("Enter")
    expect(page.get_by_role("status").filter(has_text="Lamp 2 is now number 1 of 3.")).to_have_count(1)
    rows.filter(has_text="Lamp 1").drag_to(rows.filter(has_text="Lamp 0"))
    expect(rows.nth(1)).to_contain_text("Lamp 1")
    look_at(page, SCREENSHOTS / "5-order.png", full_page=True)
    page.get_by_role("button", name="Save order").click()

    expect(page.get_by_text("has been saved")).to_be_visible()
    assert len(list_placed(lamps)) == 3
    page.goto("/categories/lamps/")
    expect(page.locator("main").get_by_role("link", name="Lamp").first).to_contain_text("Lamp 2")
    page.screenshot(path=SCREENSHOTS / "6-storefront.png")
