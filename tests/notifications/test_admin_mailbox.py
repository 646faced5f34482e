from __future__ import annotations

from html import unescape

import pytest
from django.test import Client

from content.roles import sync_roles
from shop.core import clock
from shop.core.models import AuditEntry
from shop.notifications.models import SentEmail
from shop.notifications.order_emails import get_order_for_email, order_context
from shop.notifications.services import deliver_email, queue_email
from tests.factories.customers import StaffFactory
from tests.orders.placed import place_order

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _roles() -> None:
    sync_roles()


def log_in(role: str) -> Client:
    client = Client()
    client.force_login(StaffFactory(role=role))
    return client


@pytest.fixture
def email() -> SentEmail:
    order = place_order(email="ada@example.com")
    email = queue_email(
        event_id=10_000_000,
        kind=SentEmail.Kind.ORDER_LINK,
        recipient="ada@example.com",
        context=order_context(get_order_for_email(order.pk)),
        order_number=order.number,
        at=clock.now(),
    )
    deliver_email(email_id=email.pk, at=clock.now())
    email.refresh_from_db()
    return email


def test_support_finds_a_letter_by_recipient_and_order(email: SentEmail) -> None:
    support = log_in("Support")

    for query in ("", "?q=ADA@", f"?q={email.order_number}", "?state=sent", "?kind=order_link"):
        assert email.subject in unescape(support.get(f"/admin/mailbox/{query}").content.decode()), query
    assert email.subject not in unescape(support.get("/admin/mailbox/?state=failed").content.decode())


def test_a_letter_is_shown_in_a_frame_that_runs_nothing(email: SentEmail) -> None:
    support = log_in("Support")

    shown = support.get(f"/admin/mailbox/{email.pk}/").content.decode()
    frame = support.get(f"/admin/mailbox/{email.pk}/html/")

    assert 'sandbox=""' in shown
    assert f"/admin/orders/{email.order_number}/" in shown
    assert frame.content.decode() == email.html
    assert frame["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert frame["X-Frame-Options"] == "SAMEORIGIN"


def test_support_sends_a_letter_again_and_it_is_noted_who_did(email: SentEmail) -> None:
    support = log_in("Support")

    answer = support.post(f"/admin/mailbox/{email.pk}/resend/", follow=True)

    assert "on its way again" in answer.content.decode()
    assert SentEmail.objects.filter(state="queued").count() == 1
    assert AuditEntry.objects.get(action="email.resent").actor.email.startswith("customer")


def test_a_waiting_letter_is_refused_with_the_reason(email: SentEmail) -> None:
    SentEmail.objects.update(state="queued", sent_at=None)

    answer = log_in("Support").post(f"/admin/mailbox/{email.pk}/resend/", follow=True)

    assert "still on its way" in answer.content.decode()
    assert SentEmail.objects.count() == 1


def test_letters_stand_on_their_orders_screen(email: SentEmail) -> None:
    shown = log_in("Ops").get(f"/admin/orders/{email.order_number}/").content.decode()

    assert f"/admin/mailbox/{email.pk}/" in shown


@pytest.mark.parametrize("role", ["Merchandiser", "Approver"])
def test_other_roles_read_no_letters(email: SentEmail, role: str) -> None:
    client = log_in(role)

    for url in ("", f"{email.pk}/", f"{email.pk}/html/"):
        assert client.get(f"/admin/mailbox/{url}").status_code == 302
    client.post(f"/admin/mailbox/{email.pk}/resend/")
    assert SentEmail.objects.count() == 1


def test_an_analyst_reads_but_sends_nothing(email: SentEmail) -> None:
    analyst = log_in("Analyst")

    assert analyst.get(f"/admin/mailbox/{email.pk}/").status_code == 200
    assert "Send again" not in analyst.get(f"/admin/mailbox/{email.pk}/").content.decode()
    analyst.post(f"/admin/mailbox/{email.pk}/resend/")
    assert SentEmail.objects.count() == 1


def test_an_empty_mailbox_tells_what_will_come() -> None:
    assert "has not written to anybody yet" in log_in("Ops").get("/admin/mailbox/").content.decode()
