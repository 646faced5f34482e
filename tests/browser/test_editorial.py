"""
A change on its way to the shop, in a real browser: written, submitted, sent back, mended, approved.

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

from shop.catalogue.models import ProductPage
from shop.core import clock
from tests.browser.admin import look_at, sign_in
from tests.factories.cart import cart_with, goods
from tests.factories.catalogue import ProductCollectionFactory, ProductFactory, product_index
from tests.factories.customers import UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SCREENSHOTS = settings.VAR_DIR / "screenshots" / "editorial"
COMMENT = "Please say that it is waxed."


@pytest.fixture
def lamp(transactional_db: None) -> ProductPage:
    product_index()
    call_command("sync_roles")
    for role in ("Merchandiser", "Approver"):
        person = UserFactory(email=f"{role.lower()}@example.com", first_name=role, is_staff=True)
        person.groups.add(Group.objects.get(name=role))
    product = ProductFactory(title="Oak lamp", slug="oak-lamp", summary="A dimmable oak lamp for desks.")
    variant = goods("49.90", product=product)
    ProductCollectionFactory(name="Gifts", products=[product])
    cart_with([(variant, 1)])
    return ProductPage.objects.get(pk=product.pk)


def look(page: BrowserPage, name: str) -> None:
    look_at(page, SCREENSHOTS / f"{name}.png", full_page=True)


def become(page: BrowserPage, role: str) -> None:
    page.context.clear_cookies()
    sign_in(page, f"{role}@example.com")


def choose(page: BrowserPage, action: str) -> None:
    page.locator("footer").get_by_role("button", name="More actions").click()
    page.get_by_role("button", name=action, exact=True).click()


def title_in_the_shop(lamp: ProductPage) -> str:
    return ProductPage.objects.get(pk=lamp.pk).title


def test_a_change_goes_from_merchandiser_to_approver_and_back_and_live(
    browser_page: BrowserPage, lamp: ProductPage
) -> None:
    page, editor = browser_page, f"/admin/pages/{lamp.pk}/edit/"

    # The merchandiser finds no way to publish, sees what is missing, and submits.
    become(page, "merchandiser")
    page.goto(editor)
    page.locator("#id_title").fill("Oak desk lamp")
    page.get_by_role("button", name="Toggle checks").click()
    expect(page.get_by_text("Ready to publish: 95 of 100")).to_be_visible()
    page.screenshot(path=SCREENSHOTS / "1-checks.png")
    page.locator("footer").get_by_role("button", name="More actions").click()
    expect(page.get_by_role("button", name="Publish", exact=True)).to_have_count(0)
    page.get_by_role("button", name="Submit to Approver review", exact=True).click()
    expect(page.get_by_text("has been submitted for moderation").first).to_be_visible()

    # The approver finds it on the home page, and sends it back with a comment.
    become(page, "approver")
    expect(page.get_by_role("heading", name="Waiting for your review")).to_be_visible()
    look(page, "2-dashboard")
    page.get_by_role("link", name="Oak desk lamp").click()
    choose(page, "Request changes")
    page.locator("#id_comment").fill(COMMENT)
    with page.expect_navigation():
        page.locator(".modal").get_by_role("button", name="Request changes").click()

    # The merchandiser reads why, mends it, and submits it again.
    become(page, "merchandiser")
    expect(page.get_by_text(COMMENT)).to_be_visible()
    look(page, "3-sent-back")
    page.goto(editor)
    page.locator("#id_title").fill("Oak desk lamp, waxed")
    choose(page, "Resubmit to Approver")
    expect(page.get_by_text("has been submitted for moderation").first).to_be_visible()
    assert title_in_the_shop(lamp) == "Oak lamp"

    approve(page, lamp)


def approve(page: BrowserPage, lamp: ProductPage) -> None:
    # The approver looks at what changes and whom it touches, compares, and approves.
    become(page, "approver")
    page.goto(f"/admin/catalogue/products/{lamp.pk}/publishing/")
    expect(page.get_by_role("link", name="Gifts")).to_be_visible()
    expect(page.locator("ins, .addition").first).to_be_visible()
    look(page, "4-before-you-publish")
    page.goto(f"/admin/pages/{lamp.pk}/revisions/compare/live...latest/")
    look(page, "5-compare")
    page.goto(f"/admin/pages/{lamp.pk}/edit/")
    with page.expect_navigation():
        choose(page, "Approve and Publish")
    assert title_in_the_shop(lamp) == "Oak desk lamp, waxed"


def test_an_approver_schedules_and_sees_it_on_the_home_page(
    browser_page: BrowserPage, lamp: ProductPage
) -> None:
    page = browser_page
    become(page, "approver")
    page.goto(f"/admin/pages/{lamp.pk}/edit/")
    page.locator("#id_title").fill("Oak lamp, winter edition")
    page.get_by_role("button", name="Toggle status").click()
    page.get_by_role("button", name="Set schedule").click()
    expect(page.get_by_text("Times are in the zone UTC")).to_be_visible()
    page.locator("#id_go_live_at").fill((clock.now() + timedelta(days=2)).strftime("%Y-%m-%d %H:%M"))
    # By keyboard, because the calendar may lie over the button.
    with page.expect_navigation():
        page.get_by_role("button", name="Save schedule").press("Enter")
    page.wait_for_load_state()
    choose(page, "Schedule to publish")
    expect(page.get_by_text("has been scheduled for publishing").first).to_be_visible()

    page.goto("/admin/")
    expect(page.get_by_role("heading", name="Scheduled this week")).to_be_visible()
    expect(page.get_by_text("Goes live on")).to_be_visible()
    look(page, "6-scheduled")
