"""What the core itself does about facts: a job that was started is taken up at once."""

from __future__ import annotations

import logging

from django.conf import settings

from shop.core.models import OutboxEvent
from shop.core.nudge import Publisher
from shop.core.outbox import consumer

logger = logging.getLogger(__name__)


@consumer("job.started", name="core.run_jobs", external=True)
def ask_a_worker(event: OutboxEvent) -> None:
    """Ask a worker to look at the jobs. Losing the message costs the seconds until the next sweep."""
    # Embedded, the thread that relays runs the jobs itself, right after this.
    if settings.EMBEDDED or not getattr(settings, "OUTBOX_NUDGE", True):
        return
    from shop.core.tasks import run_jobs

    publisher = Publisher()
    try:
        publisher.publish(run_jobs)
    except Exception:
        logger.warning("The broker could not be told of a new job; the sweep will.", exc_info=True)
    finally:
        publisher.close()
