"""
The sheet of many products in a real browser: paste, percent with rounding, undo, a conflict, the trail.

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

from shop.catalogue.models import ProductVariant
from shop.inventory.models import StockItem
from shop.pricing.models import Price
from tests.browser.admin import look_at, sign_in
from tests.factories.catalogue import ProductFactory, VariantFactory
from tests.factories.customers import UserFactory
from tests.factories.inventory import StockItemFactory
from tests.factories.pricing import PriceFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SCREENSHOTS = settings.VAR_DIR / "screenshots" / "grid"
GRID = "/admin/catalogue/grid/?order=sku"
PASTE = """(field, text) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  field.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}"""


@pytest.fixture
def lamps(transactional_db: None) -> list[ProductVariant]:
    call_command("sync_roles")
    person = UserFactory(email="merchandiser@example.com", is_staff=True)
    person.groups.add(Group.objects.get(name="Merchandiser"))
    held = []
    for number, amount in enumerate(("20.00", "33.30", "49.90")):
        product = ProductFactory(title=f"Lamp {number}")
        held.append(VariantFactory(product=product, sku=f"LAMP-{number}"))
        PriceFactory(variant=held[-1], amount=amount)
        StockItemFactory(variant=held[-1], on_hand=number + 1)
    return held


def look(page: BrowserPage, name: str) -> None:
    look_at(page, SCREENSHOTS / f"{name}.png")


def test_a_merchandiser_changes_prices_and_stock_of_many_products(
    browser_page: BrowserPage, lamps: list[ProductVariant]
) -> None:
    page = browser_page
    sign_in(page, "merchandiser@example.com")
    page.goto(GRID)
    price = [page.get_by_label(f"Base prices: Price, LAMP-{number}") for number in range(3)]
    on_hand = [page.get_by_label(f"Main warehouse: On hand, LAMP-{number}") for number in range(3)]
    undo, redo = (page.get_by_role("button", name=word) for word in ("Undo", "Redo"))
    look(page, "1-three-products")

    # A cell, and down with Enter.
    on_hand[0].fill("7")
    on_hand[0].press("Enter")
    expect(on_hand[1]).to_be_focused()
    expect(page.get_by_text("1 unsaved change.")).to_be_visible()

    # A block of a spreadsheet, taken back and done again.
    price[1].evaluate(PASTE, "31,50\t40\n48\t60\n")
    expect(price[1]).to_have_value("31,50")
    expect(page.get_by_label("RRP, LAMP-2")).to_have_value("60")
    expect(page.get_by_text("5 unsaved changes.")).to_be_visible()
    price[2].press("Control+z")
    expect(price[1]).to_have_value("33.30")
    redo.click()
    expect(price[2]).to_have_value("48")
    undo.click()

    # By percent, in two ticked rows, rounded by the server.
    page.locator("summary", has_text="Change prices by percent").click()
    page.get_by_label("Choose LAMP-0").check()
    page.get_by_label("Choose LAMP-2").check()
    page.get_by_label("By", exact=True).fill("ten")
    page.get_by_role("button", name="Change the cells").click()
    expect(page.get_by_text("Write a number such as 12.50")).to_be_visible()
    page.get_by_label("By", exact=True).fill("-10")
    page.get_by_label("Rounding").select_option("ninety-five")
    page.get_by_role("button", name="Change the cells").click()
    expect(price[0]).to_have_value("17.95")
    expect(price[1]).to_have_value("33.30")
    expect(price[2]).to_have_value("44.95")
    look(page, "2-changed-by-percent")

    # Filled from above, and leaving warns while something is unsaved.
    on_hand[0].focus()
    page.get_by_role("button", name="Fill down").click()
    expect(on_hand[2]).to_have_value("7")
    expect(on_hand[1]).to_have_value("2")
    undo.click()
    asked: list[str] = []
    page.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.evaluate("window.location.href = '/admin/'")
    page.wait_for_timeout(200)
    assert asked == ["beforeunload"]

    # Somebody else was faster with one of the cells.
    PriceFactory(variant=lamps[0], amount="21.00")
    page.get_by_role("button", name="Save sheet").click()
    expect(page.get_by_role("alert")).to_contain_text("from “20.00” to “21.00” meanwhile")
    expect(on_hand[0]).to_have_value("7")
    assert Price.objects.get(variant=lamps[2]).amount == Decimal("49.90")
    look(page, "3-somebody-was-faster")
    page.get_by_role("button", name="Save sheet").click()
    expect(page.get_by_text("Saved: 3 cells.")).to_be_visible()
    assert Price.objects.get(variant=lamps[0]).amount == Decimal("17.95")
    assert StockItem.objects.get(variant=lamps[0]).on_hand == 7

    page.get_by_role("link", name="Changes of LAMP-0").click()
    expect(page.get_by_role("row", name="Price in")).to_have_count(3)
    expect(page.get_by_role("row").filter(has_text="17.95 EUR")).to_contain_text("21.00 EUR")
    look(page, "4-who-changed-what")


def test_the_sheet_is_usable_on_a_phone(browser_page: BrowserPage, lamps: list[ProductVariant]) -> None:
    page = browser_page
    page.set_viewport_size({"width": 390, "height": 844})
    sign_in(page, "merchandiser@example.com")
    page.goto(GRID)

    page.get_by_label("On hand, LAMP-2").fill("9")
    look(page, "5-phone")
    page.get_by_role("button", name="Save sheet").click()

    expect(page.get_by_text("Saved: 1 cell.")).to_be_visible()
    assert StockItem.objects.get(variant=lamps[2]).on_hand == 9
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390
