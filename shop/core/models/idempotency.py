from __future__ import annotations

import uuid

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from shop.core import clock


class IdempotencyKey(models.Model):
    """
    A caller's key, the request it came with, and the answer once there is one.

    ``claim`` names the process that works on it; a takeover changes it, so that a process that was
    given up can no longer write its answer.
    """

    class State(models.TextChoices):
        RUNNING = "running", "Running"
        FINISHED = "finished", "Finished"

    caller = models.CharField(max_length=100)
    key = models.CharField(max_length=255)
    operation = models.CharField(max_length=300, help_text="Method and path, such as POST /api/v1/checkout/.")
    body_hash = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    claim = models.UUIDField(default=uuid.uuid4)
    lease_until = models.DateTimeField()
    status_code = models.PositiveSmallIntegerField(null=True, blank=True)
    headers = models.JSONField(default=dict, blank=True)
    body = models.JSONField(null=True, blank=True, encoder=DjangoJSONEncoder)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["caller", "key"], name="core_idempotency_unique"),
            models.CheckConstraint(
                name="core_idempotency_finished_has_answer",
                condition=Q(state="running") | Q(status_code__isnull=False),
            ),
        ]
        indexes = [models.Index(name="core_idempotency_created", fields=["created_at"])]

    def __str__(self) -> str:
        return f"{self.operation} ({self.state})"
