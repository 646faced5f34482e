"""
The list of products in a real browser: a saved view, a bulk action on all that match, its report.

Every screen is kept in ``var/screenshots`` to be looked at, and must be free of axe's findings.
"""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management import call_command
from playwright.sync_api import Page as BrowserPage
from playwright.sync_api import expect

from shop.catalogue.bulk_actions import views
from shop.catalogue.models import ProductPage
from shop.core.jobs import run_due_jobs
from tests.browser.admin import look_at, sign_in
from tests.factories.catalogue import BrandFactory, ProductFactory, VariantFactory
from tests.factories.customers import UserFactory
from tests.factories.inventory import StockItemFactory
from tests.factories.pricing import PriceFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SCREENSHOTS = settings.VAR_DIR / "screenshots" / "listing"


@pytest.fixture
def goods(transactional_db: None) -> None:
    call_command("sync_roles")
    person = UserFactory(email="approver@example.com", is_staff=True)
    person.groups.add(Group.objects.get(name="Approver"))
    linnet, other = BrandFactory(name="Linnet"), BrandFactory(name="Weftwell")
    for number in range(4):
        product = ProductFactory(title=f"Lamp {number}", brand=linnet if number < 3 else other)
        variant = VariantFactory(product=product, sku=f"LAMP-{number}")
        PriceFactory(variant=variant, amount=Decimal(20 + number))
        StockItemFactory(variant=variant, on_hand=number)


def look(page: BrowserPage, name: str) -> None:
    look_at(page, SCREENSHOTS / f"{name}.png")


@pytest.mark.usefixtures("goods")
def test_a_view_is_saved_and_all_it_finds_are_tagged_in_the_background(
    browser_page: BrowserPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "INLINE", 2)
    page = browser_page
    sign_in(page, "approver@example.com")
    brand = BrandFactory._meta.model.objects.get(name="Linnet")

    page.goto(f"/admin/catalogue/products/?brand={brand.pk}")
    expect(page.get_by_text("LAMP-2")).to_be_visible()
    expect(page.get_by_text("LAMP-3")).to_have_count(0)
    page.get_by_text("Save this view").click()
    look(page, "1-list-with-the-form-of-a-view")
    page.get_by_label("Name").fill("Linnet lamps")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("link", name="Linnet lamps")).to_have_attribute("aria-current", "page")

    page.get_by_role("checkbox", name="Select all").first.check()
    page.get_by_role("button", name="More", exact=True).last.click()
    # Wagtail binds the links of this menu once it is open.
    page.wait_for_timeout(300)
    look(page, "2-bulk-actions")
    page.get_by_role("link", name="Add tags to the selected products").click()
    expect(page.get_by_text("3 products.")).to_be_visible()
    look(page, "3-which-tags")
    page.get_by_label("Tags").fill("summer")
    page.get_by_role("button", name="Add tags").click()

    expect(page.get_by_role("progressbar", name="Progress")).to_be_visible()
    look(page, "4-job-at-work")
    run_due_jobs()
    expect(page.get_by_role("link", name="Download as CSV")).to_be_visible()
    look(page, "5-job-done")

    tagged = ProductPage.objects.filter(tagged_items__tag__name="summer").values_list("title", flat=True)
    assert sorted(tagged) == ["Lamp 0", "Lamp 1", "Lamp 2"]
    page.goto("/admin/jobs/")
    expect(page.get_by_role("link", name="Add tags summer: 3 products")).to_be_visible()
    look(page, "6-jobs")


@pytest.mark.usefixtures("goods")
def test_a_scanned_code_leads_to_its_product(browser_page: BrowserPage) -> None:
    page = browser_page
    sign_in(page, "approver@example.com")
    page.goto("/admin/catalogue/products/")

    page.locator("header [name=q]").fill("lamp-2")
    expect(page.get_by_text("This is the code of")).to_be_visible()
    look(page, "7-the-code-of-a-product")
    page.get_by_role("status").get_by_role("link", name="Lamp 2").click()

    expect(page.get_by_role("textbox", name="Title")).to_have_value("Lamp 2")
