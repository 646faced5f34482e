"""A merchandiser puts the shelves of the shop in order, by mouse and by keyboard."""

from __future__ import annotations

import pytest
from django.conf import settings
from playwright.sync_api import Locator, expect
from playwright.sync_api import Page as BrowserPage

from shop.catalogue.models import Category
from shop.catalogue.services import move_category
from tests.browser.admin import look_at, sign_in
from tests.factories.catalogue import CategoryFactory, ProductFactory
from tests.factories.customers import AdministratorFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SCREENSHOTS = settings.VAR_DIR / "screenshots" / "categories"
CATEGORIES = "/admin/snippets/catalogue/category/"


@pytest.fixture
def shelves(transactional_db: None) -> None:
    """Living (lamps (desk-lamps), chairs), garden."""
    AdministratorFactory(email="merchandiser@example.com")
    living = CategoryFactory(slug="living")
    lamps = CategoryFactory(slug="lamps", parent=living)
    CategoryFactory(slug="desk-lamps", parent=lamps)
    CategoryFactory(slug="chairs", parent=living, live=False)
    CategoryFactory(slug="garden")
    ProductFactory(title="Oak lamp", categories=[lamps])


def open_tree(page: BrowserPage) -> None:
    sign_in(page, "merchandiser@example.com")
    page.goto(CATEGORIES)


def row(page: BrowserPage, slug: str) -> Locator:
    return page.locator(f"#category-{Category.objects.get(slug=slug).pk}")


def drag(page: BrowserPage, moved: str, target: str, *, at: float) -> None:
    """Drop one row on another, ``at`` its upper edge (0), its middle or its lower edge (1)."""
    box = row(page, target).bounding_box()
    assert box is not None
    row(page, moved).locator(".ct-grip").hover()
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + box["height"] * at, steps=5)
    page.mouse.move(box["x"] + 201, box["y"] + box["height"] * at)
    page.mouse.up()


def order(page: BrowserPage) -> list[str]:
    return page.locator(".ct-row").evaluate_all(
        "rows => rows.map(row => `${row.dataset.depth} ${row.dataset.name}`)"
    )


def test_categories_are_moved_by_dragging_and_put_back(browser_page: BrowserPage, shelves: None) -> None:
    page = browser_page
    open_tree(page)
    look_at(page, SCREENSHOTS / "1-tree.png")

    drag(page, "lamps", "garden", at=0.5)
    expect(page.get_by_text("“Lamps” has been moved.")).to_be_visible()
    assert order(page) == ["1 Living", "2 Chairs", "1 Garden", "2 Lamps", "3 Desk Lamps"]
    assert Category.objects.get(slug="lamps").parent == Category.objects.get(slug="garden")
    look_at(page, SCREENSHOTS / "2-moved.png")

    page.get_by_role("button", name="Undo").click()
    expect(row(page, "lamps")).to_have_attribute("data-parent", str(Category.objects.get(slug="living").pk))
    expect(page.locator(".ct-row.is-busy")).to_have_count(0)
    assert order(page) == ["1 Living", "2 Lamps", "3 Desk Lamps", "2 Chairs", "1 Garden"]

    drag(page, "garden", "living", at=0.1)
    expect(page.get_by_text("“Garden” has been moved.")).to_be_visible()
    assert order(page)[0] == "1 Garden"


def test_the_tree_is_walked_and_changed_by_keys(browser_page: BrowserPage, shelves: None) -> None:
    page = browser_page
    open_tree(page)

    row(page, "living").focus()
    page.keyboard.press("ArrowDown")
    expect(row(page, "lamps")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(row(page, "desk-lamps")).to_be_hidden()
    page.keyboard.press("ArrowRight")
    expect(row(page, "desk-lamps")).to_be_visible()
    page.keyboard.press("End")
    expect(row(page, "garden")).to_be_focused()
    page.keyboard.press("Home")
    page.keyboard.press("c")
    expect(row(page, "chairs")).to_be_focused()

    page.keyboard.press("Alt+ArrowUp")
    expect(page.get_by_text("“Chairs” has been moved.")).to_be_visible()
    expect(row(page, "chairs")).to_be_focused()
    assert order(page) == ["1 Living", "2 Chairs", "2 Lamps", "3 Desk Lamps", "1 Garden"]

    page.keyboard.press("Alt+ArrowLeft")
    expect(row(page, "chairs")).to_have_attribute("data-depth", "1")
    expect(page.locator(".ct-row.is-busy")).to_have_count(0)
    assert Category.objects.get(slug="chairs").parent is None

    page.keyboard.press("Tab")
    expect(row(page, "chairs").get_by_role("link", name="Chairs", exact=True)).to_be_focused()
    row(page, "chairs").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/edit/**")


def test_a_move_that_cannot_be_is_undone_on_the_screen(browser_page: BrowserPage, shelves: None) -> None:
    page = browser_page
    open_tree(page)
    # A colleague moves the sibling away meanwhile.
    move_category(category=Category.objects.get(slug="chairs"), parent=Category.objects.get(slug="garden"))

    row(page, "lamps").focus()
    page.keyboard.press("Alt+ArrowDown")

    expect(page.get_by_text("“Lamps” is where it was.")).to_be_visible()
    assert order(page)[1] == "2 Lamps"
    look_at(page, SCREENSHOTS / "3-refused.png")


def test_a_search_leaves_matches_and_what_stands_above(browser_page: BrowserPage, shelves: None) -> None:
    page = browser_page
    open_tree(page)

    page.locator("#id_q").fill("desk")

    expect(row(page, "garden")).to_have_count(0)
    assert order(page) == ["1 Living", "2 Lamps", "3 Desk Lamps"]
    expect(row(page, "living")).to_have_attribute("role", "treeitem")
    look_at(page, SCREENSHOTS / "4-search.png")


def test_a_category_in_use_is_emptied_and_then_deleted(browser_page: BrowserPage, shelves: None) -> None:
    page = browser_page
    open_tree(page)
    desk = Category.objects.get(slug="desk-lamps")
    move_category(category=desk, parent=None)

    page.goto(CATEGORIES)
    row(page, "lamps").get_by_role("link", name="Delete Lamps").click()
    expect(page.get_by_text("cannot be deleted yet")).to_be_visible()
    expect(page.get_by_role("link", name="Oak lamp")).to_be_visible()
    look_at(page, SCREENSHOTS / "5-guard.png")
    page.get_by_label("Move the products to").select_option(label="Desk Lamps")
    page.get_by_role("button", name="Move all of its products").click()
    expect(page.get_by_text("1 products have been moved to “Desk Lamps”.")).to_be_visible()
    look_at(page, SCREENSHOTS / "6-emptied.png")
    page.get_by_role("button", name="Yes, delete").click()
    page.wait_for_url(f"**{CATEGORIES}")

    assert not Category.objects.filter(slug="lamps").exists()
    page.goto(f"{CATEGORIES}unpublish/{desk.pk}/")
    look_at(page, SCREENSHOTS / "7-unpublish.png")


def test_without_scripts_the_tree_is_a_list_with_a_move_screen(
    browser_page: BrowserPage, shelves: None
) -> None:
    page = browser_page
    open_tree(page)
    context = page.context.browser.new_context(  # type: ignore[union-attr]
        java_script_enabled=False, storage_state=page.context.storage_state()
    )
    plain = context.new_page()

    plain.goto(page.url)

    expect(row(plain, "desk-lamps")).to_be_visible()
    plain.get_by_role("link", name="Move Desk Lamps").click()
    expect(plain.get_by_role("button", name="Move category")).to_be_visible()
    context.close()
