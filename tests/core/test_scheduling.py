import json
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django_celery_beat.models import CrontabSchedule, PeriodicTask

from nexus.celery import QUEUES
from shop.core.models import ScheduleState
from shop.core.scheduling import Daily, Schedule, calculate_period, claim_period, list_schedules

SWEEP = Schedule(name="Sweep", task="shop.core.tasks.relay_outbox", every=timedelta(minutes=5))


def test_every_schedule_names_a_task_and_a_queue_that_exist() -> None:
    schedules = list_schedules()

    assert len({schedule.name for schedule in schedules}) == len(schedules)
    for schedule in schedules:
        assert callable(schedule.load_task())
        assert schedule.queue in QUEUES
        assert schedule.description


def test_an_interval_divides_time_into_periods() -> None:
    moment = datetime(2026, 1, 1, 12, 7, 30, tzinfo=UTC)

    assert calculate_period(SWEEP.every, moment) == datetime(2026, 1, 1, 12, 5, tzinfo=UTC)
    assert calculate_period(SWEEP.every, moment + timedelta(minutes=2)) == datetime(
        2026, 1, 1, 12, 5, tzinfo=UTC
    )


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC"])
@pytest.mark.parametrize("time", [Daily(2, 30), Daily(1, 45), Daily(0), Daily(23, 59)])
@pytest.mark.django_db
def test_a_year_has_365_days_whatever_daylight_saving_does(settings, zone: str, time: Daily) -> None:
    settings.TIME_ZONE = zone
    moment = datetime(2026, 1, 1, tzinfo=UTC)

    periods = []
    while moment < datetime(2027, 1, 1, tzinfo=UTC):
        periods.append(calculate_period(time, moment))
        moment += timedelta(minutes=15)

    assert periods == sorted(periods), "time never runs backwards"
    assert len(set(periods)) in {365, 366}
    gaps = {
        later - earlier
        for earlier, later in zip(sorted(set(periods)), sorted(set(periods))[1:], strict=False)
    }
    assert gaps <= {timedelta(hours=hours) for hours in (22.5, 23, 23.5, 24, 24.5, 25)}


@pytest.mark.django_db
def test_a_period_is_taken_once() -> None:
    moment = datetime(2026, 1, 1, 12, tzinfo=UTC)

    assert claim_period(schedule=SWEEP, moment=moment)
    assert not claim_period(schedule=SWEEP, moment=moment + timedelta(minutes=4))
    assert claim_period(schedule=SWEEP, moment=moment + timedelta(minutes=5))
    assert not claim_period(schedule=SWEEP, moment=moment), "an earlier period is not run after a later one"


@pytest.mark.django_db
def test_after_three_days_away_a_schedule_runs_once_not_three_times() -> None:
    daily = Schedule(name="Daily", task="shop.core.tasks.clean_up", every=Daily(3, 30))
    monday = datetime(2026, 1, 5, 12, tzinfo=UTC)
    claim_period(schedule=daily, moment=monday)

    assert claim_period(schedule=daily, moment=monday + timedelta(days=3))
    assert not claim_period(schedule=daily, moment=monday + timedelta(days=3, hours=1))
    assert ScheduleState.objects.count() == 1


@pytest.mark.django_db
def test_schedules_are_made_once_and_an_operators_edit_is_kept(settings) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    first = StringIO()
    call_command("sync_schedules", "--json", stdout=first)
    edited = PeriodicTask.objects.get(name="Clean up")
    assert edited.crontab is not None
    assert (edited.task, edited.queue) == ("core.clean_up", "bulk")
    assert str(edited.crontab.timezone) == "Europe/Berlin"
    edited.enabled = False
    edited.crontab = CrontabSchedule.objects.create(minute="0", hour="5")
    edited.save()

    second = StringIO()
    call_command("sync_schedules", "--json", stdout=second)

    edited.refresh_from_db()
    assert (edited.enabled, edited.crontab.hour) == (False, "5")
    assert len(json.loads(first.getvalue())["created"]) == len(list_schedules())
    assert json.loads(second.getvalue())["created"] == []
    sweep = PeriodicTask.objects.get(name="Relay the outbox")
    assert sweep.interval is not None
    assert (sweep.interval.every, sweep.queue, sweep.expire_seconds) == (5, "critical", 5)
