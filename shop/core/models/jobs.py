from __future__ import annotations

import uuid

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q

from shop.core import clock


class BackgroundJob(models.Model):
    """
    Work that takes longer than a request may: done in chunks that each stand or fall whole.

    ``cursor`` says how far it has come; it is written in the transaction of the chunk, so that whoever goes
    on after a worker's death does no chunk twice and leaves none out. ``lease_token`` is the running
    worker's proof that the job is still its own.
    """

    class Status(models.TextChoices):
        QUEUED = "queued", "Waiting"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    OPEN = (Status.QUEUED, Status.RUNNING)
    RESUMABLE = (Status.FAILED, Status.CANCELLED)

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=100, help_text="What is done, such as catalogue.publish.")
    label = models.CharField(
        max_length=255, help_text='In the reader\'s words, such as "Publish 120 products".'
    )
    params = models.JSONField(default=dict, blank=True, encoder=DjangoJSONEncoder)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.QUEUED)
    total = models.PositiveIntegerField(null=True, blank=True)
    done = models.PositiveIntegerField(default=0, help_text="Things handled, the refused ones included.")
    refused = models.PositiveIntegerField(default=0)
    row_count = models.PositiveIntegerField(default=0)
    cursor = models.JSONField(null=True, blank=True, encoder=DjangoJSONEncoder)
    result = models.JSONField(default=dict, blank=True, encoder=DjangoJSONEncoder)
    error = models.TextField(blank=True, default="")
    attempts = models.PositiveSmallIntegerField(default=0, help_text="Tries of the chunk at hand.")
    next_attempt_at = models.DateTimeField(default=clock.now)
    lease_token = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    cancel_requested_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=clock.now)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    request_id = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        verbose_name = "background job"
        verbose_name_plural = "background jobs"
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(name="core_job_refused_of_done", condition=Q(refused__lte=F("done"))),
        ]
        indexes = [
            # What workers look at stays small, however many jobs have been.
            models.Index(
                name="core_job_due",
                fields=["next_attempt_at", "id"],
                condition=Q(status__in=["queued", "running"]),
            ),
            models.Index(name="core_job_created", fields=["-created_at", "-id"]),
            models.Index(name="core_job_finished", fields=["finished_at"]),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def is_open(self) -> bool:
        """Whether there is still something to do."""
        return self.status in self.OPEN

    @property
    def percent(self) -> int | None:
        """How far it has come, 0 to 100; ``None`` while nobody knows how much there is."""
        if self.status == self.Status.DONE:
            return 100
        if not self.total:
            return None
        return min(100, self.done * 100 // self.total)


class JobRow(models.Model):
    """What became of one thing that a job handled."""

    class Status(models.TextChoices):
        OK = "ok", "Done"
        WARNING = "warning", "Done with a warning"
        SKIPPED = "skipped", "Nothing to do"
        REFUSED = "refused", "Refused"

    job = models.ForeignKey(BackgroundJob, on_delete=models.CASCADE, related_name="rows")
    position = models.PositiveIntegerField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OK)
    object_type = models.CharField(max_length=100, blank=True, default="")
    object_id = models.CharField(max_length=100, blank=True, default="")
    label = models.CharField(max_length=255)
    detail = models.TextField(blank=True, default="")
    data = models.JSONField(default=dict, blank=True, encoder=DjangoJSONEncoder)

    class Meta:
        ordering = ["job", "position"]
        constraints = [
            models.UniqueConstraint(fields=["job", "position"], name="core_job_row_once"),
        ]
        indexes = [
            models.Index(name="core_job_row_status", fields=["job", "status", "position"]),
        ]

    def __str__(self) -> str:
        return f"{self.position}: {self.label}"
