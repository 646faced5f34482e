"""Whoever has to know of a review is told: by e-mail, on the page, and in the shop by nothing being shown."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from wagtail.models import PageSubscription, PageViewRestriction, Revision
from wagtail.test.utils.form_data import inline_formset, nested_form_data, querydict_from_html, streamfield

from content.roles import sync_roles
from search.models import ProductIndex
from shop.catalogue.models import Category, ProductCollection, ProductPage
from shop.core import clock
from shop.core.publishing import publish_due
from shop.customers.models import User
from tests.factories.cart import goods
from tests.factories.catalogue import CategoryFactory, ProductCollectionFactory, ProductFactory
from tests.factories.customers import StaffFactory

pytestmark = pytest.mark.django_db

AUTHOR, APPROVER = "author@example.com", "approver@example.com"


@pytest.fixture
def lamp() -> ProductPage:
    made = ProductFactory(title="Oak lamp", publish=False)
    goods("49.90", product=made)
    return made


@pytest.fixture
def author(lamp: ProductPage) -> User:
    sync_roles()
    person: User = StaffFactory(role="Merchandiser", email=AUTHOR, first_name="Ada", last_name="Writer")
    return person


@pytest.fixture
def approver(author: User) -> User:
    person: User = StaffFactory(role="Approver", email=APPROVER, first_name="Bo", last_name="Reader")
    return person


def logged_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def page_form(client: Client, product: ProductPage) -> Any:
    url = reverse("wagtailadmin_pages:edit", args=[product.pk])
    form = querydict_from_html(client.get(url).content.decode(), form_id="page-edit-form")
    form.update(nested_form_data({"body": streamfield([])}))
    return form


def press(client: Client, product: ProductPage, button: str, **changes: Any) -> Any:
    form = page_form(client, product)
    for name, value in {**changes, f"action-{button}": "1"}.items():
        form[name] = value
    return client.post(reverse("wagtailadmin_pages:edit", args=[product.pk]), form)


def decide(client: Client, product: ProductPage, verdict: str, comment: str = "") -> None:
    state = ProductPage.objects.get(pk=product.pk).current_workflow_task_state
    url = reverse("wagtailadmin_pages:workflow_action", args=[product.pk, verdict, state.pk])
    client.post(url, {"comment": comment})


def mails() -> list[tuple[list[str], str, str]]:
    return [(sent.to, sent.subject, str(sent.body)) for sent in mail.outbox]


def test_submitting_tells_the_approvers_and_nobody_else(
    lamp: ProductPage, author: User, approver: User
) -> None:
    StaffFactory(role="Ops")

    press(logged_in(author), lamp, "submit")

    [(to, subject, body)] = mails()
    assert to == [APPROVER]
    assert "Oak lamp" in subject
    assert reverse("wagtailadmin_pages:edit", args=[lamp.pk]) in body


def test_a_rejection_tells_the_author_why(lamp: ProductPage, author: User, approver: User) -> None:
    press(logged_in(author), lamp, "submit")
    mail.outbox.clear()

    decide(logged_in(approver), lamp, "reject", comment="The picture is too dark.")

    [(to, subject, body)] = mails()
    assert to == [AUTHOR]
    assert "Oak lamp" in subject
    assert "The picture is too dark." in body


def test_an_approval_tells_the_author_and_publishes(lamp: ProductPage, author: User, approver: User) -> None:
    press(logged_in(author), lamp, "submit")
    mail.outbox.clear()

    decide(logged_in(approver), lamp, "approve")

    [(to, subject, _)] = mails()
    assert to == [AUTHOR]
    assert "Oak lamp" in subject
    assert "approved" in subject
    assert ProductPage.objects.get(pk=lamp.pk).live


def test_a_comment_tells_those_who_follow_the_page(lamp: ProductPage, author: User, approver: User) -> None:
    PageSubscription.objects.create(page=lamp, user=author, comment_notifications=True)

    press(
        logged_in(approver),
        lamp,
        "save",
        **{
            "comments-TOTAL_FORMS": "1",
            "comments-INITIAL_FORMS": "0",
            "comments-MIN_NUM_FORMS": "0",
            "comments-MAX_NUM_FORMS": "",
            "comments-0-DELETE": "",
            "comments-0-resolved": "",
            "comments-0-id": "",
            "comments-0-contentpath": "title",
            "comments-0-text": "Is it really oak?",
            "comments-0-position": "",
            "comments-0-replies-TOTAL_FORMS": "0",
            "comments-0-replies-INITIAL_FORMS": "0",
            "comments-0-replies-MIN_NUM_FORMS": "0",
            "comments-0-replies-MAX_NUM_FORMS": "0",
        },
    )

    [(to, subject, body)] = mails()
    assert to == [AUTHOR]
    assert "Oak lamp" in subject
    assert "Is it really oak?" in body


def test_a_locked_page_says_who_locked_it_and_keeps_others_out(
    lamp: ProductPage, author: User, approver: User
) -> None:
    logged_in(approver).post(reverse("wagtailadmin_pages:lock", args=[lamp.pk]))

    shown = logged_in(author).get(reverse("wagtailadmin_pages:edit", args=[lamp.pk])).content.decode()

    assert "locked" in shown
    assert "Bo Reader" in shown
    assert ProductPage.objects.get(pk=lamp.pk).locked_by == approver


def snippet(kind: str) -> Any:
    if kind == "category":
        made = CategoryFactory(slug="lamps", live=False)
        made.save_revision()
        return made
    return ProductCollectionFactory(slug="picks", live=False)


def snippet_url(thing: Any, view: str, *args: Any) -> str:
    return reverse(type(thing).snippet_viewset.get_url_name(view), args=[thing.pk, *args])


def change_snippet(client: Client, thing: Any, button: str, **changes: Any) -> Any:
    fields: dict[str, Any] = {"name": thing.name, "slug": thing.slug}
    if isinstance(thing, Category):
        fields |= nested_form_data({"body": streamfield([])})
    else:
        fields |= {"kind": "by_hand", "rule": "", **nested_form_data({"items": inline_formset([])})}
    answer = client.post(snippet_url(thing, "edit"), {**fields, **changes, f"action-{button}": "1"})
    assert answer.status_code == 302, answer.context["form"].errors
    return answer


@pytest.mark.parametrize("kind", ["category", "collection"])
def test_a_snippet_is_submitted_mailed_approved_and_live(author: User, approver: User, kind: str) -> None:
    thing = snippet(kind)

    submitted = change_snippet(logged_in(author), thing, "submit", name="Reading lamps")
    [(to, _, body)] = mails()
    state = type(thing).objects.get(pk=thing.pk).current_workflow_task_state
    logged_in(approver).post(snippet_url(thing, "workflow_action", "approve", state.pk))

    assert submitted.status_code == 302
    assert to == [APPROVER]
    assert "Reading lamps" in body
    assert mails()[-1][0] == [AUTHOR]
    live = type(thing).objects.get(pk=thing.pk)
    assert (live.live, live.name) == (True, "Reading lamps")


@pytest.mark.parametrize("kind", ["category", "collection"])
def test_a_rejected_snippet_tells_the_author_why(author: User, approver: User, kind: str) -> None:
    thing = snippet(kind)
    change_snippet(logged_in(author), thing, "submit")
    state = type(thing).objects.get(pk=thing.pk).current_workflow_task_state
    mail.outbox.clear()

    logged_in(approver).post(
        snippet_url(thing, "workflow_action", "reject", state.pk), {"comment": "Too many lamps."}
    )

    [(to, _, body)] = mails()
    assert to == [AUTHOR]
    assert "Too many lamps." in body
    assert not type(thing).objects.get(pk=thing.pk).live


@pytest.mark.parametrize("kind", ["category", "collection"])
def test_a_snippet_goes_live_and_offline_by_its_schedule(approver: User, kind: str) -> None:
    thing = snippet(kind)
    begin = clock.now() + timedelta(days=1)

    scheduled = change_snippet(
        logged_in(approver),
        thing,
        "publish",
        go_live_at=begin.strftime("%Y-%m-%d %H:%M"),
        expire_at=(begin + timedelta(days=1)).strftime("%Y-%m-%d %H:%M"),
    )
    before = type(thing).objects.get(pk=thing.pk).live
    # Wagtail publishes by the real clock: let the hour have come.
    past = clock.now() - timedelta(minutes=1)
    revision = thing.get_latest_revision()
    content = revision.content | {"go_live_at": past.isoformat()}
    Revision.objects.filter(pk=revision.pk).update(content=content, approved_go_live_at=past)
    publish_due()
    during = type(thing).objects.get(pk=thing.pk).live
    type(thing).objects.filter(pk=thing.pk).update(expire_at=past)
    publish_due()

    assert scheduled.status_code == 302
    assert (before, during, type(thing).objects.get(pk=thing.pk).live) == (False, True, False)


@pytest.mark.parametrize("kind", ["category", "collection"])
def test_a_locked_snippet_says_who_locked_it(author: User, approver: User, kind: str) -> None:
    thing = snippet(kind)
    logged_in(approver).post(snippet_url(thing, "lock"))

    shown = logged_in(author).get(snippet_url(thing, "edit")).content.decode()

    assert "Bo Reader" in shown
    assert type(thing).objects.get(pk=thing.pk).locked


def test_a_private_product_is_shown_nowhere(client: Client, author: User, approver: User) -> None:
    shelf = CategoryFactory(slug="lamps")
    secret = ProductFactory(title="Canary lamp", slug="canary-lamp", categories=[shelf])
    variant = goods("19.90", product=secret, sku="CANARY-1")
    ProductCollectionFactory(slug="picks", products=[secret])
    before = client.get("/categories/lamps/").content.decode()

    PageViewRestriction.objects.create(page=secret, restriction_type=PageViewRestriction.LOGIN)

    assert "Canary lamp" in before
    assert not ProductIndex.objects.filter(product=secret).exists()
    for address in (
        "/categories/lamps/",
        "/collections/picks/",
        "/search/?q=canary",
        "/products/",
        "/sitemap.xml",
        "/api/v1/products/?q=canary",
        "/api/v1/products/",
        "/feeds/products.xml",
    ):
        answer = client.get(address)
        shown = answer.getvalue().decode()
        assert answer.status_code == 200, address
        assert "anary lamp" not in shown, address
    assert client.get("/api/v1/products/canary-lamp/").status_code == 404
    assert client.get(secret.get_url()).status_code in (302, 403)
    added = client.post("/cart/add/", {"sku": variant.sku, "quantity": 1})
    assert added.status_code in (302, 400, 404, 409)
    query = "{ products(first: 20) { edges { node { title } } } }"
    answer = client.post("/graphql/", {"query": query}, content_type="application/json")
    assert "anary" not in answer.content.decode()
    assert ProductCollection.objects.get(slug="picks").live
