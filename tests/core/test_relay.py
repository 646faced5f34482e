from datetime import timedelta

import pytest
from django.db import transaction

from shop.core import clock
from shop.core.models import AuditEntry, ConsumedEvent, OutboxEvent
from shop.core.outbox import TryLater, consumer, record_event
from shop.core.relay import BATCH, LEASE, MAX_ATTEMPTS, calculate_delay, deliver_due
from shop.core.request_id import get_request_id, request_id_set
from shop.core.services import delete_done_events, replay_events
from tests.factories.core import recorded

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("registry")]


def test_every_consumer_of_an_event_is_asked_once() -> None:
    heard: list[str] = []
    consumer("test.happened", name="first")(lambda event: heard.append(f"first {event.payload['number']}"))
    consumer("test.*", name="second", external=True)(lambda event: heard.append("second"))
    event = recorded(number=7)

    report = deliver_due()
    deliver_due()

    assert heard == ["first 7", "second"]
    assert report.delivered == 1
    event.refresh_from_db()
    assert event.state == OutboxEvent.State.DONE
    assert event.attempts == 1
    assert set(ConsumedEvent.objects.values_list("consumer", flat=True)) == {"first", "second"}


def test_an_event_that_nobody_wants_is_done() -> None:
    for number in range(BATCH + 5):
        recorded(key=f"thing:{number}")

    assert deliver_due().delivered == BATCH + 5
    assert not OutboxEvent.objects.filter(done_at=None).exists()


def test_a_consumer_works_under_the_request_that_caused_the_event() -> None:
    seen: list[str] = []
    consumer("test.happened", name="listener")(lambda event: seen.append(get_request_id()))
    with request_id_set("req-42"):
        recorded()

    deliver_due()

    assert seen == ["req-42"]
    assert get_request_id() == ""


def test_what_a_failing_consumer_wrote_is_undone_and_it_is_asked_again_later() -> None:
    attempts: list[int] = []

    @consumer("test.happened", name="flaky")
    def flaky(event: OutboxEvent) -> None:
        AuditEntry.objects.create(action="test", object_type="thing", object_id="1")
        attempts.append(event.attempts)
        if len(attempts) < 3:
            raise RuntimeError("not yet")

    event = recorded()

    assert deliver_due().retried == 1
    assert not AuditEntry.objects.exists()
    assert deliver_due().handled == 0, "it waits first"
    event.refresh_from_db()
    assert event.last_error == "flaky: RuntimeError: not yet"
    assert deliver_due(at=clock.now() + timedelta(minutes=1)).retried == 1
    assert deliver_due(at=clock.now() + timedelta(minutes=5)).delivered == 1
    assert attempts == [1, 2, 3]
    assert AuditEntry.objects.count() == 1


def test_one_consumers_failure_holds_up_no_other() -> None:
    heard: list[str] = []

    @consumer("test.happened", name="broken")
    def broken(event: OutboxEvent) -> None:
        raise RuntimeError("broken")

    consumer("test.happened", name="sound")(lambda event: heard.append("sound"))
    recorded()

    deliver_due()
    deliver_due(at=clock.now() + timedelta(minutes=10))

    assert heard == ["sound"]


def test_a_poisonous_event_is_parked_after_five_tries_and_can_be_replayed() -> None:
    cured = False

    @consumer("test.happened", name="poisoned")
    def poisoned(event: OutboxEvent) -> None:
        if not cured:
            raise RuntimeError("poison")

    event = recorded()
    moment = clock.now()
    for _ in range(MAX_ATTEMPTS + 2):
        deliver_due(at=moment)
        moment += timedelta(hours=1)

    event.refresh_from_db()
    assert event.state == OutboxEvent.State.PARKED
    assert event.attempts == MAX_ATTEMPTS
    cured = True
    assert replay_events(event_ids=[event.pk, 999]).refused == [999]
    assert deliver_due().delivered == 1
    event.refresh_from_db()
    assert event.state == OutboxEvent.State.DONE


def test_a_consumer_that_asks_for_patience_is_never_parked() -> None:
    patience = [TryLater("mail server away", delay=timedelta(seconds=10))] * 20

    @consumer("test.happened", name="patient", external=True)
    def patient(event: OutboxEvent) -> None:
        if patience:
            raise patience.pop()

    event = recorded()
    moment = clock.now()
    for _ in range(20):
        assert deliver_due(at=moment).postponed == 1
        moment += timedelta(seconds=11)

    assert deliver_due(at=moment).delivered == 1
    event.refresh_from_db()
    assert event.attempts == 1


