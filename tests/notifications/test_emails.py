from __future__ import annotations

import smtplib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from pytest_django import Settings

from shop.core import clock
from shop.core.models import OutboxEvent
from shop.core.relay import deliver_due
from shop.customers.models import User
from shop.notifications.models import SentEmail
from shop.notifications.order_emails import get_order_for_email, order_context
from shop.notifications.services import (
    DeliveryDelayed,
    EmailStillWaiting,
    deliver_email,
    queue_email,
    resend_email,
)
from shop.orders.selectors import order_token, order_url
from shop.orders.services import ShipmentLine, cancel_order, request_order_link, ship_order
from shop.payments.services import mark_paid
from tests.factories.customers import berlin_address
from tests.notifications.sink import SmtpSink
from tests.orders.placed import place_order

pytestmark = pytest.mark.django_db

State = SentEmail.State


@pytest.fixture
def smtp(settings: Settings) -> Iterator[SmtpSink]:
    with SmtpSink() as sink:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_TIMEOUT = 1
        yield sink


def part(message: Any, kind: str) -> str:
    return message.get_body(preferencelist=(kind,)).get_content()


# -- what is written


def test_a_buyer_gets_a_confirmation_over_smtp_with_everything_agreed_on(smtp: SmtpSink) -> None:
    order = place_order(email="ada@example.com")

    deliver_due()

    [message] = smtp.messages
    assert message["To"] == "ada@example.com"
    assert message["Subject"] == f"Your order {order.number} at Nexus"
    assert message["From"] == "Nexus <shop@example.com>"
    assert message["Auto-Submitted"] == "auto-generated"
    for kind in ("plain", "html"):
        body = part(message, kind)
        for expected in (
            order.number,
            "Oak lamp",
            "€79.80",
            "€39.90",
            "€4.90",
            "€124.60",
            "Torstraße 1",
            "Berlin",
        ):
            assert expected in body, (kind, expected)
        assert "Please transfer the total" in body
    assert order_url(order) in part(message, "plain")
    assert order_url(order) in part(message, "html")
    assert SentEmail.objects.get().state == State.SENT


def test_what_is_kept_of_an_email_opens_no_order(smtp: SmtpSink) -> None:
    order = place_order()
    deliver_due()

    kept = SentEmail.objects.get()
    assert order_token(order) not in kept.text + kept.html
    again = resend_email(email=kept, actor=None, at=clock.now())
    deliver_due()

    assert order_token(order) not in again.text + again.html
    assert order_url(order) in part(smtp.messages[1], "plain")


def test_a_paid_order_asks_for_no_money(smtp: SmtpSink) -> None:
    order = place_order()
    mark_paid(order=order, actor=None, at=clock.now())

    deliver_due()

    assert "Please transfer" not in part(smtp.messages[0], "plain")


def test_what_the_buyer_typed_is_escaped_in_html_and_plain_in_text(smtp: SmtpSink) -> None:
    place_order(address=berlin_address(first_name="<b>Tom & Co</b>"))

    deliver_due()

    assert "&lt;b&gt;Tom &amp; Co" in part(smtp.messages[0], "html")
    assert "<b>Tom & Co</b>" in part(smtp.messages[0], "plain")


def test_a_parcel_is_announced_with_its_goods_and_its_tracking(smtp: SmtpSink) -> None:
    order = place_order(quantities=(3,))
    line = ShipmentLine(line_id=order.lines.get().public_id, quantity=2)
    ship_order(
        order=order,
        lines=[line],
        carrier="DHL",
        tracking_number="0034",
        tracking_url="https://dhl.example/?code=0034&lang=en",
        actor=None,
        at=clock.now(),
    )

    deliver_due()

    message = smtp.messages[-1]
    assert message["Subject"] == f"Your order {order.number} is on its way"
    assert "2 x Oak lamp" in part(message, "plain")
    assert "https://dhl.example/?code=0034&lang=en" in part(message, "plain")
    assert "https://dhl.example/?code=0034&amp;lang=en" in part(message, "html")


def test_a_cancelled_order_is_told(smtp: SmtpSink) -> None:
    order = place_order()
    cancel_order(order=order, actor=None, reason="secret reason", at=clock.now())

    deliver_due()

    assert smtp.messages[-1]["Subject"] == f"Your order {order.number} is cancelled"
    assert "There is nothing to pay" in part(smtp.messages[-1], "plain")
    assert "secret reason" not in part(smtp.messages[-1], "plain")


@pytest.mark.parametrize(("email", "letters"), [("ADA@example.com", 2), ("mallory@example.com", 1)])
def test_the_link_goes_only_to_the_address_the_order_was_placed_with(
    smtp: SmtpSink, email: str, letters: int
) -> None:
    order = place_order(email="ada@example.com")
    request_order_link(number=order.number, email=email, at=clock.now())

    deliver_due()

    assert len(smtp.messages) == letters
    assert {message["To"] for message in smtp.messages} == {"ada@example.com"}


