"""What the catalogue does about its own facts, in the transaction that makes them true."""

from __future__ import annotations

from shop.catalogue.services.redirects import keep_old_address
from shop.core.models import OutboxEvent
from shop.core.outbox import same_transaction


@same_transaction("address.changed")
def lead_on_from_old_address(event: OutboxEvent) -> None:
    """Something went live under another address than before: the old one leads there."""
    keep_old_address(event.payload["old_path"], event.payload["new_path"])
