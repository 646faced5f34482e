"""
A merchandiser imports a supplier's list in a real browser: odd columns are mapped, the dry run is read, the
import applied. Narrow and wide.

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

from shop.catalogue.models import ProductPage
from shop.core.jobs import run_due_jobs
from shop.inventory.services import ensure_warehouse
from shop.pricing.models import Price
from shop.pricing.services import ensure_base_price_list
from tests.browser.admin import look_at, sign_in
from tests.factories.catalogue import ProductFactory, TaxClassFactory, VariantFactory, product_index
from tests.factories.customers import UserFactory
from tests.factories.pricing import PriceFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SCREENSHOTS = settings.VAR_DIR / "screenshots" / "imports"
WIDE, NARROW = {"width": 1440, "height": 1000}, {"width": 390, "height": 844}
LIST = (
    b"Artikelnummer;Bezeichnung;VK Preis;Bestand;Colli\n"
    b"BOWL-1;Bowl of ash;12.50;4;6\n"
    b"MUG-1;Mug;a lot;9;6\n"
    b"LAMP-1;Lamp;39.90;2;1\n"
)


@pytest.fixture
def goods(transactional_db: None) -> None:
    call_command("sync_roles")
    product_index()
    TaxClassFactory(code="standard")
    prices = ensure_base_price_list()
    ensure_warehouse()
    lamp = VariantFactory(sku="LAMP-1", product=ProductFactory(title="Lamp", slug="lamp"))
    PriceFactory(variant=lamp, price_list=prices, amount=Decimal("49.90"))
    person = UserFactory(email="merchandiser@example.com", is_staff=True)
    person.groups.add(Group.objects.get(name="Merchandiser"))


def look(page: BrowserPage, name: str) -> None:
    """Keep and check the screen wide and narrow; nothing may reach beyond the narrow one."""
    page.set_viewport_size(NARROW)
    look_at(page, SCREENSHOTS / f"{name}-390.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"], name
    page.set_viewport_size(WIDE)
    look_at(page, SCREENSHOTS / f"{name}-1440.png", full_page=True)


@pytest.mark.usefixtures("goods")
def test_a_merchandiser_imports_the_list_of_a_supplier(browser_page: BrowserPage) -> None:
    page = browser_page
    sign_in(page, "merchandiser@example.com")

    page.goto("/admin/imports/")
    expect(page.get_by_role("heading", name="No imports yet")).to_be_visible()
    look(page, "1-no-imports-yet")
    page.locator("#listing-results").get_by_role("link", name="New import").click()
    look(page, "2-new-import")
    page.get_by_label("File", exact=False).first.set_input_files(
        {"name": "halden.csv", "mimeType": "text/csv", "buffer": LIST}
    )
    page.get_by_role("button", name="Read the file").click()

    expect(page.get_by_label("“Artikelnummer” means")).to_have_value("sku")
    expect(page.get_by_label("“VK Preis” means")).to_have_value("price.base")
    expect(page.get_by_label("“Colli” means")).to_have_value("")
    look(page, "3-what-the-columns-mean")
    page.get_by_label("“Colli” means").select_option("title")
    expect(page.get_by_text("Chosen twice").filter(visible=True).first).to_be_visible()
    page.get_by_label("“Colli” means").select_option("")
    page.get_by_label("Remember this as").fill("Halden")
    page.get_by_role("button", name="Go on to the dry run").click()

    expect(page.get_by_role("progressbar", name="Progress")).to_be_visible()
    look(page, "4-dry-run-at-work")
    run_due_jobs()
    expect(page.get_by_text("This is what would happen. Nothing has changed yet.")).to_be_visible()
    expect(page.get_by_text("49.90")).to_be_visible()
    look(page, "5-report-of-the-dry-run")
    page.get_by_label("Show").select_option("refused")
    page.get_by_role("button", name="Filter").click()
    expect(page.get_by_text("MUG-1, Row 3")).to_be_visible()
    expect(page.get_by_text("BOWL-1, Row 2")).to_have_count(0)
    look(page, "6-what-is-refused")
    assert not ProductPage.objects.filter(title="Bowl of ash").exists()

    page.get_by_role("link", name="Apply…").click()
    expect(page.get_by_text("1 refused: it is left out.")).to_be_visible()
    look(page, "7-the-last-question")
    page.get_by_role("button", name="Apply the import").click()
    expect(page.get_by_role("progressbar", name="Progress")).to_be_visible()
    run_due_jobs()
    expect(page.get_by_text("The import is done.")).to_be_visible()
    look(page, "8-applied")

    page.get_by_role("link", name="Bowl of ash").click()
    expect(page.get_by_role("textbox", name="Title")).to_have_value("Bowl of ash")
    assert Price.objects.get(variant__sku="LAMP-1").amount == Decimal("39.90")
    assert not ProductPage.objects.get(title="Bowl of ash").live
    page.goto("/admin/imports/")
    expect(page.get_by_role("link", name="halden.csv")).to_be_visible()
    look(page, "9-list")
    page.goto("/admin/imports/saved-columns/")
    page.get_by_role("link", name="Halden").click()
    look(page, "10-saved-columns")
    page.goto("/admin/imports/columns/")
    look(page, "11-all-columns")


@pytest.mark.usefixtures("goods")
def test_an_export_is_downloaded_from_its_screen(browser_page: BrowserPage) -> None:
    page = browser_page
    sign_in(page, "merchandiser@example.com")

    page.goto("/admin/exports/")
    look(page, "12-export")
    with page.expect_download() as download:
        page.get_by_role("button", name="Export", exact=True).click()

    assert download.value.suggested_filename.endswith(".csv")
    assert "LAMP-1" in download.value.path().read_text(encoding="utf-8-sig")
