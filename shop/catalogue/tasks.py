from __future__ import annotations

from typing import Any

from celery import shared_task

from shop.catalogue.services.windows import apply_due_windows as apply_windows
from shop.core import clock


@shared_task
def apply_due_windows(**kwargs: Any) -> None:
    """Announce the variants whose sale has begun or ended; safe to run twice and late."""
    apply_windows(at=clock.now())
