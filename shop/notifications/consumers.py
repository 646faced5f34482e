"""What the shop writes to people when something happens."""

from __future__ import annotations

from urllib.parse import urljoin

from django.conf import settings

from shop.core import clock
from shop.core.models import OutboxEvent
from shop.core.outbox import TryLater, consumer
from shop.customers.models import NewsletterSubscription
from shop.customers.newsletter import make_confirm_token
from shop.notifications.models import SentEmail
from shop.notifications.order_emails import get_order_for_email, order_context
from shop.notifications.services import DeliveryDelayed, deliver_email, queue_email


# Not "order.placed": an order that waits for its payment may never become a sale.
@consumer("order.confirmed", name="notifications.order_confirmation")
def write_order_confirmation(event: OutboxEvent) -> None:
    """Thank the buyer, with everything that was agreed on."""
    _write_order_email(event, SentEmail.Kind.ORDER_CONFIRMATION)


@consumer("order.shipped", name="notifications.order_shipped")
def write_order_shipped(event: OutboxEvent) -> None:
    """Tell the buyer which parcel is on its way, and how to follow it."""
    _write_order_email(event, SentEmail.Kind.ORDER_SHIPPED)


@consumer("order.cancelled", name="notifications.order_cancelled")
def write_order_cancelled(event: OutboxEvent) -> None:
    """Tell the buyer that nothing will come."""
    _write_order_email(event, SentEmail.Kind.ORDER_CANCELLED)


@consumer("order.link_requested", name="notifications.order_link")
def write_order_link(event: OutboxEvent) -> None:
    """Send the order's link to the address it was placed with, where number and address fitted together."""
    if event.payload["order_id"] is not None:
        _write_order_email(event, SentEmail.Kind.ORDER_LINK)


@consumer("newsletter.asked", name="notifications.newsletter_confirm")
def write_newsletter_confirmation(event: OutboxEvent) -> None:
    """Send the link by which somebody confirms that the letters may come."""
    subscription = NewsletterSubscription.objects.filter(pk=event.payload["subscription_id"]).first()
    if subscription is None:
        return
    path = f"/newsletter/confirm/{make_confirm_token(subscription)}/"
    queue_email(
        event_id=event.pk,
        kind=SentEmail.Kind.NEWSLETTER_CONFIRM,
        recipient=subscription.email,
        context={"confirm_url": urljoin(settings.SITE_URL, path)},
        at=clock.now(),
    )


def _write_order_email(event: OutboxEvent, kind: SentEmail.Kind) -> None:
    order = get_order_for_email(event.payload["order_id"])
    parcel_id = event.payload.get("fulfilment")
    parcel = next((one for one in order.fulfilments.all() if str(one.public_id) == parcel_id), None)
    queue_email(
        event_id=event.pk,
        kind=kind,
        recipient=order.email,
        context=order_context(order, fulfilment=parcel),
        order_number=order.number,
        at=clock.now(),
    )


@consumer("email.queued", name="notifications.delivery", external=True)
def send_queued_email(event: OutboxEvent) -> None:
    """Hand a written e-mail to the mail server, again and again until it takes it."""
    try:
        deliver_email(email_id=event.payload["email_id"], at=clock.now())
    except DeliveryDelayed as problem:
        raise TryLater(str(problem), delay=problem.delay) from problem
