"""Several relays at once, on real connections."""

from __future__ import annotations

import threading
import time
from collections import Counter, defaultdict

import pytest
from django.db import connection, transaction

from shop.core.models import AuditEntry, ConsumedEvent, OutboxEvent
from shop.core.outbox import consumer, record_event
from shop.core.relay import deliver_due
from tests.factories.core import committed_core

pytestmark = [committed_core, pytest.mark.usefixtures("registry")]


def relay_in_threads(count: int) -> None:
    """Let so many relays work until nothing is open."""

    def work() -> None:
        try:
            deadline = time.monotonic() + 60
            while OutboxEvent.objects.filter(done_at=None).exists() and time.monotonic() < deadline:
                deliver_due(limit=20)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def record(keys: int, each: int) -> None:
    with transaction.atomic():
        for number in range(each):
            for key in range(keys):
                record_event("test.happened", key=f"thing:{key}", payload={"number": number})


def test_four_relays_have_each_effect_once_and_keep_the_order_of_every_key() -> None:
    heard: dict[str, list[int]] = defaultdict(list)
    outside: Counter[int] = Counter()

    @consumer("test.happened", name="inside")
    def inside(event: OutboxEvent) -> None:
        AuditEntry.objects.create(action="effect", object_type="event", object_id=str(event.pk))
        heard[event.key].append(event.payload["number"])

    @consumer("test.happened", name="outside", external=True)
    def outside_world(event: OutboxEvent) -> None:
        outside[event.pk] += 1

    record(keys=30, each=6)

    relay_in_threads(4)

    effects = Counter(AuditEntry.objects.values_list("object_id", flat=True))
    assert (len(effects), set(effects.values())) == (180, {1})
    assert (len(outside), set(outside.values())) == (180, {1})
    assert all(numbers == list(range(6)) for numbers in heard.values())
    assert ConsumedEvent.objects.count() == 360


@pytest.mark.postgres
def test_a_slow_consumer_of_one_event_holds_up_no_other_relay() -> None:
    entered, leave = threading.Event(), threading.Event()

    @consumer("test.happened", name="sometimes_slow")
    def sometimes_slow(event: OutboxEvent) -> None:
        if event.key == "thing:0":
            entered.set()
            leave.wait(30)

    record(keys=1, each=2)
    slow = threading.Thread(target=lambda: (deliver_due(), connection.close()))
    slow.start()
    assert entered.wait(10)
    with transaction.atomic():
        record_event("test.happened", key="thing:1", payload={"number": 0})

    started = time.monotonic()
    report = deliver_due()
    took = time.monotonic() - started

    assert report.delivered == 1, "the other key is delivered, the second event of the slow key waits"
    assert took < 2
    leave.set()
    slow.join()
    assert not OutboxEvent.objects.filter(done_at=None).exists()


def test_a_consumer_that_outlives_its_lease_still_has_one_effect(monkeypatch: pytest.MonkeyPatch) -> None:
    from datetime import timedelta

    from shop.core import relay

    monkeypatch.setattr(relay, "LEASE", timedelta(seconds=0.2))
    started = threading.Semaphore(0)

    @consumer("test.happened", name="slow")
    def slow(event: OutboxEvent) -> None:
        started.release()
        time.sleep(0.8)
        AuditEntry.objects.create(action="effect", object_type="event", object_id=str(event.pk))

    record(keys=1, each=1)
    first = threading.Thread(target=lambda: (deliver_due(), connection.close()))
    first.start()
    assert started.acquire(timeout=10)
    time.sleep(0.3)

    deliver_due()
    first.join()

    assert AuditEntry.objects.count() == 1
    assert OutboxEvent.objects.get().state == OutboxEvent.State.DONE
