from __future__ import annotations

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from shop.core import clock


class OutboxEvent(models.Model):
    """
    A fact, written in the transaction that made it true, waiting for its effects.

    An event is open until it is done (every consumer has recorded its effect) or parked (five tries
    came to nothing; ops look at it and replay it). ``next_attempt_at`` is also the relay's lease: the
    one that moved it into the future works on the event until then.
    """

    class State(models.TextChoices):
        OPEN = "open", "Waiting"
        DONE = "done", "Done"
        PARKED = "parked", "Parked"

    topic = models.CharField(max_length=100)
    key = models.CharField(max_length=200, help_text="The thing it is about, such as product:12.")
    payload = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    created_at = models.DateTimeField(default=clock.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=clock.now)
    done_at = models.DateTimeField(null=True, blank=True)
    parked_at = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True, default="")
    request_id = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="core_outbox_done_or_parked",
                condition=Q(done_at__isnull=True) | Q(parked_at__isnull=True),
            ),
        ]
        indexes = [
            # What the relay looks at stays small, however many events have been.
            models.Index(
                name="core_outbox_due",
                fields=["next_attempt_at", "id"],
                condition=Q(done_at__isnull=True, parked_at__isnull=True),
            ),
            models.Index(
                name="core_outbox_open_key",
                fields=["key", "id"],
                condition=Q(done_at__isnull=True, parked_at__isnull=True),
            ),
            models.Index(
                name="core_outbox_parked", fields=["parked_at"], condition=Q(parked_at__isnull=False)
            ),
            models.Index(name="core_outbox_done", fields=["done_at"], condition=Q(done_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.key} ({self.pk})"

    @property
    def state(self) -> State:
        if self.done_at:
            return self.State.DONE
        return self.State.PARKED if self.parked_at else self.State.OPEN


class ConsumedEvent(models.Model):
    """One consumer's effect of one event is recorded; it will not be asked again."""

    event = models.ForeignKey(OutboxEvent, on_delete=models.CASCADE, related_name="consumed")
    consumer = models.CharField(max_length=100)
    consumed_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "consumer"], name="core_consumed_once"),
        ]

    def __str__(self) -> str:
        return f"{self.consumer} ← {self.event_id}"
