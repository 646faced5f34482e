import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from django.db import OperationalError

from shop.core import clock, embedded
from shop.core.embedded import LEASE_NAME, EmbeddedWorker
from shop.core.jobs import Step, job_step
from shop.core.models import AuditEntry, BackgroundJob, OutboxEvent, WorkerLease
from shop.core.outbox import consumer
from shop.core.scheduling import Schedule
from tests.factories.core import committed_core, recorded
from tests.factories.jobs import job_kinds, started

__all__ = ["job_kinds"]

pytestmark = [committed_core, pytest.mark.usefixtures("registry")]


def note() -> None:
    AuditEntry.objects.create(action="scheduled", object_type="test", object_id="1")


def fail() -> None:
    raise RuntimeError("a job of ours is broken")


SCHEDULES = [
    Schedule(name="Broken", task="tests.core.test_embedded.fail", every=timedelta(hours=1)),
    Schedule(name="Note", task="tests.core.test_embedded.note", every=timedelta(hours=1)),
]


@pytest.fixture(autouse=True)
def _schedules(settings) -> None:
    settings.SCHEDULES = "tests.core.test_embedded.SCHEDULES"


@pytest.fixture
def workers() -> Iterator[Callable[[], EmbeddedWorker]]:
    started: list[EmbeddedWorker] = []

    def start() -> EmbeddedWorker:
        worker = EmbeddedWorker()
        started.append(worker)
        worker.start()
        return worker

    yield start
    for worker in started:
        worker.stop()
        assert not worker.is_alive


def eventually(condition: Callable[[], bool], seconds: float = 8) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False


def lease_holder() -> str:
    lease = WorkerLease.objects.filter(name=LEASE_NAME, expires_at__gt=clock.now()).first()
    return lease.holder if lease else ""


def test_it_delivers_what_is_recorded_and_keeps_the_schedules(workers) -> None:
    consumer("test.happened", name="listener")(lambda event: None)
    worker = workers()
    event = recorded()
    worker.wake()

    assert eventually(lambda: OutboxEvent.objects.get(pk=event.pk).state == OutboxEvent.State.DONE)
    assert eventually(lambda: AuditEntry.objects.filter(action="scheduled").count() == 1)
    time.sleep(1.2)
    assert AuditEntry.objects.filter(action="scheduled").count() == 1, (
        "once an hour, also beside a broken job"
    )


@pytest.mark.usefixtures("job_kinds")
def test_it_runs_background_jobs_between_its_other_duties(workers) -> None:
    @job_step("test.note")
    def step(job: BackgroundJob, at: datetime) -> Step:
        number = job.cursor or 0
        return Step(cursor=number + 1, finished=number == 2, done=1)

    workers()
    job = started("test.note")

    assert eventually(lambda: BackgroundJob.objects.get(pk=job.pk).status == BackgroundJob.Status.DONE)
    assert BackgroundJob.objects.get(pk=job.pk).done == 3


def test_one_of_two_does_the_work_and_the_other_takes_over(workers) -> None:
    first = workers()
    assert eventually(lambda: lease_holder() == first.holder)
    second = workers()
    time.sleep(0.3)
    assert lease_holder() == first.holder

    first.stop()

    assert eventually(lambda: lease_holder() == second.holder)


def test_a_lease_whose_holder_died_runs_out(workers) -> None:
    WorkerLease.objects.create(name=LEASE_NAME, holder="dead", expires_at=clock.now() + timedelta(seconds=1))
    worker = workers()

    assert lease_holder() == "dead"
    assert eventually(lambda: lease_holder() == worker.holder)


def test_it_outlives_a_database_that_is_away(workers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "PAUSE_AFTER_ERROR", 0.1)
    answers = iter([OperationalError("gone"), OperationalError("gone")])

    def deliver() -> None:
        for error in answers:
            raise error

    monkeypatch.setattr(embedded, "deliver_due", deliver)
    worker = workers()

    assert eventually(lambda: AuditEntry.objects.filter(action="scheduled").exists())
    assert worker.is_alive


def test_a_process_has_one_worker() -> None:
    try:
        assert embedded.start() is embedded.start()
        embedded.wake()
    finally:
        embedded.stop()
    embedded.stop()
    embedded.wake()
