"""A web process that is killed in the middle of a request with a key."""

from __future__ import annotations

import signal
from datetime import timedelta

import pytest
from rest_framework.response import Response

from shop.core import clock
from shop.core.idempotency import LEASE
from shop.core.models import AuditEntry
from tests.core.sample_api import OrderView, post_order
from tests.factories.core import committed_core
from tests.faults.killing import kill_this_process, run_in_a_process

pytestmark = committed_core


def send() -> Response:
    return post_order("one-key", {"expected_total": {"amount": "12.50", "currency": "EUR"}, "cart": "cart-1"})


def test_a_key_whose_process_was_killed_is_usable_a_minute_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(OrderView, "before_answer", staticmethod(lambda data: kill_this_process()))
    assert run_in_a_process(send) == signal.SIGKILL
    monkeypatch.undo()

    at_once = send()
    with clock.at(clock.now() + LEASE + timedelta(seconds=1)):
        later = send()

    assert (at_once.status_code, at_once.data["code"]) == (409, "idempotency_in_progress")
    assert later.status_code == 201
    # The view under test has no transaction; that its effect stands once is the business of each service.
    assert AuditEntry.objects.filter(action="order").count() == 2
