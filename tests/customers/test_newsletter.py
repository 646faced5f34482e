"""The newsletter: whoever asks gets a link, whoever follows it gets letters, and whoever leaves gets none."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client

from shop.core import clock
from shop.core.relay import deliver_due
from shop.customers.models import NewsletterSubscription
from shop.customers.newsletter import make_leave_token
from shop.notifications.models import SentEmail
from tests.factories.content import home_page

pytestmark = pytest.mark.django_db(transaction=True)

State = NewsletterSubscription.State


def ask(client: Client, email: str = "reader@example.com") -> None:
    answer = client.post("/newsletter/", {"email": email})
    assert answer.status_code == 200
    assert "Look into your mailbox" in answer.content.decode()
    deliver_due()


def link_in(email: SentEmail) -> str:
    found = re.search(r"https?://\S+/newsletter/confirm/\S+", email.text)
    assert found
    return urlsplit(found[0]).path


def test_following_the_link_subscribes_and_only_by_its_button(client: Client) -> None:
    home_page()
    ask(client)
    link = link_in(SentEmail.objects.get())

    client.get(link)
    assert NewsletterSubscription.objects.get().state == State.PENDING

    client.post(link)

    held = NewsletterSubscription.objects.get()
    assert held.state == State.SUBSCRIBED
    assert held.confirmed_at is not None


def test_asking_again_at_once_sends_nothing_more_and_tells_nothing(client: Client) -> None:
    home_page()

    ask(client)
    ask(client, "READER@example.com")

    assert SentEmail.objects.count() == 1
    assert NewsletterSubscription.objects.count() == 1


def test_asking_again_later_sends_the_link_once_more(client: Client) -> None:
    home_page()
    ask(client)

    with clock.at(clock.now() + timedelta(minutes=16)):
        ask(client)

    assert SentEmail.objects.count() == 2


def test_who_is_subscribed_gets_no_other_link(client: Client) -> None:
    home_page()
    ask(client)
    client.post(link_in(SentEmail.objects.get()))

    with clock.at(clock.now() + timedelta(days=1)):
        ask(client)

    assert SentEmail.objects.count() == 1
    assert NewsletterSubscription.objects.get().state == State.SUBSCRIBED


def test_leaving_takes_one_click_of_the_mail_program(client: Client) -> None:
    home_page()
    ask(client)
    client.post(link_in(SentEmail.objects.get()))
    held = NewsletterSubscription.objects.get()

    answer = Client(enforce_csrf_checks=True).post(f"/newsletter/leave/{make_leave_token(held)}/")

    assert answer.status_code == 200
    held.refresh_from_db()
    assert held.state == State.LEFT


def test_a_link_that_was_never_made_here_leads_nowhere(client: Client) -> None:
    home_page()

    assert client.post("/newsletter/confirm/made-up/").status_code == 404
    assert client.post("/newsletter/leave/made-up/").status_code == 404


def test_what_is_no_address_is_said_beside_the_field(client: Client) -> None:
    home_page()

    html = client.post("/newsletter/", {"email": "no address"}).content.decode()

    assert "valid email address" in html
    assert not NewsletterSubscription.objects.exists()