def test_the_console_gets_it_where_no_mail_server_is_set(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    order = place_order()

    deliver_due()

    assert f"Subject: Your order {order.number} at Nexus" in capsys.readouterr().out
    assert SentEmail.objects.get().state == State.SENT


# -- once, and in the end


def test_an_event_told_twice_is_mailed_once(smtp: SmtpSink) -> None:
    place_order()
    deliver_due()
    OutboxEvent.objects.update(done_at=None, next_attempt_at=clock.now())

    deliver_due()

    assert len(smtp.messages) == 1


def test_a_mail_server_that_is_away_costs_no_letter(settings: Settings, smtp: SmtpSink) -> None:
    settings.EMAIL_PORT = 1
    place_order()
    deliver_due()
    waiting = SentEmail.objects.get()
    assert (waiting.state, waiting.attempts) == (State.QUEUED, 1)
    assert "refused" in waiting.last_error

    settings.EMAIL_PORT = smtp.port
    deliver_due(at=clock.now() + timedelta(minutes=1))

    assert len(smtp.messages) == 1
    assert SentEmail.objects.get().state == State.SENT


def test_a_silent_mail_server_is_given_up_after_the_timeout_and_tried_again(smtp: SmtpSink) -> None:
    smtp.stall_seconds = 3
    place_order()
    deliver_due()
    assert SentEmail.objects.get().state == State.QUEUED

    smtp.stall_seconds = 0
    deliver_due(at=clock.now() + timedelta(minutes=1))

    assert SentEmail.objects.get().state == State.SENT


def test_a_letter_taken_without_a_word_is_repeated_under_the_same_message_id(smtp: SmtpSink) -> None:
    smtp.drop_after_data = 1
    place_order()

    deliver_due()
    deliver_due(at=clock.now() + timedelta(minutes=1))

    assert len(smtp.messages) == 2
    assert len({message["Message-ID"] for message in smtp.messages}) == 1


def test_an_unknown_mailbox_is_final_and_for_ops_to_see(smtp: SmtpSink) -> None:
    smtp.refuse_recipients["gone@example.com"] = "550 no such mailbox"
    place_order(email="gone@example.com")

    deliver_due()
    deliver_due(at=clock.now() + timedelta(days=1))

    email = SentEmail.objects.get()
    assert (email.state, email.attempts) == (State.FAILED, 1)
    assert "no such mailbox" in email.last_error


def test_a_full_mailbox_is_tried_again(smtp: SmtpSink) -> None:
    smtp.refuse_recipients["full@example.com"] = "452 mailbox full"
    place_order(email="full@example.com")
    deliver_due()

    smtp.refuse_recipients.clear()
    deliver_due(at=clock.now() + timedelta(minutes=1))

    assert SentEmail.objects.get().state == State.SENT


def test_one_letter_that_does_not_go_holds_up_no_other(smtp: SmtpSink) -> None:
    smtp.refuse_recipients["full@example.com"] = "452 mailbox full"
    place_order(email="full@example.com")
    place_order(email="ada@example.com")

    deliver_due()

    assert [message["To"] for message in smtp.messages] == ["ada@example.com"]


def written_email(recipient: str = "ada@example.com") -> SentEmail:
    order = place_order()
    return queue_email(
        event_id=10_000_000 + order.pk,
        kind=SentEmail.Kind.ORDER_LINK,
        recipient=recipient,
        context=order_context(get_order_for_email(order.pk)),
        order_number=order.number,
        at=clock.now(),
    )


def test_whoever_died_while_sending_is_taken_over_after_the_lease(monkeypatch: pytest.MonkeyPatch) -> None:
    class Killed(BaseException):
        pass

    def die(*args: Any, **kwargs: Any) -> None:
        raise Killed

    email, now = written_email(), clock.now()
    with monkeypatch.context() as patch:
        patch.setattr("shop.notifications.services._send", die)
        with pytest.raises(Killed):
            deliver_email(email_id=email.pk, at=now)

    with pytest.raises(DeliveryDelayed):
        deliver_email(email_id=email.pk, at=now + timedelta(seconds=30))
    deliver_email(email_id=email.pk, at=now + timedelta(seconds=61))

    assert SentEmail.objects.get(pk=email.pk).state == State.SENT
    assert len(mail.outbox) == 1


def test_a_letter_that_was_sent_is_not_sent_again() -> None:
    email = written_email()

    for _ in range(3):
        deliver_email(email_id=email.pk, at=clock.now())

    assert len(mail.outbox) == 1


def test_the_server_is_given_up_after_a_day_of_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*args: Any, **kwargs: Any) -> None:
        raise smtplib.SMTPServerDisconnected("away")

    monkeypatch.setattr("shop.notifications.services._send", away)
    email, moment, started = written_email(), clock.now(), clock.now()
    while SentEmail.objects.get(pk=email.pk).state != State.FAILED:
        try:
            deliver_email(email_id=email.pk, at=moment)
        except DeliveryDelayed as problem:
            moment += problem.delay

    assert timedelta(hours=20) < moment - started < timedelta(hours=30)


def test_an_address_no_message_can_be_made_of_fails_for_good(smtp: SmtpSink) -> None:
    email = written_email("ada@exa\nmple.com")

    deliver_email(email_id=email.pk, at=clock.now())

    assert SentEmail.objects.get(pk=email.pk).state == State.FAILED
    assert not smtp.messages


# -- sending again


def test_a_sent_letter_goes_out_again_as_a_copy(smtp: SmtpSink) -> None:
    place_order()
    deliver_due()
    first = SentEmail.objects.get()

    copy = resend_email(email=first, actor=None, at=clock.now())
    deliver_due()

    assert copy.pk != first.pk
    assert [message["Subject"] for message in smtp.messages] == [first.subject] * 2
    assert smtp.messages[0]["Message-ID"] != smtp.messages[1]["Message-ID"]


def test_a_failed_letter_itself_goes_out_again(smtp: SmtpSink) -> None:
    smtp.refuse_recipients["gone@example.com"] = "550 no such mailbox"
    place_order(email="gone@example.com")
    deliver_due()
    smtp.refuse_recipients.clear()

    resend_email(email=SentEmail.objects.get(), actor=User.objects.first(), at=clock.now())
    deliver_due()

    assert SentEmail.objects.get().state == State.SENT


def test_a_waiting_letter_is_not_doubled() -> None:
    with pytest.raises(EmailStillWaiting):
        resend_email(email=written_email(), actor=None, at=clock.now())
