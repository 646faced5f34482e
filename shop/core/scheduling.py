"""
Schedules: what runs by the clock, said once in code (``nexus/schedules.py``).

With Celery, ``manage.py sync_schedules`` makes rows of django-celery-beat of them, which operators edit
from then on. Embedded, the in-process worker asks :func:`claim_period` and runs them itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.module_loading import import_string

from shop.core.models import ScheduleState


@dataclass(frozen=True, slots=True)
class Daily:
    """Once a day, at a time of the shop's own time zone."""

    hour: int
    minute: int = 0


@dataclass(frozen=True, slots=True)
class Schedule:
    """
    A job that runs by the clock. It must bear being run twice and being late.

    :param task: dotted path of a Celery task that takes no arguments it needs
    :param every: how often
    :param queue: ``critical``, ``default`` or ``bulk``
    """

    name: str
    task: str
    every: timedelta | Daily
    queue: str = "default"
    description: str = field(default="", compare=False)

    def load_task(self) -> Any:
        """Return the task itself."""
        return import_string(self.task)


def list_schedules() -> Sequence[Schedule]:
    """Return the schedules of the project (setting ``SCHEDULES``, a dotted path)."""
    schedules: Sequence[Schedule] = import_string(getattr(settings, "SCHEDULES", "nexus.schedules.SCHEDULES"))
    return schedules


def calculate_period(every: timedelta | Daily, moment: datetime) -> datetime:
    """
    Return the beginning of the latest period at ``moment``: what has run for it need not run again.

    A day of the shop's time zone is one period, whatever daylight saving does to its length.
    """
    if isinstance(every, timedelta):
        seconds = every.total_seconds()
        return datetime.fromtimestamp(moment.timestamp() // seconds * seconds, tz=UTC)
    local = moment.astimezone(ZoneInfo(settings.TIME_ZONE))
    due = datetime.combine(local.date(), time(every.hour, every.minute), tzinfo=local.tzinfo)
    # Compared in UTC: a local time that the clocks skip is due when they have been put forward.
    if due.astimezone(UTC) > moment:
        yesterday = local.date() - timedelta(days=1)
        due = datetime.combine(yesterday, time(every.hour, every.minute), tzinfo=local.tzinfo)
    return due.astimezone(UTC)


def claim_period(*, schedule: Schedule, moment: datetime) -> bool:
    """Take the schedule's latest period for oneself; False when it has been run, or is being run."""
    period = calculate_period(schedule.every, moment)
    states = ScheduleState.objects.filter(name=schedule.name)
    if states.filter(last_period__lt=period).update(last_period=period):
        return True
    if states.exists():
        return False
    ScheduleState.objects.bulk_create(
        [ScheduleState(name=schedule.name, last_period=period)], ignore_conflicts=True
    )
    # Whoever lost the race runs it too, once in the life of a database; jobs bear that.
    return True
