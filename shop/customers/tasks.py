from typing import Any

from celery import shared_task

from shop.core import clock
from shop.customers import services


@shared_task
def forget_ended_sessions(**kwargs: Any) -> int:
    """Delete log-ins and attempt counters that ended long ago."""
    return services.forget_ended_sessions(at=clock.now())
