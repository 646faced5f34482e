"""A merchandiser fills in a product of a type, in a real browser: each attribute in a field of its own."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management import call_command
from playwright.sync_api import Page as BrowserPage
from playwright.sync_api import expect

from shop.catalogue.models import ProductPage
from tests.browser.admin import look_at, sign_in
from tests.factories.attributes import document, every_kind, page, product_type
from tests.factories.catalogue import ProductFactory
from tests.factories.customers import UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SCREENSHOTS = settings.VAR_DIR / "screenshots" / "product-types"


@pytest.fixture
def lamp(transactional_db: None) -> ProductPage:
    call_command("sync_roles")
    person = UserFactory(email="merchandiser@example.com", is_staff=True)
    person.groups.add(Group.objects.get(name="Merchandiser"))
    kinds = every_kind()
    document("Care guide")
    page("About oak")
    product_type("Lamp", *kinds.values(), required=(kinds["text"],))
    product_type("Candle", kinds["number"], kinds["rich_text"])
    return ProductFactory(title="Oak lamp", publish=False)


def test_a_product_is_filled_in_by_its_type(browser_page: BrowserPage, lamp: ProductPage) -> None:
    sign_in(browser_page, "merchandiser@example.com")
    browser_page.goto(f"/admin/pages/{lamp.pk}/edit/")

    # Choosing a type brings its fields, and what is typed stays when another is chosen.
    browser_page.get_by_label("Product type").select_option(label="Lamp")
    browser_page.get_by_label("Height (cm)").fill("38,5")
    browser_page.get_by_label("Bulb").fill("E27")
    browser_page.get_by_label("Wood").select_option(label="Oak")
    browser_page.get_by_label("Study").check()
    browser_page.get_by_label("Moss").check()
    browser_page.get_by_label("Dimmable").select_option(label="Yes")
    browser_page.locator("[data-attribute-fields] [data-draftail-editor-wrapper] [role=textbox]").fill(
        "Wipe dry."
    )
    look_at(browser_page, SCREENSHOTS / "1-lamp.png", full_page=True)
    browser_page.get_by_label("Product type").select_option(label="Candle")
    expect(browser_page.get_by_role("heading", name="No longer part of this type")).to_be_visible()
    expect(browser_page.get_by_label("Height (cm)")).to_have_value("38,5")
    expect(browser_page.locator("[data-attribute-fields]").get_by_text("Wipe dry.")).to_be_visible()
    look_at(browser_page, SCREENSHOTS / "2-candle.png", full_page=True)
    browser_page.get_by_label("Product type").select_option(label="Lamp")
    expect(browser_page.get_by_role("heading", name="No longer part of this type")).to_have_count(0)

    browser_page.get_by_role("button", name="Save draft").click()
    browser_page.wait_for_url(f"**/admin/pages/{lamp.pk}/edit/")
    expect(
        browser_page.get_by_text("has been updated").or_(browser_page.get_by_text("saved")).first
    ).to_be_visible()
    browser_page.goto(f"/admin/pages/{lamp.pk}/edit/")
    expect(browser_page.get_by_label("Height (cm)")).to_have_value("38.5")
    draft = ProductPage.objects.get(pk=lamp.pk).get_latest_revision_as_object()
    found = {row.attribute.slug: row.display_value for row in draft.product_attributes.all()}
    assert found == {
        "wood": "Oak",
        "rooms": "Study",
        "shade": "Moss",
        "height": "38.5 cm",
        "dimmable": "Yes",
        "bulb": "E27",
        "care": "Wipe dry.",
    }
    look_at(browser_page, SCREENSHOTS / "3-saved.png", full_page=True)
