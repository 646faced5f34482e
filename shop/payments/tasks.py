from __future__ import annotations

from typing import Any

from celery import shared_task

from shop.core import clock
from shop.payments import reconciliation


@shared_task
def reconcile_payments(**kwargs: Any) -> None:
    """Heal payments that were cut off from their gateway, and give up orders that were never paid."""
    reconciliation.reconcile_payments(at=clock.now())
