"""The newsletter's list, by double opt-in: who asks gets a link, and who follows it gets letters."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core import signing
from django.db import transaction

from shop.core.errors import NotFoundError
from shop.core.outbox import record_event
from shop.customers.models import NewsletterSubscription

CONFIRM_SALT = "customers.newsletter.confirm"
LEAVE_SALT = "customers.newsletter.leave"
CONFIRM_WITHIN = timedelta(days=14)
# Nobody's mailbox is filled by asking again and again in their name.
ASK_AGAIN_AFTER = timedelta(minutes=15)


class LinkNotValid(NotFoundError):
    """The link is too old, or was never made by this shop."""

    code = "link_not_valid"
    title = "This link is too old or incomplete."


@transaction.atomic
def ask_for_newsletter(*, email: str, at: datetime) -> None:
    """
    Let the confirming link be sent to an address. Does and tells the same for every address; one that is
    subscribed already, or was asked for minutes ago, gets no other e-mail.
    """
    held = NewsletterSubscription.objects.select_for_update().filter(email__iexact=email).first()
    if held is None:
        held, is_new = NewsletterSubscription.objects.get_or_create(
            email=email.lower(), defaults={"asked_at": at}
        )
        if not is_new:
            return
    elif held.state == NewsletterSubscription.State.SUBSCRIBED or at < held.asked_at + ASK_AGAIN_AFTER:
        return
    else:
        held.state, held.asked_at = NewsletterSubscription.State.PENDING, at
        held.save(update_fields=["state", "asked_at"])
    record_event("newsletter.asked", key=f"newsletter:{held.pk}", payload={"subscription_id": held.pk}, at=at)


@transaction.atomic
def confirm_newsletter(*, token: str, at: datetime) -> NewsletterSubscription:
    """
    Subscribe whoever followed the link; doing it twice is fine.

    :raises LinkNotValid: if the link is no such link, or older than 14 days
    """
    held = _find(token, salt=CONFIRM_SALT, max_age=CONFIRM_WITHIN)
    if held.state == NewsletterSubscription.State.PENDING:
        held.state, held.confirmed_at = NewsletterSubscription.State.SUBSCRIBED, at
        held.save(update_fields=["state", "confirmed_at"])
    return held


@transaction.atomic
def leave_newsletter(*, token: str, at: datetime) -> NewsletterSubscription:
    """
    Send nothing more to this address; doing it twice is fine.

    :raises LinkNotValid: if the link is no such link
    """
    held = _find(token, salt=LEAVE_SALT)
    if held.state != NewsletterSubscription.State.LEFT:
        held.state, held.left_at = NewsletterSubscription.State.LEFT, at
        held.save(update_fields=["state", "left_at"])
    return held


def make_confirm_token(subscription: NewsletterSubscription) -> str:
    """What the confirming link carries; nothing of it is stored."""
    return signing.dumps(str(subscription.public_id), salt=CONFIRM_SALT)


def make_leave_token(subscription: NewsletterSubscription) -> str:
    """What the link below every letter carries; it never grows old."""
    return signing.dumps(str(subscription.public_id), salt=LEAVE_SALT)


def _find(token: str, *, salt: str, max_age: timedelta | None = None) -> NewsletterSubscription:
    try:
        public_id = signing.loads(token, salt=salt, max_age=max_age)
    except signing.BadSignature as error:
        raise LinkNotValid from error
    held = NewsletterSubscription.objects.select_for_update().filter(public_id=public_id).first()
    if held is None:
        raise LinkNotValid
    return held
