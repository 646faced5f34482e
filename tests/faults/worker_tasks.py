"""What a real Celery worker of the tests loads beside the shop: a consumer, and a lease that is soon over."""

from __future__ import annotations

from datetime import timedelta

from shop.core import relay
from shop.core.models import AuditEntry, OutboxEvent
from shop.core.outbox import consumer
from shop.core.request_id import get_request_id

relay.LEASE = timedelta(seconds=2)  # type: ignore[misc]


@consumer("worker_test.happened", name="worker_test.listener")
def listen(event: OutboxEvent) -> None:
    """Leave a trace of the effect, and of the request that it followed from."""
    AuditEntry.objects.create(
        action="worker_test", object_type="event", object_id=str(event.pk), request_id=get_request_id()
    )
