from __future__ import annotations

from typing import ClassVar

from django.db import models

from shop.core import clock


class SentEmail(models.Model):
    """
    One e-mail to one person about one fact, kept as it was written. It is made in the transaction of the
    fact's consumer and sent later; unique per event, kind and recipient, so that a fact told twice is mailed
    once.
    """

    class Kind(models.TextChoices):
        ORDER_CONFIRMATION = "order_confirmation", "Order confirmation"
        ORDER_SHIPPED = "order_shipped", "Order shipped"
        ORDER_CANCELLED = "order_cancelled", "Order cancelled"
        ORDER_LINK = "order_link", "Link to an order"
        NEWSLETTER_CONFIRM = "newsletter_confirm", "Confirmation of the newsletter"

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting"
        SENDING = "sending", "Being sent"
        SENT = "sent", "Sent"
        FAILED = "failed", "Failed"

    # The event's id and no foreign key: the outbox forgets its events after a while, the mailbox does not.
    event_id = models.BigIntegerField(editable=False)
    kind = models.CharField(max_length=30, choices=Kind.choices)
    recipient = models.EmailField(max_length=254)
    sender = models.CharField(max_length=320)
    subject = models.CharField(max_length=255)
    text = models.TextField()
    html = models.TextField()
    message_id = models.CharField(max_length=255, unique=True, help_text="The same at every attempt.")
    order_number = models.CharField(max_length=40, blank=True, db_index=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED, db_index=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=clock.now, db_index=True)
    # Who claims a row for sending has until then; afterwards another may take it over.
    lease_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-created_at", "-pk"]
        verbose_name = "e-mail"
        permissions = [("resend_email", "Can send an e-mail again")]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["event_id", "kind", "recipient"], name="notifications_once_per_event"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="sent") | models.Q(sent_at__isnull=False),
                name="notifications_sent_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} → {self.recipient}"
