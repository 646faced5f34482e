"""Writing e-mails down, and getting them to the mail server."""

from __future__ import annotations

import smtplib
from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import formataddr, make_msgid, parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F, Q
from django.template.loader import render_to_string

from shop.core.audit import record_audit
from shop.core.errors import ShopError
from shop.core.models import ShopSettings
from shop.core.outbox import record_event
from shop.core.selectors import get_shop_settings
from shop.customers.models import User
from shop.notifications.models import SentEmail
from shop.notifications.order_emails import fill_in_token

# Longer than a conversation with a slow server takes (EMAIL_TIMEOUT for each of its steps).
SENDING_LEASE = timedelta(seconds=60)
FIRST_RETRY_AFTER = timedelta(seconds=15)
LONGEST_RETRY_AFTER = timedelta(minutes=15)
# With the delays above: about a day of a mail server that does not answer.
MAX_ATTEMPTS = 100
# RFC 5321, section 4.2.1: the server will not take this message, now or later.
FINAL_REPLIES = range(500, 600)


class DeliveryDelayed(Exception):
    """The e-mail is not out yet; try again after ``delay``."""

    def __init__(self, reason: str, *, delay: timedelta) -> None:
        super().__init__(reason)
        self.delay = delay


class EmailStillWaiting(ShopError):
    """It has not been sent a first time, so there is nothing to repeat."""

    code = "email_still_waiting"
    status = 409
    title = "This e-mail is still on its way. Wait until it is sent, or has failed, before sending it again."


# -- writing ---------------------------------------------------------------------------------------------


@transaction.atomic
def queue_email(
    *,
    event_id: int,
    kind: SentEmail.Kind,
    recipient: str,
    context: Mapping[str, Any],
    order_number: str = "",
    at: datetime,
) -> SentEmail:
    """
    Write an e-mail from the templates ``notifications/email/<kind>.{subject,txt,html}`` and record
    "email.queued", upon which it is sent. A second call for the same event, kind and recipient returns the
    first e-mail.
    """
    held = SentEmail.objects.filter(event_id=event_id, kind=kind, recipient=recipient).first()
    if held is not None:
        return held
    shop = get_shop_settings()
    full_context = {"shop": shop, **context}
    template = f"notifications/email/{kind.value}"
    email, is_new = SentEmail.objects.get_or_create(
        event_id=event_id,
        kind=kind,
        recipient=recipient,
        defaults={
            "sender": formataddr((shop.shop_name, _sender_address(shop))),
            "subject": " ".join(render_to_string(f"{template}.subject", full_context).split())[:255],
            "text": render_to_string(f"{template}.txt", full_context),
            "html": render_to_string(f"{template}.html", full_context),
            "message_id": _new_message_id(_sender_address(shop)),
            "order_number": order_number,
            "created_at": at,
        },
    )
    if is_new:
        _record_queued(email, at)
    return email


@transaction.atomic
def resend_email(*, email: SentEmail, actor: User | None, at: datetime) -> SentEmail:
    """
    Send an e-mail once more as it was written: a failed one itself, a sent one as a copy.

    :returns: the e-mail that is waiting now
    :raises EmailStillWaiting: if it has not been sent a first time
    """
    email = SentEmail.objects.select_for_update().get(pk=email.pk)
    if email.state in (SentEmail.State.QUEUED, SentEmail.State.SENDING):
        raise EmailStillWaiting
    record_audit(actor=actor, action="email.resent", target=email, changes={"recipient": email.recipient})
    if email.state == SentEmail.State.FAILED:
        email.state, email.attempts, email.last_error = SentEmail.State.QUEUED, 0, ""
        email.save(update_fields=["state", "attempts", "last_error"])
        _record_queued(email, at)
        return email
    request = record_event(
        "email.resend_requested", key=f"email:{email.pk}", payload={"email_id": email.pk}, at=at
    )
    copy = SentEmail.objects.create(
        event_id=request.pk,
        kind=email.kind,
        recipient=email.recipient,
        sender=email.sender,
        subject=email.subject,
        text=email.text,
        html=email.html,
        message_id=_new_message_id(parseaddr(email.sender)[1]),
        order_number=email.order_number,
        created_at=at,
    )
    _record_queued(copy, at)
    return copy


