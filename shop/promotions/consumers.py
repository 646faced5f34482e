"""What keeps the prices of catalogue promotions in step, in the transaction of each change."""

from __future__ import annotations

from shop.core import clock
from shop.core.models import OutboxEvent
from shop.core.outbox import same_transaction
from shop.promotions.services.catalogue import (
    is_written_by_a_promotion,
    refresh_products,
    refresh_variants,
)


@same_transaction("price.changed")
def follow_base_prices(event: OutboxEvent) -> None:
    """A base price changed; what promotions write themselves changes nothing."""
    if not is_written_by_a_promotion(event.payload["price_list"]):
        refresh_variants(event.payload["variant_ids"], at=clock.now())


@same_transaction("variant.changed")
def follow_variants(event: OutboxEvent) -> None:
    """Variants were added, changed or archived."""
    refresh_variants(event.payload["variant_ids"], at=clock.now())


@same_transaction("product.published")
def follow_product(event: OutboxEvent) -> None:
    """A product may have come into a category, or left one."""
    refresh_products([event.payload["product_id"]], at=clock.now())


@same_transaction("products.changed")
def follow_products(event: OutboxEvent) -> None:
    """Many products changed at once."""
    refresh_products(event.payload["product_ids"], at=clock.now())
