"""Articles, feeds, error pages, addresses that move, and HTML by hand."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client, RequestFactory
from wagtail.models import Site

from content.models import ArticleAuthor, ArticleIndexPage, ArticlePage, Author, ErrorPages
from content.views import server_error
from shop.core import clock
from tests.factories.content import home_page, landing_page, menu, stored
from tests.factories.search import product_on_sale

pytestmark = pytest.mark.django_db


def journal() -> ArticleIndexPage:
    return home_page().add_child(instance=ArticleIndexPage(title="Journal", slug="journal"))


def article(
    index: ArticleIndexPage, title: str, *, live: bool = True, tags: str = "", **fields: Any
) -> ArticlePage:
    page: ArticlePage = index.add_child(
        instance=ArticlePage(title=title, introduction=f"About {title}", live=live, **fields)
    )
    if tags:
        page.tags.add(*tags.split())
    if live:
        page.save_revision().publish()
    return page


def structured_data(html: str) -> list[dict[str, Any]]:
    return [
        json.loads(text) for text in re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)
    ]


def test_a_journal_can_be_narrowed_to_a_subject_or_an_author(client: Client) -> None:
    index = journal()
    wood = article(index, "On oak", tags="wood")
    article(index, "On clay", tags="clay")
    writer = Author.objects.create(name="The workshop", slug="the-workshop")
    wood.article_authors = [ArticleAuthor(author=writer)]
    wood.save_revision().publish()

    by_subject = client.get("/journal/?tag=wood").content.decode()
    by_author = client.get("/journal/?author=the-workshop").content.decode()

    for html in (by_subject, by_author):
        assert "On oak" in html
        assert "On clay" not in html


def test_a_long_journal_is_paged(client: Client) -> None:
    index = journal()
    for number in range(14):
        article(index, f"Letter {number}", published_on=(clock.now() - timedelta(days=number)).date())

    first = client.get("/journal/").content.decode()
    second = client.get("/journal/?page=2").content.decode()

    assert "Letter 0" in first
    assert "Letter 13" not in first
    assert "Letter 13" in second


def test_an_article_names_its_authors_to_readers_and_to_search_engines(client: Client) -> None:
    page = article(journal(), "On oak", author_name="A guest", tags="wood")
    writer = Author.objects.create(name="The workshop", slug="the-workshop", biography="Turns bowls.")
    page.article_authors = [ArticleAuthor(author=writer)]
    page.save_revision().publish()

    html = client.get("/journal/on-oak/").content.decode()

    assert "By The workshop and A guest" in html
    assert "Turns bowls." in html
    [data] = structured_data(html)
    assert data["@type"] == "Article"
    assert [author["name"] for author in data["author"]] == ["The workshop", "A guest"]


def test_the_feed_of_the_journal_holds_public_articles_only(client: Client) -> None:
    index = journal()
    article(index, "On oak")
    article(index, "Canary", live=False)

    feed = client.get("/feeds/journal.xml").content.decode()

    assert "On oak" in feed
    assert "Canary" not in feed


def test_the_feed_of_goods_names_price_stock_and_address(client: Client) -> None:
    home_page()
    product_on_sale(title="Luna & mug", skus=["MUG-1"], price="12.50")

    feed = b"".join(client.get("/feeds/products.xml").streaming_content).decode()

    assert "<g:id>MUG-1</g:id>" in feed
    assert "Luna &amp; mug" in feed
    assert "<g:price>12.50 EUR</g:price>" in feed
    assert "<g:availability>" in feed


def test_the_sitemap_leaves_out_what_is_hidden_from_search_engines(client: Client) -> None:
    home_page()
    landing_page("Open", slug="open")
    landing_page("Hidden", slug="hidden", is_hidden_from_search_engines=True)

    sitemap = client.get("/sitemap.xml").content.decode()
    html = client.get("/hidden/").content.decode()

    assert "/open/" in sitemap
    assert "/hidden/" not in sitemap
    assert '<meta name="robots" content="noindex">' in html


def test_the_front_page_tells_search_engines_whose_shop_it_is(client: Client) -> None:
    home_page([("hero", {"heading": "Welcome"})])

    [data] = structured_data(client.get("/").content.decode())

    assert data["@type"] == "Organization"


def test_a_product_tells_search_engines_the_way_to_it(client: Client) -> None:
    home_page()
    product = product_on_sale(title="Luna mug")

    kinds = [
        data["@type"] for data in structured_data(client.get(f"/products/{product.slug}/").content.decode())
    ]

    assert kinds == ["Product", "BreadcrumbList"]


def test_the_page_for_nothing_says_what_the_shop_wants_it_to_say(client: Client) -> None:
    home_page()
    links = menu("lost", {"title": "All lamps", "url": "/categories/lamps/"})
    ErrorPages.objects.create(
        site=Site.objects.get(is_default_site=True),
        not_found_heading="Lost?",
        not_found_text="So were we, once.",
        not_found_menu=links,
    )

    answer = client.get("/no-such-page/")

    html = answer.content.decode()
    assert answer.status_code == 404
    assert "Lost?" in html
    assert "So were we, once." in html
    assert 'href="/categories/lamps/"' in html


def test_the_page_for_what_broke_needs_no_database(client: Client, django_assert_num_queries: Any) -> None:
    home_page()
    ErrorPages.objects.create(
        site=Site.objects.get(is_default_site=True), broken_heading="Ouch", broken_text="Ring the bell."
    )
    client.get("/")

    with django_assert_num_queries(0):
        answer = server_error(RequestFactory().get("/anywhere/", SERVER_NAME="testserver"))

    assert answer.status_code == 500
    assert "Ouch" in answer.content.decode()
    assert "Ring the bell." in answer.content.decode()


def test_the_page_for_what_broke_has_words_of_its_own_without_a_cache() -> None:
    cache.clear()

    answer = server_error(RequestFactory().get("/anywhere/"))

    assert "behind the counter" in answer.content.decode()


def test_an_api_that_breaks_answers_with_a_problem() -> None:
    answer = server_error(RequestFactory().get("/api/v1/products/"))

    assert answer.status_code == 500
    assert answer["Content-Type"].startswith("application/problem+json")


def test_a_page_that_gets_another_address_is_found_under_its_old_one(
    client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    home_page()
    page = landing_page("Delivery", slug="delivery")

    with django_capture_on_commit_callbacks(execute=True):
        page.slug = "shipping"
        page.save_revision().publish()

    answer = client.get("/delivery/")
    assert answer.status_code == 301
    assert answer["Location"].endswith("/shipping/")


class TestHtmlByHand:
    """Who may write it, and who may only leave it where it is."""

    def form(self, page: Any, user: Any, html: str) -> Any:
        edit = type(page).get_edit_handler().get_form_class()
        form = edit(instance=page, for_user=user)
        data = {name: form[name].value() or "" for name in form.fields if name != "body"}
        data |= {
            "body-count": "1",
            "body-0-deleted": "",
            "body-0-order": "0",
            "body-0-type": "raw_html",
            "body-0-id": "",
            "body-0-value-html": html,
            "comments-TOTAL_FORMS": "0",
            "comments-INITIAL_FORMS": "0",
        }
        return edit(data, instance=page, for_user=user)

    def test_it_is_refused_to_those_without_the_right(self, django_user_model: Any) -> None:
        page = landing_page("Campaign", slug="campaign")
        editor = django_user_model.objects.create_user(email="editor@example.com", is_staff=True)

        form = self.form(page, editor, "<p>Mine</p>")

        assert not form.is_valid()
        assert "You may not write HTML by hand" in str(form.errors["body"])

    def test_what_somebody_else_wrote_may_stay(self, django_user_model: Any) -> None:
        page = landing_page("Campaign", slug="campaign")
        page.body = stored([("raw_html", {"html": "<p>Theirs</p>"})])
        page.save_revision().publish()
        editor = django_user_model.objects.create_user(email="editor@example.com", is_staff=True)

        kept = self.form(page, editor, "<p>Theirs</p>")
        changed = self.form(page, editor, "<p>Theirs</p><p>and mine</p>")

        assert "body" not in kept.errors
        assert "body" in changed.errors

    def test_it_is_taken_from_those_with_the_right(self, admin_user: Any) -> None:
        page = landing_page("Campaign", slug="campaign")

        form = self.form(page, admin_user, "<p>Mine</p>")

        assert "body" not in form.errors