def test_events_of_one_key_keep_their_order_also_when_one_fails() -> None:
    heard: list[tuple[str, int]] = []
    failing = {1}

    @consumer("test.happened", name="listener")
    def listener(event: OutboxEvent) -> None:
        number = event.payload["number"]
        if number in failing:
            raise RuntimeError("not now")
        heard.append((event.key, number))

    for number in range(3):
        recorded(key="order:1", number=number)
        recorded(key="order:2", number=number + 10)

    deliver_due()
    assert [number for key, number in heard if key == "order:1"] == [0], "2 waits for 1"
    assert [number for key, number in heard if key == "order:2"] == [10, 11, 12]
    failing.clear()
    deliver_due(at=clock.now() + timedelta(minutes=1))
    assert [number for key, number in heard if key == "order:1"] == [0, 1, 2]


def test_a_parked_event_lets_those_behind_it_pass() -> None:
    heard: list[int] = []

    @consumer("test.happened", name="listener")
    def listener(event: OutboxEvent) -> None:
        if event.payload["number"] == 0:
            raise RuntimeError("poison")
        heard.append(event.payload["number"])

    recorded(number=0)
    recorded(number=1)
    moment = clock.now()
    for _ in range(MAX_ATTEMPTS + 1):
        deliver_due(at=moment)
        moment += timedelta(hours=1)

    assert heard == [1]


def test_an_event_claimed_by_a_relay_that_died_is_due_again_after_its_lease() -> None:
    class Killed(BaseException):
        """Stands for SIGKILL: nothing catches it."""

    heard: list[int] = []

    @consumer("test.happened", name="listener")
    def listener(event: OutboxEvent) -> None:
        heard.append(event.attempts)
        if len(heard) == 1:
            raise Killed

    recorded()
    with pytest.raises(Killed):
        deliver_due()

    assert deliver_due().handled == 0, "the lease holds"
    assert deliver_due(at=clock.now() + LEASE + timedelta(seconds=1)).delivered == 1
    assert heard == [1, 2]


def test_a_lost_lease_is_noticed_before_the_effect() -> None:
    heard: list[str] = []

    @consumer("test.happened", name="slow")
    def slow(event: OutboxEvent) -> None:
        heard.append(event.key)
        if event.key == "thing:0":
            # Meanwhile the lease on the second runs out, and another relay delivers it.
            deliver_due(at=clock.now() + LEASE + timedelta(seconds=1))

    recorded(key="thing:0")
    recorded(key="thing:1")

    report = deliver_due()

    assert heard == ["thing:0", "thing:1"]
    assert (report.delivered, report.lost) == (1, 1)


def test_delays_grow_and_are_spread() -> None:
    delays = [calculate_delay(attempts).total_seconds() for attempts in (1, 2, 3, 4)]

    for delay, middle in zip(delays, (5, 15, 45, 135), strict=True):
        assert middle * 0.66 < delay < middle * 1.34
    assert sum(delays) < 300, "nothing is stuck for five minutes"


def test_events_are_forgotten_a_month_after_they_were_done() -> None:
    consumer("test.happened", name="listener")(lambda event: None)
    old = recorded(key="old")
    deliver_due()
    parked = recorded(key="parked")
    OutboxEvent.objects.filter(pk=parked.pk).update(parked_at=clock.now())

    with clock.at(clock.now() + timedelta(days=31)):
        waiting = recorded(key="waiting")
        assert delete_done_events() == 1

    assert not OutboxEvent.objects.filter(pk=old.pk).exists()
    assert set(OutboxEvent.objects.values_list("pk", flat=True)) == {parked.pk, waiting.pk}


def test_delivering_costs_a_fixed_number_of_statements(django_assert_max_num_queries) -> None:
    consumer("test.happened", name="listener")(lambda event: None)
    with transaction.atomic():
        for number in range(10):
            record_event("test.happened", key=f"thing:{number}", payload={})

    # Claiming is 4 with its transaction, and each event 8: start, look, a transaction and a savepoint
    # around one insert, done.
    with django_assert_max_num_queries(10 * 8 + 2 * 4):
        deliver_due()
