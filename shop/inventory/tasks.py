from __future__ import annotations

from typing import Any

from celery import shared_task

from shop.core import clock
from shop.inventory import services


@shared_task
def sweep_expired_reservations(**kwargs: Any) -> None:
    """Give back what was reserved too long ago; safe to run twice and late."""
    services.sweep_expired_reservations(at=clock.now())
