"""
A merchandiser's morning, in a real browser: from an empty form to a scheduled change.

Every screen is kept in ``var/screenshots`` to be looked at, and must be free of axe's findings.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management import call_command
from PIL import Image
from playwright.sync_api import Page as BrowserPage
from playwright.sync_api import expect

from shop.catalogue.models import Category, ProductPage, ProductVariant
from shop.core import clock
from shop.inventory.models import StockItem
from shop.inventory.services import ensure_warehouse
from shop.pricing.models import Price
from shop.pricing.services import ensure_base_price_list
from tests.browser.admin import look_at, sign_in
from tests.factories.catalogue import AttributeFactory, BrandFactory, CategoryFactory, product_index
from tests.factories.customers import UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SCREENSHOTS = settings.VAR_DIR / "screenshots" / "merchandiser"


@pytest.fixture
def shop(transactional_db: None) -> None:
    call_command("sync_roles")
    person = UserFactory(email="merchandiser@example.com", is_staff=True)
    person.groups.add(Group.objects.get(name="Merchandiser"))
    approver = UserFactory(email="approver@example.com", is_staff=True)
    approver.groups.add(Group.objects.get(name="Approver"))
    living = CategoryFactory(slug="living")
    CategoryFactory(slug="lamps", name="Lamps", parent=living)
    BrandFactory(name="Halden Ceramics", slug="halden")
    AttributeFactory(slug="material", name="Material", values=["oak", "steel"], makes_variants=False)
    AttributeFactory(slug="size", name="Size", values=["small", "large"])
    ensure_base_price_list()
    ensure_warehouse()
    product_index()


@pytest.fixture
def pictures(tmp_path: Path) -> list[Path]:
    """Two files, the second one first, as a file dialog may hand them over."""
    paths = [tmp_path / "oak-lamp-2.png", tmp_path / "oak-lamp-1.png"]
    for path, colour in zip(paths, ("#8a5a2b", "#2b5a8a"), strict=True):
        Image.new("RGB", (800, 600), colour).save(path)
    return paths


def look(page: BrowserPage, name: str) -> None:
    look_at(page, SCREENSHOTS / f"{name}.png")


def log_in(page: BrowserPage) -> None:
    sign_in(page, "merchandiser@example.com")


def submit(page: BrowserPage) -> None:
    page.locator("footer").get_by_role("button", name="More actions").click()
    page.get_by_role("button", name="Submit to Approver review").click()


def publish(page: BrowserPage) -> None:
    page.locator("footer").get_by_role("button", name="More actions").click()
    page.get_by_role("button", name="Publish", exact=True).click()


def save_draft(page: BrowserPage) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name="Save draft", exact=True).click()


def paste(page: BrowserPage, field: str, text: str) -> None:
    """Paste a block as a spreadsheet copies it."""
    page.locator(f'[name="{field}"]').focus()
    page.evaluate(
        """text => {
            const data = new DataTransfer();
            data.setData("text/plain", text);
            document.activeElement.dispatchEvent(
                new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
        }""",
        text,
    )


def add_pictures(page: BrowserPage, pictures: list[Path]) -> None:
    """Upload several at once; each is asked what it shows."""
    page.locator("[data-gallery-files]").set_input_files(pictures)
    expect(page.get_by_text(f"{len(pictures)} pictures added")).to_be_visible()
    titles = page.locator("[id^=id_media-][id$=image-chooser] .chooser__title")
    assert titles.all_inner_texts() == ["oak lamp 1", "oak lamp 2"]
    for number in range(len(pictures)):
        page.locator(f"#id_media-{number}-alt_text").fill(f"Oak desk lamp, view {number + 1}")


def test_a_merchandiser_brings_a_product_to_the_shop(
    browser_page: BrowserPage, shop: None, pictures: list[Path]
) -> None:
    page = browser_page
    log_in(page)

    # A product is begun; it cannot be submitted before it can be shown.
    page.goto("/admin/catalogue/products/")
    page.get_by_role("link", name="Add product").first.click()
    page.locator("#id_title").fill("Oak desk lamp")
    page.locator("#id_summary").fill("A dimmable oak lamp for small desks.")
    submit(page)
    expect(page.get_by_text("Choose at least one category").first).to_be_visible()
    expect(page.get_by_text("Add at least one picture with alternative text").first).to_be_visible()
    page.screenshot(path=SCREENSHOTS / "1-refused.png")

    # It is filled in and saved as a draft, which nobody outside sees.
    add_pictures(page, pictures)
    page.get_by_role("button", name="Add Category").click()
    page.locator("#id_product_categories-0-category").select_option(label="\u2014 Lamps")
    page.get_by_label("Add an attribute").select_option(label="Material")
    page.locator("[data-attribute-add]").click()
    page.get_by_label("Material", exact=True).select_option(label="Oak")
    save_draft(page)
    product = ProductPage.objects.get()
    assert not product.live
    look(page, "2-draft")
    assert page.request.get(product.url).status == 404

    # The draft is previewed.
    page.goto(f"/admin/pages/{product.pk}/view_draft/")
    expect(page.get_by_role("heading", name="Oak desk lamp").first).to_be_visible()
    page.screenshot(path=SCREENSHOTS / "3-preview.png")

    fill_in_the_sheet(page, product)

    # An approver publishes it, and it shows at once.
    page.context.clear_cookies()
    sign_in(page, "approver@example.com")
    page.goto(f"/admin/pages/{product.pk}/edit/")
    publish(page)
    expect(page.get_by_text("has been published").first).to_be_visible()
    product.refresh_from_db()
    assert product.live
    assert page.request.get(product.url).status == 200

    schedule_a_change(page, product)


def fill_in_the_sheet(page: BrowserPage, product: ProductPage) -> None:
    page.goto(f"/admin/pages/{product.pk}/edit/")
    page.get_by_role("link", name="Edit variants, prices and stock").click()
    page.get_by_label("Size", exact=True).check()
    page.get_by_role("button", name="Show these columns").click()
    look(page, "4-empty-sheet")

    # A block comes from a spreadsheet, with an error in it.
    paste(page, "n1:sku", "LAMP-S\tSmall\nLAMP-L\tLarge\nLAMP S\tSmall\n")
    expect(page.get_by_role("status").filter(has_text="cells pasted")).to_have_count(1)
    paste(page, "n1:price.base", "49,90\n69.90\ncheap\n")
    paste(page, "n1:on_hand.main", "12\n3\n1\n")
    page.screenshot(path=SCREENSHOTS / "5-pasted.png")
    page.get_by_role("button", name="Save sheet").click()
    expect(page.get_by_role("alert").filter(has_text="Nothing has been saved yet")).to_be_visible()
    look(page, "6-errors")
    expect(page.get_by_text("Write a number such as 12.50").first).to_be_visible()
    assert not ProductVariant.objects.exists()
    expect(page.locator('[name="n1:price.base"]')).to_have_value("49,90")

    # The wrong row is removed, and the sheet is saved by keyboard.
    page.get_by_role("button", name="Remove New variant 3").click()
    page.locator('[name="n2:price.base"]').press("ArrowUp")
    expect(page.locator('[name="n1:price.base"]')).to_be_focused()
    page.get_by_role("button", name="Save sheet").click()
    expect(page.get_by_text("has been saved").first).to_be_visible()
    look(page, "7-saved-sheet")
    assert [
        (variant.sku, variant.title, str(price.amount.normalize()), stock.on_hand)
        for variant in product.variants.active()
        for price in Price.objects.filter(variant=variant)
        for stock in StockItem.objects.filter(variant=variant)
    ] == [("LAMP-S", "Small", "49.9", 12), ("LAMP-L", "Large", "69.9", 3)]


def schedule_a_change(page: BrowserPage, product: ProductPage) -> None:
    page.goto(f"/admin/pages/{product.pk}/edit/")
    page.locator("#id_title").fill("Oak desk lamp, winter edition")
    page.get_by_role("button", name="Toggle status").click()
    page.get_by_role("button", name="Set schedule").click()
    later = clock.now() + timedelta(days=2)
    page.locator("#id_go_live_at").fill(later.strftime("%Y-%m-%d %H:%M"))
    # By keyboard, because the calendar may lie over the button.
    with page.expect_navigation():
        page.get_by_role("button", name="Save schedule").press("Enter")
    page.wait_for_load_state()
    page.locator("footer").get_by_role("button", name="More actions").click()
    page.get_by_role("button", name="Schedule to publish").click()
    expect(page.get_by_text("has been scheduled for publishing").first).to_be_visible()
    look(page, "8-scheduled")
    product.refresh_from_db()
    assert (product.title, product.live) == ("Oak desk lamp", True)
    assert product.scheduled_revision is not None


def test_every_list_of_the_catalogue_is_accessible(browser_page: BrowserPage, shop: None) -> None:
    page = browser_page
    log_in(page)

    for name in ("products", "category", "attribute", "brand", "productcollection", "taxclass"):
        path = "catalogue/products" if name == "products" else f"snippets/catalogue/{name}"
        page.goto(f"/admin/{path}/")
        look(page, f"list-{name}")
    for name in ("category", "attribute", "brand", "productcollection", "taxclass"):
        page.goto(f"/admin/snippets/catalogue/{name}/add/")
        look(page, f"add-{name}")
    lamps = Category.objects.get(slug="lamps")
    page.goto(f"/admin/snippets/catalogue/category/edit/{lamps.pk}/")
    look(page, "edit-category")
    page.goto(f"/admin/catalogue/categories/{lamps.pk}/move/")
    look(page, "move-category")
