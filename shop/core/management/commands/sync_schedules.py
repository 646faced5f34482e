from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction
from django_celery_beat.models import CrontabSchedule, IntervalSchedule, PeriodicTask

from shop.core.scheduling import Schedule, list_schedules


class Command(BaseCommand):
    help = (
        "Create the schedules that are missing, for Celery beat. A schedule that is there is never touched: "
        "operators edit it in the admin, and switch it off there rather than delete it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="for machines")

    def handle(self, *args: Any, **options: Any) -> None:
        created: list[str] = []
        kept: list[str] = []
        for schedule in list_schedules():
            (created if create_periodic_task(schedule=schedule) else kept).append(schedule.name)
        if options["json"]:
            self.stdout.write(json.dumps({"created": created, "kept": kept}))
        else:
            self.stdout.write(f"{len(created)} created, {len(kept)} kept as they are")


@transaction.atomic
def create_periodic_task(*, schedule: Schedule) -> bool:
    """Create beat's row for a schedule; False, and nothing touched, when there is one of that name."""
    if PeriodicTask.objects.filter(name=schedule.name).exists():
        return False
    when: dict[str, Any]
    if isinstance(schedule.every, timedelta):
        interval, _ = IntervalSchedule.objects.get_or_create(
            every=int(schedule.every.total_seconds()), period=IntervalSchedule.SECONDS
        )
        # A sweep that nobody took before the next one is due would only queue up.
        when = {"interval": interval, "expire_seconds": max(5, interval.every)}
    else:
        crontab, _ = CrontabSchedule.objects.get_or_create(
            minute=str(schedule.every.minute), hour=str(schedule.every.hour), timezone=settings.TIME_ZONE
        )
        when = {"crontab": crontab}
    task = schedule.load_task()
    _, created = PeriodicTask.objects.get_or_create(
        name=schedule.name,
        defaults={
            **when,
            "task": getattr(task, "name", schedule.task),
            "queue": schedule.queue,
            "description": schedule.description,
        },
    )
    return created
