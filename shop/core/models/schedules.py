from __future__ import annotations

from django.db import models


class ScheduleState(models.Model):
    """The last period that a schedule of the embedded worker was run for."""

    name = models.CharField(max_length=100, unique=True)
    last_period = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class WorkerLease(models.Model):
    """Who does a job that only one process at a time may do, and until when without a sign of life."""

    name = models.CharField(max_length=100, unique=True)
    holder = models.CharField(max_length=100)
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name}: {self.holder}"
