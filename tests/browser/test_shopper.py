"""
A shopper in a real browser: from the front door to the order, with and without scripts.

Every page is kept in ``var/screenshots`` to be looked at, must be free of axe's findings, and may not move
while it loads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, expect
from playwright.sync_api import Page as BrowserPage

from shop.inventory.models import StockItem
from shop.orders.models import Order
from tests.factories.cart import german_vat, standard_delivery
from tests.factories.catalogue import AttributeFactory, CategoryFactory, ImageFactory
from tests.factories.content import home_page, menu
from tests.factories.search import product_on_sale

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SCREENSHOTS = settings.VAR_DIR / "screenshots" / "shopper"
PATIENCE = 20_000
SHIFT_ALLOWED = 0.02
WATCH_SHIFTS = """
window.shift = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""

Opener = Callable[..., BrowserPage]


@pytest.fixture
def open_shop(browser: Browser, live_server: Any) -> Iterator[Opener]:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    expect.set_options(timeout=PATIENCE)
    contexts: list[BrowserContext] = []
    broken: list[str] = []

    def open_it(*, width: int = 1440, scheme: str = "light", scripts: bool = True) -> BrowserPage:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,  # type: ignore[arg-type]
            java_script_enabled=scripts,
            base_url=live_server.url,
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        if scripts:
            page.add_init_script(WATCH_SHIFTS)
        page.on("pageerror", lambda error: broken.append(str(error)))
        page.on(
            "console",
            lambda message: (
                broken.append(message.text) if "Content Security Policy" in message.text else None
            ),
        )
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert not broken, broken


@pytest.fixture
def shop(transactional_db: None) -> None:
    kitchen = CategoryFactory(
        slug="kitchen", name="Kitchen", image=ImageFactory(), description="Tools in daily use."
    )
    mugs = CategoryFactory(slug="mugs", name="Mugs", parent=kitchen)
    AttributeFactory(slug="colour", name="Colour", values=["moss", "chalk"])
    german_vat()
    standard_delivery()
    mug = product_on_sale(
        title="Luna mug",
        price=["24.00", "28.00"],
        skus=["LUNA-MOSS", "LUNA-CHALK"],
        variant_attributes=[{"colour": "moss"}, {"colour": "chalk"}],
        categories=[mugs],
        pictures=2,
        summary="Keeps its heat.",
    )
    product_on_sale(title="Plank board", price="39.00", compare_at="49.00", categories=[kitchen])
    product_on_sale(title="Sold-out jug", price="30.00", on_hand=0, categories=[kitchen])
    hero = {
        "heading": "Good things, used daily",
        "image": ImageFactory().pk,
        "links": [{"text": "Walk in", "category": kitchen.pk}],
    }
    home_page([("hero", hero), ("product_grid", {"heading": "New", "products": [mug.pk]})])
    menu("main", {"category": kitchen})


def look(page: BrowserPage, name: str) -> None:
    """Keep the page to be looked at, and ask axe and the browser what is wrong with it."""
    page.wait_for_load_state("networkidle")
    page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)
    found = Axe().run(page).response["violations"]
    assert not found, [(item["id"], [node["target"] for node in item["nodes"]]) for item in found]
    assert page.evaluate("window.shift") <= SHIFT_ALLOWED
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page scrolls sideways"


def fill_address(page: BrowserPage, **parts: str) -> None:
    address = {"first_name": "Ada", "last_name": "Müller", "line1": "Lindenallee 4", "city": "Berlin"}
    page.get_by_label("E-mail").fill("ada@example.com")
    for name, value in (address | {"postal_code": "10969"} | parts).items():
        page.locator(f"[name=shipping-{name}]").fill(value)
    page.locator("[name=shipping-country]").select_option("DE")


