"""Background jobs: chunks that stand or fall whole, tries, cancelling, resuming, taking turns."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import transaction

from shop.core import clock, tasks
from shop.core.errors import ShopError
from shop.core.jobs import (
    JobIsBusy,
    JobNotCancellable,
    JobNotResumable,
    RowResult,
    Step,
    UnknownJobKind,
    cancel_job,
    delete_old_jobs,
    job_step,
    list_visible_jobs,
    resume_job,
    run_due_jobs,
    run_inline,
    start_job,
)
from shop.core.jobs.leases import LEASE, claim_next, renew
from shop.core.models import AuditEntry, BackgroundJob, JobRow, OutboxEvent
from shop.core.relay import deliver_due
from tests.factories.jobs import job_kinds, started

__all__ = ["job_kinds"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("job_kinds")]

Status = BackgroundJob.Status
CHUNK = 2


class Unmendable(ShopError):
    code = "unmendable"
    title = "The file has no header row."


def effect(number: int) -> None:
    AuditEntry.objects.create(action="effect", object_type="test", object_id=str(number))


def effects() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("object_id", flat=True))


def count_two(job: BackgroundJob, at: datetime) -> Step:
    """Handle two numbers of ``params["numbers"]``; refuse what is negative."""
    numbers = job.params["numbers"]
    begin = job.cursor or 0
    rows = []
    for number in numbers[begin : begin + CHUNK]:
        effect(number)
        rows.append(RowResult(label=str(number), status="refused" if number < 0 else "ok"))
    return Step(
        cursor=begin + CHUNK,
        rows=rows,
        finished=begin + CHUNK >= len(numbers),
        result={"seen": begin + CHUNK},
    )


def test_a_job_is_done_chunk_by_chunk_with_a_row_for_each_thing() -> None:
    job_step("test.count")(count_two)
    job = started(numbers=[1, -2, 3, 4, 5], total=5)

    chunks = run_due_jobs()

    job.refresh_from_db()
    assert chunks == 3
    assert (job.status, job.done, job.refused, job.percent) == (Status.DONE, 5, 1, 100)
    assert job.started_at
    assert job.finished_at
    assert job.result == {"seen": 6}
    assert effects() == ["1", "-2", "3", "4", "5"]
    assert list(job.rows.values_list("position", "label", "status")) == [
        (1, "1", "ok"), (2, "-2", "refused"), (3, "3", "ok"), (4, "4", "ok"), (5, "5", "ok"),
    ]  # fmt: skip


def test_starting_and_ending_are_facts_that_others_can_hear_of() -> None:
    job_step("test.count")(count_two)
    job = started(numbers=[1])

    run_due_jobs()

    told = list(OutboxEvent.objects.order_by("pk").values_list("topic", "payload"))
    about = {"job": job.pk, "kind": "test.count"}
    assert told == [
        ("job.started", {**about, "status": "queued"}),
        ("job.finished", {**about, "status": "done"}),
    ]
    assert deliver_due().handled == 2, "no broker is needed to deliver them"


def test_a_kind_that_nothing_can_do_is_refused_at_the_start() -> None:
    with pytest.raises(UnknownJobKind):
        started("test.unheard_of")


def test_a_kind_has_one_function() -> None:
    job_step("test.count")(count_two)
    job_step("test.count")(count_two)

    with pytest.raises(ValueError, match="another job's kind"):
        job_step("test.count")(lambda job, at: Step(cursor=None))


def test_a_worker_leaves_alone_what_only_a_newer_version_can_do() -> None:
    job_step("test.count")(count_two)
    BackgroundJob.objects.create(kind="test.of_tomorrow", label="Newer")

    assert run_due_jobs() == 0


def test_a_chunk_that_raises_leaves_nothing_and_is_tried_three_times_with_growing_pauses() -> None:
    @job_step("test.count")
    def breaks_at_three(job: BackgroundJob, at: datetime) -> Step:
        step = count_two(job, at)
        if job.cursor == CHUNK:
            raise RuntimeError("the disk is full")
        return step

    job = started(numbers=[1, 2, 3, 4])
    now = clock.now()

    pauses = []
    for _ in range(3):
        with clock.at(now):
            run_due_jobs()
            job.refresh_from_db()
            pauses.append(job.next_attempt_at - now)
            assert run_due_jobs() == 0, "it waits"
        now = max(job.next_attempt_at, now)

    assert pauses[:2] == [timedelta(seconds=5), timedelta(seconds=15)]
    assert (job.status, job.done, job.cursor) == (Status.FAILED, 2, 2)
    assert job.error == "RuntimeError: the disk is full"
    assert effects() == ["1", "2"]
    assert job.rows.count() == 2


def test_a_failed_job_is_resumed_where_its_last_whole_chunk_ended() -> None:
    broken = True

    @job_step("test.count")
    def breaks_at_three(job: BackgroundJob, at: datetime) -> Step:
        step = count_two(job, at)
        if broken and job.cursor == CHUNK:
            raise RuntimeError("the disk is full")
        return step

    job = run_inline(start_job(kind="test.count", label="Count", params={"numbers": [1, 2, 3]}, inline=True))
    assert job.status == Status.FAILED
    broken = False

    resume_job(job=job, actor=None)
    run_due_jobs()

    job.refresh_from_db()
    assert (job.status, job.error, job.done) == (Status.DONE, "", 3)
    assert effects() == ["1", "2", "3"]


def test_a_refusal_is_not_tried_again() -> None:
    tries = []

    @job_step("test.count")
    def refuse(job: BackgroundJob, at: datetime) -> Step:
        tries.append(at)
        raise Unmendable()

    job = started()

    run_due_jobs()

    job.refresh_from_db()
    assert (job.status, job.error, len(tries)) == (Status.FAILED, "The file has no header row.", 1)


def test_a_waiting_job_is_cancelled_at_once() -> None:
    job_step("test.count")(count_two)
    job = started(numbers=[1])

    cancel_job(job=job, actor=None)

    assert job.status == Status.CANCELLED
    assert run_due_jobs() == 0
    assert effects() == []


def test_a_running_job_is_cancelled_after_the_chunk_at_hand_and_can_go_on_later() -> None:
    @job_step("test.count")
    def cancelled_meanwhile(job: BackgroundJob, at: datetime) -> Step:
        if job.cursor is None:
            cancel_job(job=BackgroundJob.objects.get(pk=job.pk), actor=None)
        return count_two(job, at)

    job = started(numbers=[1, 2, 3])

    run_due_jobs()

    job.refresh_from_db()
    assert (job.status, effects()) == (Status.CANCELLED, ["1", "2"])
    resume_job(job=job, actor=None)
    run_due_jobs()
    assert effects() == ["1", "2", "3"]


def test_what_has_ended_cannot_be_cancelled_and_what_runs_cannot_be_resumed() -> None:
    job_step("test.count")(count_two)
    job = started(numbers=[1])

    with pytest.raises(JobNotResumable):
        resume_job(job=job, actor=None)
    run_due_jobs()

    with pytest.raises(JobNotCancellable):
        cancel_job(job=job, actor=None)


def test_a_job_done_in_this_process_is_no_workers() -> None:
    job_step("test.count")(count_two)
    job = start_job(kind="test.count", label="Count", params={"numbers": [1, 2, 3]}, inline=True)
    assert run_due_jobs() == 0

    done = run_inline(job)

    assert (done.status, done.done) == (Status.DONE, 3)
    with pytest.raises(JobIsBusy):
        run_inline(job)


def test_a_process_that_dies_before_it_began_leaves_its_job_to_the_workers() -> None:
    job_step("test.count")(count_two)
    start_job(kind="test.count", label="Count", params={"numbers": [1, 2, 3]}, inline=True)

    with clock.at(clock.now() + LEASE + timedelta(seconds=1)):
        run_due_jobs()

    assert effects() == ["1", "2", "3"]


def test_a_worker_whose_job_was_taken_over_undoes_its_chunk() -> None:
    @job_step("test.count")
    def slow(job: BackgroundJob, at: datetime) -> Step:
        if job.cursor is None:
            # What another worker does when this one gives no sign of life.
            with clock.at(clock.now() + LEASE + timedelta(seconds=1)):
                assert claim_next() is not None
        return count_two(job, at)

    job = started(numbers=[1, 2, 3])

    run_due_jobs()

    job.refresh_from_db()
    assert (job.done, job.cursor, effects()) == (0, None, [])


def test_a_lease_is_renewed_only_by_its_holder() -> None:
    job_step("test.count")(count_two)
    started(numbers=[1])
    mine = claim_next()
    assert mine is not None
    assert renew(mine)

    with clock.at(clock.now() + LEASE + timedelta(seconds=1)):
        assert claim_next() is not None
        assert not renew(mine)


def test_jobs_take_turns() -> None:
    order: list[str] = []

    @job_step("test.count")
    def note(job: BackgroundJob, at: datetime) -> Step:
        order.append(job.label)
        begin = job.cursor or 0
        return Step(cursor=begin + 1, finished=begin == 2)

    started(label="first")
    started(label="second")

    run_due_jobs(slice_seconds=0)

    assert order == ["first", "second"] * 3


def test_a_step_may_count_things_that_have_no_row() -> None:
    job_step("test.count")(lambda job, at: Step(cursor=1, done=500, total=500, finished=True))
    job = started()

    run_due_jobs()

    job.refresh_from_db()
    assert (job.done, job.total, job.row_count) == (500, 500, 0)


def test_people_see_their_own_jobs_and_ops_all(django_user_model, admin_user) -> None:
    job_step("test.count")(count_two)
    ann = django_user_model.objects.create_user(email="ann@example.com", password="x")
    hers = start_job(kind="test.count", label="Hers", params={}, actor=ann)
    started(label="Of the system")

    assert list(list_visible_jobs(ann)) == [hers]
    assert list_visible_jobs(admin_user).count() == 2


def test_old_jobs_go_with_their_rows() -> None:
    job_step("test.count")(count_two)
    with clock.at(clock.now() - timedelta(days=91)):
        old = started(numbers=[1, 2, 3])
        run_due_jobs()
    started(numbers=[4])
    run_due_jobs()

    assert delete_old_jobs() == 1

    assert not BackgroundJob.objects.filter(pk=old.pk).exists()
    assert JobRow.objects.filter(label="4").exists()


def test_the_nightly_clean_up_takes_old_jobs_along() -> None:
    BackgroundJob.objects.create(
        kind="test.count", label="Old", status=Status.DONE, finished_at=clock.now() - timedelta(days=91)
    )

    tasks.clean_up()

    assert not BackgroundJob.objects.exists()


def test_the_workers_task_does_what_is_due(settings) -> None:
    settings.EMBEDDED = False
    job_step("test.count")(count_two)
    job = started(numbers=[1, 2, 3])

    tasks.run_jobs()

    job.refresh_from_db()
    assert job.status == Status.DONE
    assert tasks.run_jobs.queue == "bulk"


def test_a_job_started_in_a_transaction_that_fails_never_was() -> None:
    job_step("test.count")(count_two)

    def start_and_fail() -> None:
        with transaction.atomic():
            started(numbers=[1])
            raise RuntimeError("no")

    with pytest.raises(RuntimeError):
        start_and_fail()

    assert not BackgroundJob.objects.exists()
