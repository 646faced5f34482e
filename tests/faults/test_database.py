"""PostgreSQL drops every connection, as when it is restarted or fails over."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest
from django.db import connection, connections

from shop.core import clock, embedded
from shop.core.embedded import EmbeddedWorker
from shop.core.models import AuditEntry, OutboxEvent
from shop.core.outbox import consumer
from shop.core.relay import LEASE, deliver_due
from tests.core.sample_api import OrderView, post_order
from tests.factories.core import committed_core, recorded

pytestmark = [committed_core, pytest.mark.postgres, pytest.mark.usefixtures("registry")]

BODY = {"expected_total": {"amount": "12.50", "currency": "EUR"}, "cart": "cart-1"}


def drop_all_other_connections() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def in_a_thread(work: Callable[[], object]) -> threading.Thread:
    def run() -> None:
        try:
            work()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def eventually(condition: Callable[[], bool], seconds: float = 15) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False


def test_the_embedded_worker_goes_on_by_itself(monkeypatch: pytest.MonkeyPatch, settings) -> None:
    settings.SCHEDULES = "tests.core.test_embedded.SCHEDULES"
    monkeypatch.setattr(embedded, "PAUSE_AFTER_ERROR", 0.2)
    consumer("test.happened", name="listener")(
        lambda event: AuditEntry.objects.create(action="effect", object_type="event", object_id=str(event.pk))
    )
    worker = EmbeddedWorker()
    worker.start()
    try:
        for number in range(3):
            event = recorded(key=f"thing:{number}")
            drop_all_other_connections()
            worker.wake()
            assert eventually(lambda pk=event.pk: OutboxEvent.objects.get(pk=pk).done_at is not None)
    finally:
        worker.stop()

    assert AuditEntry.objects.filter(action="effect").count() == 3


def test_an_effect_cut_off_in_the_middle_is_made_again_once() -> None:
    entered, leave = threading.Event(), threading.Event()

    @consumer("test.happened", name="listener")
    def listener(event: OutboxEvent) -> None:
        AuditEntry.objects.create(action="effect", object_type="event", object_id=str(event.pk))
        if not leave.is_set():
            entered.set()
            leave.wait(10)

    recorded()
    thread = in_a_thread(deliver_due)
    assert entered.wait(10)

    drop_all_other_connections()
    leave.set()
    thread.join()

    assert not AuditEntry.objects.exists()
    assert deliver_due(at=clock.now() + LEASE + LEASE).delivered == 1
    assert AuditEntry.objects.count() == 1


def test_a_request_cut_off_in_the_middle_is_answered_503_and_the_next_one_well(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def cut_off(data: object) -> None:
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    monkeypatch.setattr(OrderView, "before_answer", staticmethod(cut_off))
    answers = []
    in_a_thread(lambda: answers.append(post_order("key-1", BODY))).join()
    monkeypatch.undo()
    in_a_thread(lambda: answers.append(post_order("key-2", BODY))).join()

    assert [answer.status_code for answer in answers] == [503, 201]
    assert answers[0]["Retry-After"] == "5"
    assert answers[0].data["code"] == "unavailable"