def _record_queued(email: SentEmail, at: datetime) -> None:
    record_event("email.queued", key=f"email:{email.pk}", payload={"email_id": email.pk}, at=at)


def _sender_address(shop: ShopSettings) -> str:
    return shop.sender_email or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def _new_message_id(sender: str) -> str:
    return make_msgid(domain=sender.rpartition("@")[2] or "localhost")


# -- sending ---------------------------------------------------------------------------------------------


def deliver_email(*, email_id: int, at: datetime) -> None:
    """
    Hand an e-mail to the mail server. Call it outside of a transaction, as often as you like: one that was
    sent is not sent again. Only a process killed between the server's yes and ours sends twice, under the
    same Message-ID, by which mail clients drop the second.

    A refusal for good (unknown mailbox, unusable address) marks it failed, for ops to see.

    :raises DeliveryDelayed: if the server cannot be reached or another process is at it
    """
    claimable = Q(state=SentEmail.State.QUEUED) | Q(state=SentEmail.State.SENDING, lease_until__lte=at)
    claimed = SentEmail.objects.filter(claimable, pk=email_id).update(
        state=SentEmail.State.SENDING, attempts=F("attempts") + 1, lease_until=at + SENDING_LEASE
    )
    email = SentEmail.objects.filter(pk=email_id).first()
    if email is None or email.state in (SentEmail.State.SENT, SentEmail.State.FAILED):
        return
    if not claimed:
        raise DeliveryDelayed("Another process is sending it.", delay=SENDING_LEASE)
    try:
        _send(email)
    except (smtplib.SMTPException, OSError) as problem:
        if _is_final(problem) or email.attempts >= MAX_ATTEMPTS:
            _set_state(email, SentEmail.State.FAILED, last_error=str(problem)[:500])
            return
        _set_state(email, SentEmail.State.QUEUED, last_error=str(problem)[:500])
        raise DeliveryDelayed(str(problem), delay=_retry_delay(email.attempts)) from problem
    except ValueError as problem:  # An address or header that no message can be made of.
        _set_state(email, SentEmail.State.FAILED, last_error=str(problem)[:500])
        return
    _set_state(email, SentEmail.State.SENT, sent_at=at, last_error="")


def _send(email: SentEmail) -> None:
    message = EmailMultiAlternatives(
        subject=email.subject,
        body=fill_in_token(email.text, email.order_number),
        from_email=email.sender,
        to=[email.recipient],
        # RFC 3834, section 5: keeps holiday replies from answering a machine.
        headers={"Message-ID": email.message_id, "Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(fill_in_token(email.html, email.order_number), "text/html")
    message.send(fail_silently=False)


def _is_final(problem: Exception) -> bool:
    """
    Whether the server said no for good: a reply code of 5xx about this message (RFC 5321, section 4.2.1).
    """
    if isinstance(problem, smtplib.SMTPRecipientsRefused):
        return all(code in FINAL_REPLIES for code, _ in problem.recipients.values())
    if isinstance(
        problem, smtplib.SMTPAuthenticationError | smtplib.SMTPConnectError | smtplib.SMTPHeloError
    ):
        return False
    return isinstance(problem, smtplib.SMTPResponseException) and problem.smtp_code in FINAL_REPLIES


def _retry_delay(attempts: int) -> timedelta:
    return min(FIRST_RETRY_AFTER * 2 ** min(attempts - 1, 10), LONGEST_RETRY_AFTER)


def _set_state(email: SentEmail, state: SentEmail.State, **fields: Any) -> None:
    # Only while it is ours: after the lease another process may have taken it over and sent it.
    SentEmail.objects.filter(pk=email.pk, state=SentEmail.State.SENDING, attempts=email.attempts).update(
        state=state, lease_until=None, **fields
    )
