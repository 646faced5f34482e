"""
A merchandiser makes variants of all combinations, limits one, gives it a picture, and makes a bundle of two.

Every screen is kept in ``var/screenshots`` to be looked at, and must be free of axe's findings.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management import call_command
from playwright.sync_api import Page as BrowserPage
from playwright.sync_api import expect

from shop.catalogue.models import ProductPage, ProductVariant
from shop.core import clock
from shop.inventory.services import ensure_warehouse
from shop.pricing.services import ensure_base_price_list
from tests.browser.admin import look_at, sign_in
from tests.factories.cart import goods
from tests.factories.catalogue import AttributeFactory, ImageFactory, ProductFactory
from tests.factories.customers import UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SCREENSHOTS = settings.VAR_DIR / "screenshots" / "variants"
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1440, "height": 1000}


@pytest.fixture
def lamp(transactional_db: None) -> ProductPage:
    call_command("sync_roles")
    person = UserFactory(email="merchandiser@example.com", is_staff=True)
    person.groups.add(Group.objects.get(name="Merchandiser"))
    ensure_base_price_list()
    ensure_warehouse()
    AttributeFactory(slug="colour", name="Colour", values=["red", "blue"])
    AttributeFactory(slug="size", name="Size", values=["small", "large"])
    return ProductFactory(title="Oak lamp", slug="oak-lamp")


def look(page: BrowserPage, name: str) -> None:
    """Keep the screen on a desk and on a phone, and ask axe at both."""
    for width, size in (("desktop", DESKTOP), ("phone", PHONE)):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        look_at(page, SCREENSHOTS / f"{name}-{width}.png", full_page=True)
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]


def test_variants_are_made_of_all_combinations_but_one_and_get_limits_and_a_picture(
    browser_page: BrowserPage, lamp: ProductPage
) -> None:
    page = browser_page
    ImageFactory(title="Red lamp", description="")
    sign_in(page, "merchandiser@example.com")
    page.goto(f"/admin/pages/{lamp.pk}/edit/")
    page.get_by_role("link", name="Add all combinations").click()

    # Four combinations, of which one is not sold; the SKUs come by the pattern.
    for value in ("Red", "Blue", "Small", "Large"):
        page.get_by_label(value, exact=True).check()
    page.get_by_role("button", name="Show combinations").click()
    expect(page.get_by_text("4 combinations, 4 of them new")).to_be_visible()
    page.get_by_label("Make Blue / Large").uncheck()
    for title in ("Red / Small", "Red / Large", "Blue / Small"):
        page.get_by_label(f"Price, {title}").fill("49.90")
    look(page, "1-matrix")
    page.get_by_role("button", name="Make the ticked variants").click()
    page.wait_for_url("**/variants/**")
    made = {variant.title: variant.sku for variant in ProductVariant.objects.filter(product=lamp)}
    assert set(made) == {"Red / Small", "Red / Large", "Blue / Small"}
    assert len(set(made.values())) == 3

    limit(page, lamp, made["Red / Small"])
    give_a_picture(page, lamp)


def limit(page: BrowserPage, lamp: ProductPage, sku: str) -> None:
    """A time on sale and a limit per order, on the sheet."""
    red = ProductVariant.objects.get(sku=sku)
    later = (clock.now() + timedelta(days=3)).strftime("%Y-%m-%d %H:%M")
    page.locator("[data-grid-groups]").get_by_label("Availability").check()
    page.get_by_label(f"On sale from, {sku}").fill(later)
    page.get_by_label(f"Most per order, {sku}").fill("2")
    page.get_by_role("button", name="Save sheet").click()
    expect(page.get_by_text("has been saved").first).to_be_visible()
    look(page, "2-sheet")

    red.refresh_from_db()
    assert red.max_per_order == 2
    assert red.available_from is not None


def give_a_picture(page: BrowserPage, lamp: ProductPage) -> None:
    red = ProductVariant.objects.get(product=lamp, title="Red / Large")
    page.goto(f"/admin/catalogue/variants/{red.pk}/pictures/")
    page.get_by_role("button", name="Choose an image").first.click()
    page.locator(".modal").get_by_role("link", name="Red lamp").click()
    expect(page.get_by_text("Red lamp").first).to_be_visible()
    page.get_by_role("button", name="Save pictures").click()
    expect(page.get_by_text("saved").first).to_be_visible()
    look(page, "3-pictures")

    red.refresh_from_db()
    assert red.image is not None
    assert red.image.title == "Red lamp"


def test_a_bundle_shows_its_price_and_stock_before_and_after_it_is_saved(
    browser_page: BrowserPage, lamp: ProductPage
) -> None:
    page = browser_page
    base, bulb = goods("40.00", sku="BASE", stock=5), goods("5.00", sku="BULB", stock=7)
    bundle = goods("99.00", sku="LAMP-SET", product=lamp, stock=0)
    sign_in(page, "merchandiser@example.com")
    page.goto(f"/admin/pages/{lamp.pk}/edit/")
    page.get_by_role("link", name="Add parts to LAMP-SET").click()

    for number, part, pieces in ((0, base, "1"), (1, bulb, "2")):
        page.get_by_role("button", name="Choose a part").first.click()
        page.locator(".modal").get_by_role("link", name=part.sku).click()
        expect(page.locator(f"[name=parts-{number}-part]")).to_have_value(str(part.pk))
        page.locator(f"[name=parts-{number}-quantity]").fill(pieces)
    page.get_by_label("Costs what its parts cost together").check()
    figures = page.locator("[data-bundle-figures]")
    expect(figures).to_contain_text("€50.00")
    expect(figures).to_contain_text("3")
    look(page, "4-bundle")
    page.get_by_role("button", name="Save the bundle").click()
    expect(page.get_by_text("LAMP-SET is a bundle now.")).to_be_visible()

    assert [(part.component.sku, part.quantity) for part in bundle.components.order_by("sort_order")] == [
        ("BASE", 1),
        ("BULB", 2),
    ]
    page.goto(lamp.url)
    expect(page.get_by_text("€50.00").first).to_be_visible()
    page.screenshot(path=SCREENSHOTS / "5-storefront.png")
