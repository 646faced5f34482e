"""What tests of the core share: events, and consumers that are gone after the test."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from shop.core import outbox
from shop.core.models import OutboxEvent
from shop.core.outbox import record_event

# Real commits: the tests of the outbox, of jobs and of the idempotency of requests watch transactions end.
committed_core = pytest.mark.django_db(transaction=True)


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the test subscribe as it likes: the shop's own consumers are away meanwhile."""
    monkeypatch.setattr(outbox, "_consumers", {})
    monkeypatch.setattr(outbox, "_same_transaction", {})


def recorded(topic: str = "test.happened", *, key: str = "thing:1", **payload: Any) -> OutboxEvent:
    """Record an event in a transaction of its own."""
    with transaction.atomic():
        return record_event(topic, key=key, payload=payload)