def walk_to_product(page: BrowserPage) -> None:
    page.goto("/")
    page.get_by_role("link", name="Walk in").click()
    page.get_by_role("link", name="Luna mug").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Luna mug")
    page.get_by_title("Chalk").click()
    expect(page.locator("[data-price]")).to_contain_text("28.00")


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1440, "dark")])
def test_a_shopper_walks_from_the_front_door_to_an_order(open_shop: Opener, width: int, scheme: str) -> None:
    page = open_shop(width=width, scheme=scheme)
    mark = f"{width}-{scheme}"

    walk_to_product(page)
    look(page, f"product-{mark}")
    page.get_by_label("Quantity").fill("2")
    page.get_by_role("button", name="Add to cart").click()
    expect(page.get_by_role("dialog")).to_contain_text("€56.00")
    look(page, f"added-{mark}")
    page.get_by_role("link", name="See the cart").click()
    page.wait_for_url("**/cart/", wait_until="load")  # by then its scripts have run
    page.get_by_label("Quantity of Luna mug").fill("3")
    page.get_by_label("Quantity of Luna mug").press("Tab")
    expect(page.locator(".line__total")).to_have_text("€84.00")
    expect(page.locator("[data-cart-count]")).to_contain_text("3")
    look(page, f"cart-{mark}")
    page.get_by_role("link", name="Check out").click()
    fill_address(page, postal_code="abc")
    page.get_by_role("button", name="On to delivery").click()
    expect(page.locator("[name=shipping-postal_code]")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Street and number").first).to_have_value("Lindenallee 4")
    look(page, f"address-{mark}")
    fill_address(page)
    page.get_by_role("button", name="On to delivery").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("How shall it travel?")
    look(page, f"delivery-{mark}")
    page.get_by_role("button", name="On to payment").click()
    expect(page.get_by_role("button", name="Order and pay €88.90")).to_be_visible()
    look(page, f"payment-{mark}")
    page.get_by_role("button", name="Order and pay").dblclick()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Thank you")
    look(page, f"order-{mark}")

    order = Order.objects.get()
    assert order.number in page.content()
    assert order.email == "ada@example.com"
    assert page.context.cookies() == [] or "nexus_cart" not in {
        held["name"] for held in page.context.cookies()
    }


@pytest.mark.usefixtures("shop")
def test_the_same_way_works_without_scripts(open_shop: Opener) -> None:
    page = open_shop(width=390, scripts=False)

    walk_to_product(page)
    page.get_by_label("Quantity").fill("2")
    page.get_by_role("button", name="Add to cart").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your cart")
    page.get_by_label("Quantity of Luna mug").fill("3")
    page.get_by_role("button", name="Update").click()
    expect(page.locator(".line__total")).to_have_text("€84.00")
    page.get_by_role("link", name="Check out").click()
    fill_address(page, postal_code="abc")
    page.get_by_role("button", name="On to delivery").click()
    expect(page.locator("[name=shipping-postal_code]")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Street and number").first).to_have_value("Lindenallee 4")
    fill_address(page)
    page.get_by_role("button", name="On to delivery").click()
    page.get_by_role("button", name="On to payment").click()
    page.get_by_role("button", name="Order and pay").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Thank you")

    assert Order.objects.get().number in page.content()
    page.go_back()
    assert Order.objects.count() == 1


@pytest.mark.usefixtures("shop")
def test_the_last_piece_sold_elsewhere_is_told_before_it_is_paid(open_shop: Opener) -> None:
    page = open_shop()
    walk_to_product(page)
    page.get_by_role("button", name="Add to cart").click()
    page.get_by_role("dialog").get_by_role("link", name="Check out").click()
    fill_address(page)
    page.get_by_role("button", name="On to delivery").click()
    page.get_by_role("button", name="On to payment").click()
    expect(page.get_by_role("button", name="Order and pay")).to_be_visible()
    StockItem.objects.update(on_hand=0)

    page.get_by_role("button", name="Order and pay").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Your cart")
    expect(page.get_by_text("is sold out")).to_be_visible()
    assert not Order.objects.exists()


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 768, 1440])
def test_every_page_can_be_read_by_everybody(open_shop: Opener, width: int, scheme: str) -> None:
    page = open_shop(width=width, scheme=scheme)

    for name, path in {
        "home": "/",
        "category": "/categories/kitchen/",
        "filtered": "/categories/kitchen/?attr.colour=moss&in_stock=true",
        "nothing": "/categories/kitchen/?price_min=9000",
        "search": "/search/?q=mug",
        "cart-empty": "/cart/",
        "find": "/orders/find/",
        "nowhere": "/nowhere/",
    }.items():
        page.goto(path)
        look(page, f"{name}-{width}-{scheme}")
