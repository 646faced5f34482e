"""A relay that is killed at the worst moments: nothing is lost and nothing happens twice."""

from __future__ import annotations

import signal
from datetime import timedelta

import pytest
from django.db import transaction

from shop.core import clock
from shop.core.models import AuditEntry, ConsumedEvent, OutboxEvent
from shop.core.outbox import consumer, record_event
from shop.core.relay import LEASE, MAX_ATTEMPTS, deliver_due
from tests.factories.core import committed_core, recorded
from tests.faults.killing import kill_this_process, run_in_a_process

pytestmark = [committed_core, pytest.mark.usefixtures("registry")]

A_LEASE_LATER = LEASE + timedelta(seconds=1)


def effect(event: OutboxEvent) -> None:
    AuditEntry.objects.create(action="effect", object_type="event", object_id=str(event.pk))


def test_killed_inside_the_effect_it_is_made_again_once() -> None:
    deadly = True

    @consumer("test.happened", name="listener")
    def listener(event: OutboxEvent) -> None:
        effect(event)
        if deadly:
            kill_this_process()

    event = recorded()
    assert run_in_a_process(deliver_due) == signal.SIGKILL
    assert not AuditEntry.objects.exists()
    deadly = False

    assert deliver_due().handled == 0, "its lease holds"
    assert deliver_due(at=clock.now() + A_LEASE_LATER).delivered == 1

    assert AuditEntry.objects.count() == 1
    event.refresh_from_db()
    assert (event.state, event.attempts) == (OutboxEvent.State.DONE, 2)


def test_killed_between_the_effect_and_the_mark_it_is_not_made_again() -> None:
    @consumer("test.happened", name="listener")
    def listener(event: OutboxEvent) -> None:
        effect(event)
        transaction.on_commit(kill_this_process)

    recorded()
    assert run_in_a_process(deliver_due) == signal.SIGKILL
    assert AuditEntry.objects.count() == ConsumedEvent.objects.count() == 1
    assert not OutboxEvent.objects.filter(done_at__isnull=False).exists()

    report = deliver_due(at=clock.now() + A_LEASE_LATER)

    assert report.delivered == 1
    assert AuditEntry.objects.count() == 1


def test_killed_between_two_consumers_only_the_second_is_asked_again() -> None:
    deadly = True
    consumer("test.happened", name="first")(effect)

    @consumer("test.happened", name="second")
    def second(event: OutboxEvent) -> None:
        if deadly:
            kill_this_process()
        effect(event)

    recorded()
    assert run_in_a_process(deliver_due) == signal.SIGKILL
    deadly = False

    deliver_due(at=clock.now() + A_LEASE_LATER)

    assert AuditEntry.objects.count() == 2


def test_a_consumer_that_kills_its_worker_is_parked_after_five_tries_and_takes_nobody_along() -> None:
    @consumer("test.killer", name="killer")
    def killer(event: OutboxEvent) -> None:
        kill_this_process()

    consumer("test.happened", name="listener")(effect)
    poison = recorded("test.killer", key="thing:0")
    innocent = [recorded(key=f"thing:{number}") for number in range(1, 6)]
    moment, kills = clock.now(), 0

    while not OutboxEvent.objects.filter(parked_at__isnull=False).exists():
        kills += run_in_a_process(lambda at=moment: deliver_due(at=at)) == signal.SIGKILL
        moment += A_LEASE_LATER
        assert kills <= MAX_ATTEMPTS

    assert kills == MAX_ATTEMPTS
    deliver_due(at=moment)
    poison.refresh_from_db()
    assert poison.state == OutboxEvent.State.PARKED
    assert "worker died" in poison.last_error
    assert AuditEntry.objects.count() == len(innocent)


def test_a_process_killed_before_its_commit_leaves_no_event() -> None:
    def record_and_die() -> None:
        with transaction.atomic():
            record_event("test.happened", key="thing:1", payload={})
            kill_this_process()

    assert run_in_a_process(record_and_die) == signal.SIGKILL

    assert not OutboxEvent.objects.exists()


def test_a_process_killed_after_its_commit_leaves_an_event_that_is_delivered() -> None:
    consumer("test.happened", name="listener")(effect)

    def record_and_die() -> None:
        recorded()
        kill_this_process()

    assert run_in_a_process(record_and_die) == signal.SIGKILL

    assert deliver_due().delivered == 1
    assert AuditEntry.objects.count() == 1
