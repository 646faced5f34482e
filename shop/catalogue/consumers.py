"""What the catalogue does about facts: its own, and those that its publish checks depend on."""

from __future__ import annotations

from shop.catalogue.readiness import readiness_topics
from shop.catalogue.services.readiness import refresh_readiness, refresh_readiness_of_variants
from shop.catalogue.services.redirects import keep_old_address
from shop.core.models import OutboxEvent
from shop.core.outbox import consumer, same_transaction


@same_transaction("address.changed")
def lead_on_from_old_address(event: OutboxEvent) -> None:
    """Something went live under another address than before: the old one leads there."""
    keep_old_address(event.payload["old_path"], event.payload["new_path"])


def score_again(event: OutboxEvent) -> None:
    """Something that publish checks look at has changed: the list of products goes by what they say now."""
    payload = event.payload
    if "product_id" in payload:
        refresh_readiness([payload["product_id"]])
    elif "product_ids" in payload:
        refresh_readiness(payload["product_ids"])
    else:
        refresh_readiness_of_variants(payload["variant_ids"])


def follow_readiness() -> None:
    """Listen to what the registered checks depend on; called once every app has brought its own."""
    for topic in readiness_topics():
        consumer(topic, name="catalogue.readiness")(score_again)
