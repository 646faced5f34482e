from __future__ import annotations

from typing import Any

from celery import shared_task

from shop.core import clock
from shop.pricing import services
from shop.pricing.selectors import fetches_rates


@shared_task
def apply_due_price_lists(**kwargs: Any) -> None:
    """
    Announce the price lists that have begun or ended, write planned prices that have come about, and convert
    what a new exchange rate changes; safe to run twice and late.
    """
    now = clock.now()
    services.apply_due_price_lists(at=now)
    services.apply_due_plans(at=now)
    services.apply_exchange_rates(at=now)


@shared_task
def fetch_exchange_rates(**kwargs: Any) -> None:
    """Fetch the day's exchange rates where the shop wants them; safe to run twice and late."""
    if fetches_rates():
        services.fetch_exchange_rates(at=clock.now())
        services.apply_exchange_rates(at=clock.now())
