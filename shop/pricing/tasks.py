from __future__ import annotations

from typing import Any

from celery import shared_task

from shop.core import clock
from shop.pricing import services


@shared_task
def apply_due_price_lists(**kwargs: Any) -> None:
    """Announce the price lists that have begun or ended; safe to run twice and late."""
    services.apply_due_price_lists(at=clock.now())
