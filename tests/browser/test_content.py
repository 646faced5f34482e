"""
A campaign page on its way: built of sections by a merchandiser, approved by an approver, read by shoppers.

Every screen is kept in ``var/screenshots`` to be looked at, and must be free of axe's findings.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management import call_command
from playwright.sync_api import Locator, expect
from playwright.sync_api import Page as BrowserPage

from content.models import ArticleIndexPage, ArticlePage, Author, HomePage, LandingPage
from shop.core import clock
from tests.browser.admin import look_at, sign_in
from tests.factories.catalogue import ImageFactory
from tests.factories.content import home_page
from tests.factories.customers import UserFactory
from tests.factories.search import product_on_sale

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SCREENSHOTS = settings.VAR_DIR / "screenshots" / "content"


@pytest.fixture
def home(transactional_db: None) -> HomePage:
    made = home_page()
    call_command("sync_roles")
    for role in ("Merchandiser", "Approver"):
        person = UserFactory(email=f"{role.lower()}@example.com", first_name=role, is_staff=True)
        person.groups.add(Group.objects.get(name=role))
    product_on_sale(title="Oak lamp", slug="oak-lamp")
    ImageFactory(title="A set table", colour="#8a5a2b")
    return made


@pytest.fixture
def journal(home: HomePage) -> ArticleIndexPage:
    """A journal, in which merchandisers write."""
    Author.objects.create(name="The workshop", slug="the-workshop")
    made = home.add_child(instance=ArticleIndexPage(title="Journal", slug="journal"))
    call_command("sync_roles")
    return made


def become(page: BrowserPage, role: str) -> None:
    page.context.clear_cookies()
    sign_in(page, f"{role}@example.com")


def look(page: BrowserPage, name: str) -> None:
    look_at(page, SCREENSHOTS / f"{name}.png", full_page=True)


def insert(page: BrowserPage, label: str) -> Locator:
    """Add a section at the end, and return it."""
    page.get_by_role("button", name="Insert a block").last.click()
    page.get_by_role("combobox", name="Search options").fill(label)
    page.get_by_role("option", name=label, exact=True).click()
    return page.locator("[data-contentpath=body] > div > div > [data-streamfield-child]").last


def choose(page: BrowserPage, action: str) -> None:
    page.locator("footer").get_by_role("button", name="More actions").click()
    page.get_by_role("button", name=action, exact=True).click()


def write_sections(page: BrowserPage) -> None:
    insert(page, "Products by hand")
    page.locator("#body-0-value-heading").fill("Light for it")
    page.locator("#body-0-value-products-0-value-chooser").get_by_role("button").first.click()
    page.locator(".modal").get_by_role("link", name="Oak lamp").first.click()
    expect(page.locator("#body-0-value-products-0-value")).not_to_have_value("")

    insert(page, "Picture to shop from")
    page.locator("#body-1-value-image-chooser").get_by_role("button", name="Choose an image").click()
    page.locator(".modal").get_by_role("link", name="A set table").click()
    expect(page.locator("#body-1-value-image")).not_to_have_value("")
    page.locator("#body-1-value-spots-0-value-product-chooser").get_by_role("button").first.click()
    page.locator(".modal").get_by_role("link", name="Oak lamp").first.click()
    page.locator("#body-1-value-spots-0-value-x").fill("30")
    page.locator("#body-1-value-spots-0-value-y").fill("60")


def choose_author(page: BrowserPage, name: str) -> None:
    page.get_by_role("button", name="Add Author").click()
    page.locator("#id_article_authors-0-author-chooser").get_by_role("button").first.click()
    page.locator(".modal").get_by_role("link", name=name).click()
    expect(page.locator("#id_article_authors-0-author")).not_to_have_value("")


def test_an_article_of_sections_is_written_refused_for_html_approved_and_read(
    browser_page: BrowserPage, journal: ArticleIndexPage
) -> None:
    page = browser_page
    become(page, "merchandiser")
    page.goto(f"/admin/pages/add/content/articlepage/{journal.pk}/")
    page.locator("#id_title").fill("Harvest table")
    page.locator("#id_introduction").fill("How we lay it.")
    choose_author(page, "The workshop")
    page.locator(".tagit-new input").fill("wood,")
    write_sections(page)
    look(page, "1-article")

    # HTML by hand is refused, with the mend; without it the article goes its way.
    insert(page, "HTML")
    page.locator("#body-2-value-html").fill("<p>by hand</p>")
    choose(page, "Submit to Approver review")
    expect(page.get_by_text("You may not write HTML by hand").first).to_be_visible()
    look(page, "2-refused")
    page.locator("[data-streamfield-child]").filter(has=page.locator("#body-2-value-html")).get_by_role(
        "button", name="Delete"
    ).first.click()
    expect(page.locator("#body-2-value-html")).to_be_hidden()
    choose(page, "Submit to Approver review")
    expect(page.get_by_text("has been submitted for moderation").first).to_be_visible()
    article = ArticlePage.objects.get()
    assert page.request.get(article.url).status == 404

    become(page, "approver")
    page.goto(f"/admin/pages/{article.pk}/edit/")
    with page.expect_navigation():
        choose(page, "Approve and Publish")

    page.goto(article.url)
    for text in ("Harvest table", "The workshop", "Light for it"):
        expect(page.get_by_text(text).first).to_be_visible()
    expect(page.get_by_role("link", name="wood").first).to_be_visible()
    expect(page.locator(".spots__marks a")).to_have_count(1)
    for width, name in ((1440, "desktop"), (390, "phone")):
        page.set_viewport_size({"width": width, "height": 900})
        look(page, f"3-live-{name}")


def test_an_approver_opens_a_campaign_page(browser_page: BrowserPage, home: HomePage) -> None:
    page = browser_page
    become(page, "approver")
    page.goto(f"/admin/pages/add/content/landingpage/{home.pk}/")
    page.locator("#id_title").fill("Harvest")
    insert(page, "Hero")
    page.locator("#body-0-value-heading").fill("Lay the table")
    insert(page, "Countdown")
    page.locator("#body-1-value-heading").fill("The harvest begins")
    page.locator("#body-1-value-ends_at").fill((clock.now() + timedelta(days=2)).strftime("%Y-%m-%d %H:%M"))
    page.keyboard.press("Escape")
    insert(page, "Questions and answers")
    page.locator("#body-2-value-items-0-value-question").fill("Is it oiled?")
    page.locator("[data-contentpath=body] [role=textbox]").last.fill("Yes, with linseed oil.")
    look(page, "4-campaign")
    with page.expect_navigation():
        choose(page, "Publish")

    page.goto(LandingPage.objects.get().url)
    for text in ("Lay the table", "The harvest begins", "Is it oiled?"):
        expect(page.get_by_text(text).first).to_be_visible()
    for width, name in ((1440, "desktop"), (390, "phone")):
        page.set_viewport_size({"width": width, "height": 900})
        look(page, f"5-campaign-{name}")


def test_menus_redirects_and_the_page_for_wrong_addresses_are_edited(
    browser_page: BrowserPage, home: HomePage
) -> None:
    page = browser_page
    become(page, "approver")
    page.goto("/admin/snippets/content/menu/add/")
    page.locator("#id_name").fill("Main menu")
    page.locator("#id_handle").fill("main")
    page.get_by_role("button", name="Add Link").click()
    page.locator("#id_items-0-title").fill("All lamps")
    page.locator("#id_items-0-url").fill("/search/?q=lamp")
    look(page, "6-menu")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("created").first).to_be_visible()

    page.goto("/admin/redirects/add/")
    page.locator("#id_old_path").fill("/old-lamps/")
    origin = page.evaluate("location.origin")
    page.locator("#id_redirect_link").fill(f"{origin}/search/?q=lamp")
    page.get_by_role("button", name="Create", exact=True).click()
    page.wait_for_url("**/admin/redirects/")

    page.goto("/admin/settings/content/errorpages/")
    page.wait_for_url("**/errorpages/**")
    page.locator("#id_not_found_heading").fill("This drawer is empty")
    look(page, "7-error-pages")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("updated").first).to_be_visible()

    page.goto("/no-such-page/")
    expect(page.get_by_role("heading", name="This drawer is empty")).to_be_visible()
    expect(page.get_by_role("link", name="All lamps").first).to_be_visible()
    look(page, "8-not-found")
    page.goto("/old-lamps/")
    page.wait_for_url("**/search/?q=lamp")
