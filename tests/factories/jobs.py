"""Kinds of jobs for tests, gone after the test."""

from __future__ import annotations

from typing import Any

import pytest

from shop.core.jobs import registry as jobs_registry
from shop.core.jobs import start_job
from shop.core.models import BackgroundJob


@pytest.fixture
def job_kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the test register the kinds it likes: the shop's own are away meanwhile."""
    monkeypatch.setattr(jobs_registry, "_steps", {})


def started(
    kind: str = "test.count", *, label: str = "Count", total: int | None = None, **params: Any
) -> BackgroundJob:
    """Start a job in a transaction of its own."""
    return start_job(kind=kind, label=label, params=params, total=total)
