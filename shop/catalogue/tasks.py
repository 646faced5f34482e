from __future__ import annotations

from typing import Any

from celery import shared_task

from shop.catalogue.services.readiness import mark_stale, sweep_stale
from shop.catalogue.services.windows import apply_due_windows as apply_windows
from shop.core import clock

# A sweep ends after this time; the next one goes on.
SWEEP_SECONDS = 15.0


@shared_task
def apply_due_windows(**kwargs: Any) -> None:
    """Announce the variants whose sale has begun or ended; safe to run twice and late."""
    apply_windows(at=clock.now())


@shared_task
def score_stale_products(**kwargs: Any) -> None:
    """Check again the products that something many of them depend on has touched; safe to run twice."""
    sweep_stale(seconds=SWEEP_SECONDS)


@shared_task
def score_products_anew(**kwargs: Any) -> None:
    """Have every product checked again by the next sweeps, for what passed by every event."""
    mark_stale()
