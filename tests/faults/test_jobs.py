"""Workers that are killed in the middle of a job: every chunk is done once, whatever the moment."""

from __future__ import annotations

import signal
import threading
from datetime import datetime, timedelta

import pytest
from django.db import connections, transaction

from shop.core import clock
from shop.core.jobs import RowResult, Step, job_step, resume_job, run_due_jobs
from shop.core.jobs.leases import LEASE, claim_next
from shop.core.models import AuditEntry, BackgroundJob
from tests.factories.core import committed_core
from tests.factories.jobs import job_kinds, started
from tests.faults.killing import kill_this_process, run_in_a_process

__all__ = ["job_kinds"]

pytestmark = [committed_core, pytest.mark.usefixtures("registry", "job_kinds")]

CHUNKS = 4
A_LEASE_LATER = LEASE + timedelta(seconds=1)


def effects() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("object_id", flat=True))


def do_one(job: BackgroundJob, at: datetime) -> Step:
    """One number per chunk."""
    number = job.cursor or 0
    AuditEntry.objects.create(action="effect", object_type="test", object_id=str(number))
    return Step(
        cursor=number + 1, rows=[RowResult(label=str(number))], finished=number + 1 == CHUNKS, total=CHUNKS
    )


@pytest.mark.parametrize("moment", ["inside the chunk", "after its commit"])
@pytest.mark.parametrize("fatal", range(CHUNKS))
def test_a_worker_killed_at_any_chunk_leaves_a_job_that_comes_to_the_same_end(
    fatal: int, moment: str
) -> None:
    deadly = True

    @job_step("test.count")
    def step(job: BackgroundJob, at: datetime) -> Step:
        done = do_one(job, at)
        if deadly and (job.cursor or 0) == fatal:
            if moment == "inside the chunk":
                kill_this_process()
            transaction.on_commit(kill_this_process)
        return done

    job = started()
    assert run_in_a_process(run_due_jobs) == signal.SIGKILL
    assert len(effects()) == fatal + (moment == "after its commit")
    deadly = False
    assert run_due_jobs() == 0 or fatal == CHUNKS - 1, "its lease holds"

    with clock.at(clock.now() + A_LEASE_LATER):
        run_due_jobs()

    job.refresh_from_db()
    assert (job.status, job.done, job.total) == (BackgroundJob.Status.DONE, CHUNKS, CHUNKS)
    assert effects() == [str(number) for number in range(CHUNKS)]
    assert list(job.rows.values_list("position", "label")) == [(n + 1, str(n)) for n in range(CHUNKS)]


def test_a_chunk_that_kills_its_worker_each_time_fails_after_three_tries_and_takes_nobody_along() -> None:
    deadly = True

    @job_step("test.killer")
    def killer(job: BackgroundJob, at: datetime) -> Step:
        if deadly and job.cursor == 1:
            kill_this_process()
        return do_one(job, at)

    job_step("test.count")(do_one)
    poison = started("test.killer")
    moment, kills = clock.now(), 0
    while poison.is_open:
        with clock.at(moment):
            kills += run_in_a_process(run_due_jobs) == signal.SIGKILL
        moment += A_LEASE_LATER
        poison.refresh_from_db()
        assert kills <= 3
    innocent = started()
    run_due_jobs()

    innocent.refresh_from_db()
    assert innocent.status == BackgroundJob.Status.DONE
    assert (poison.status, kills, poison.done) == (BackgroundJob.Status.FAILED, 3, 1)
    assert "worker died" in poison.error
    deadly = False
    resume_job(job=poison, actor=None)
    run_due_jobs()
    poison.refresh_from_db()
    assert (poison.status, poison.done) == (BackgroundJob.Status.DONE, CHUNKS)


def test_of_many_workers_one_gets_a_job() -> None:
    job_step("test.count")(do_one)
    started()
    barrier = threading.Barrier(6)
    claimed: list[BackgroundJob] = []

    def claim() -> None:
        try:
            barrier.wait(10)
            job = claim_next()
            if job is not None:
                claimed.append(job)
        finally:
            connections.close_all()

    workers = [threading.Thread(target=claim) for _ in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)

    assert len(claimed) == 1


def test_many_workers_do_many_jobs_once() -> None:
    job_step("test.count")(do_one)
    jobs = [started() for _ in range(5)]

    def work() -> None:
        try:
            run_due_jobs(slice_seconds=0)
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    run_due_jobs()

    assert BackgroundJob.objects.filter(status=BackgroundJob.Status.DONE).count() == len(jobs)
    assert sorted(effects()) == sorted(str(number) for number in range(CHUNKS) for _ in jobs)
