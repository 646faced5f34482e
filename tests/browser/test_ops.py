"""
An order's way through the shop as ops see it, in a real browser: from the list to the e-mails.

Every screen is kept in ``var/screenshots`` to be looked at, and must be free of axe's findings.
"""

from __future__ import annotations

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management import call_command
from playwright.sync_api import Page as BrowserPage
from playwright.sync_api import expect

from shop.core.relay import deliver_due
from shop.orders.models import Order
from tests.browser.admin import look_at, sign_in
from tests.factories.cart import german_vat, goods, standard_delivery
from tests.factories.customers import UserFactory
from tests.journeys.test_guest_checkout import Shopper

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SCREENSHOTS = settings.VAR_DIR / "screenshots" / "ops"


@pytest.fixture
def guest_order(transactional_db: None) -> Order:
    """Two lamps, ordered by a guest over REST, to be paid by bank transfer."""
    call_command("sync_roles")
    person = UserFactory(email="ops@example.com", is_staff=True)
    person.groups.add(Group.objects.get(name="Ops"))
    german_vat()
    standard_delivery()
    placed = Shopper().order([goods("49.90", sku="LAMP-OAK")])["order"]
    return Order.objects.get(number=placed["number"])


def look(page: BrowserPage, name: str) -> None:
    look_at(page, SCREENSHOTS / f"{name}.png", full_page=True)


def log_in(page: BrowserPage) -> None:
    sign_in(page, "ops@example.com")


def send_emails() -> None:
    """Let the worker do what waits for it: write the e-mails, then send them."""
    for _ in range(3):
        deliver_due()


def ship(page: BrowserPage, *, pieces: str, tracking_number: str) -> None:
    page.get_by_role("link", name="Send goods").click()
    page.locator('[name^="quantity_"]').fill(pieces)
    page.get_by_label("Carrier").fill("DHL")
    page.get_by_label("Tracking number").fill(tracking_number)
    look(page, f"4-send-{pieces}")
    page.get_by_role("button", name="Mark as sent").click()
    expect(page.get_by_text("is on its way. The buyer gets an e-mail.")).to_be_visible()


def test_ops_bring_an_order_from_the_list_to_the_buyer(browser_page: BrowserPage, guest_order: Order) -> None:
    page = browser_page
    number = guest_order.number
    log_in(page)

    # The order is found by what a caller knows: an e-mail address.
    page.goto("/admin/orders/?q=ada@example.com")
    look(page, "1-found")
    page.get_by_role("link", name=number).click()
    look(page, "2-order")

    # Its money has come.
    page.get_by_role("link", name="Mark as paid").click()
    expect(page.get_by_text("Confirm that the whole total of €104.70 has arrived")).to_be_visible()
    page.get_by_label("Reference").fill("bank statement 27, line 4")
    look(page, "3-paid")
    page.get_by_role("button", name="Mark as paid").click()
    expect(page.get_by_text(f"Order {number} is marked as paid.")).to_be_visible()

    # It goes out in two parcels; the first may not hold more than was ordered.
    page.get_by_role("link", name="Send goods").click()
    page.locator('[name^="quantity_"]').fill("3")
    page.get_by_role("button", name="Mark as sent").click()
    expect(page.get_by_text("Only 2 of LAMP-OAK are left to send.")).to_be_visible()
    look(page, "4-refused")
    page.get_by_role("link", name="Back to the order").click()
    ship(page, pieces="1", tracking_number="00340434161094042557")
    expect(page.get_by_text("Partly sent")).to_be_visible()
    ship(page, pieces="1", tracking_number="00340434161094042558")
    look(page, "5-sent")
    guest_order.refresh_from_db()
    assert (guest_order.status, guest_order.payment_status, guest_order.fulfilment_status) == (
        "completed",
        "paid",
        "fulfilled",
    )

    read_the_emails(page, number)


def read_the_emails(page: BrowserPage, number: str) -> None:
    send_emails()
    page.goto(f"/admin/mailbox/?q={number}")
    look(page, "6-mailbox")
    expect(page.get_by_role("link", name="is on its way")).to_have_count(2)
    page.get_by_role("link", name="is on its way").last.click()
    body = page.frame_locator("iframe").locator("body")
    expect(body).to_contain_text("00340434161094042557")
    look(page, "7-email")

    page.get_by_role("button", name="Send again").click()
    expect(page.get_by_text("is on its way again")).to_be_visible()


def test_the_stock_of_a_sku_tells_for_whom_it_is_held(browser_page: BrowserPage, guest_order: Order) -> None:
    page = browser_page
    log_in(page)

    page.goto("/admin/stock/items/?q=LAMP-OAK")
    look(page, "stock-list")
    page.get_by_role("link", name="LAMP-OAK").click()
    look(page, "stock-item")

    page.get_by_role("link", name=guest_order.number).click()
    page.wait_for_url(f"**/admin/orders/{guest_order.number}/")
