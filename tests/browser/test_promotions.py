"""
A promotion with a voucher, from the editor over the simulator to the storefront's cart, in a real browser.

Every screen is kept in ``var/screenshots`` to be looked at, and must be free of axe's findings.
"""

from __future__ import annotations

import pytest
from django.conf import settings
from django.core.management import call_command
from django.urls import reverse
from playwright.sync_api import Page as BrowserPage
from playwright.sync_api import expect

from shop.promotions.models import Promotion
from tests.browser.admin import look_at, sign_in
from tests.factories.catalogue import CategoryFactory
from tests.factories.customers import UserFactory
from tests.factories.search import product_on_sale

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SCREENSHOTS = settings.VAR_DIR / "screenshots" / "promotions"


@pytest.fixture
def shop(transactional_db: None) -> None:
    call_command("sync_roles")
    UserFactory(email="chief@example.com", is_staff=True, is_superuser=True)
    lamps = CategoryFactory(slug="lamps", name="Lamps")
    product_on_sale(title="Oak lamp", price="20.00", categories=[lamps], skus=["OAK-1"])


@pytest.mark.usefixtures("shop")
def test_a_promotion_is_made_tried_and_put_to_use(browser_page: BrowserPage) -> None:
    page = browser_page
    sign_in(page, "chief@example.com")
    page.goto(reverse("promotions:add"))
    page.locator("[name=name]").fill("Welcome, lamps")
    page.locator("[name=label]").fill("10 % off lamps")
    page.locator("[name=reward_percent]").fill("10")
    page.locator("[name=currency]").fill("EUR")
    expect(page.locator("[name=reward_sku]")).to_be_hidden()
    targets = page.locator("#promo-targets-section")
    targets.get_by_role("button", name="Add condition").click()
    word = targets.get_by_label("Condition 1: add category")
    word.fill("lam")
    word.press("Enter")
    expect(targets.get_by_text("Category is Lamps.")).to_be_visible()
    page.locator("[name=needs_voucher]").check()
    expect(page.get_by_text("10 % off goods where category is Lamps.")).to_be_visible()
    look_at(page, SCREENSHOTS / "1-editor.png", full_page=True)
    with page.expect_navigation():
        page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("is saved as a draft")).to_be_visible()
    look_at(page, SCREENSHOTS / "2-draft.png", full_page=True)

    promotion = Promotion.objects.get()
    page.goto(reverse("vouchers:add"))
    page.locator("[name=promotion]").select_option(str(promotion.pk))
    page.locator("[name=code]").fill("welcome10")
    look_at(page, SCREENSHOTS / "3-voucher.png", full_page=True)
    with page.expect_navigation():
        page.locator("footer").get_by_role("button", name="Create").click()

    page.goto(reverse("promotions:activation", args=[promotion.pk]))
    look_at(page, SCREENSHOTS / "4-activation.png")
    page.get_by_role("button", name="Put it to use").click()
    expect(page.get_by_text("is in use.").first).to_be_visible()

    page.goto(reverse("promotions_simulator"))
    page.locator("[name=lines]").fill("OAK-1 2")
    page.locator("[name=vouchers]").fill("welcome10")
    page.get_by_role("button", name="Try it").click()
    expect(page.get_by_text("It applies.")).to_be_visible()
    look_at(page, SCREENSHOTS / "5-simulator.png", full_page=True)
    page.goto(reverse("promotions:index"))
    look_at(page, SCREENSHOTS / "6-list.png")

    page.goto("/products/oak-lamp/")
    page.get_by_role("button", name="Add to cart").click()
    page.get_by_role("link", name="See the cart").click()
    page.wait_for_url("**/cart/", wait_until="load")
    page.locator("#voucher-code").fill("welcome10")
    page.get_by_role("button", name="Enter", exact=True).click()
    expect(page.get_by_text("10 % off lamps").first).to_be_visible()
    look_at(page, SCREENSHOTS / "7-cart.png", full_page=True)
