"""Stock of many variants at once, for imports and demo shops."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from django.db import transaction

from shop.core import clock
from shop.inventory.ledger import announce_status_change, locked_stock
from shop.inventory.models import StockItem, StockMovement, Warehouse
from shop.inventory.services.movements import move_checked, refuse_bundles, require_quantity

if TYPE_CHECKING:
    from shop.customers.models import User

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class StockCount:
    """What lies in a warehouse of one variant; the rules are left as they are where they are ``None``."""

    variant_id: int
    on_hand: int
    low_stock_threshold: int | None = None
    allows_backorder: bool | None = None


def bulk_load_stock(
    *,
    warehouse: Warehouse,
    counts: Iterable[StockCount],
    kind: StockMovement.Kind | None = None,
    reference: str = "import",
    actor: User | None = None,
    at: datetime | None = None,
    batch_size: int = 500,
    announce: bool = True,
) -> int:
    """
    Set the stock of any number of variants in batches, each all or none; returns the number of counts.

    :param kind: what the ledger calls it; without, a receipt where there was none, a count where there was
    :param announce: ``False`` when the caller tells search of the products itself
    :raises InvalidMovement: for a count below zero or beyond a billion
    :raises StockBelowReserved: when less was counted than is promised; the earlier batches stand
    """
    moment = at or clock.now()
    rest = iter(counts)
    loaded = 0
    while batch := list(islice(rest, batch_size)):
        for count in batch:
            require_quantity(count.on_hand, "on_hand")
            require_quantity(count.low_stock_threshold or 0, "low_stock_threshold")
        with transaction.atomic():
            _load(warehouse, batch, kind=kind, reference=reference, actor=actor, at=moment, announce=announce)
        loaded += len(batch)
    return loaded


def _load(
    warehouse: Warehouse,
    counts: Sequence[StockCount],
    *,
    kind: StockMovement.Kind | None,
    reference: str,
    actor: User | None,
    at: datetime,
    announce: bool,
) -> None:
    # The last count of a variant is the one that holds.
    wanted = {count.variant_id: count for count in counts}
    refuse_bundles(wanted)
    held = dict(
        StockItem.objects.filter(warehouse=warehouse, variant_id__in=wanted).values_list("variant_id", "pk")
    )
    _insert(
        warehouse,
        [count for count in wanted.values() if count.variant_id not in held],
        kind=kind,
        reference=reference,
        actor=actor,
        at=at,
        announce=announce,
    )
    if not held:
        return
    with locked_stock(held, at=at, announce=announce) as locked:
        for variant_id, pk in held.items():
            item, count = locked.items[pk], wanted[variant_id]
            locked.set_rules(
                item,
                allows_backorder=_or(count.allows_backorder, item.allows_backorder),
                low_stock_threshold=_or(count.low_stock_threshold, item.low_stock_threshold),
            )
            if count.on_hand != item.on_hand:
                move_checked(
                    locked,
                    pk,
                    kind or StockMovement.Kind.ADJUSTMENT,
                    count.on_hand - item.on_hand,
                    reference=reference,
                    actor=actor,
                )


def _insert(
    warehouse: Warehouse,
    counts: Sequence[StockCount],
    *,
    kind: StockMovement.Kind | None,
    reference: str,
    actor: User | None,
    at: datetime,
    announce: bool,
) -> None:
    items = StockItem.objects.bulk_create(
        [
            StockItem(
                variant_id=count.variant_id,
                warehouse=warehouse,
                on_hand=count.on_hand,
                low_stock_threshold=count.low_stock_threshold or 0,
                allows_backorder=bool(count.allows_backorder),
            )
            for count in counts
        ]
    )
    StockMovement.objects.bulk_create(
        [
            StockMovement(
                stock_item=item,
                kind=kind or StockMovement.Kind.RECEIPT,
                quantity=item.on_hand,
                balance_after=item.on_hand,
                reference=reference,
                actor=actor,
                at=at,
            )
            for item in items
            if item.on_hand
        ]
    )
    if announce:
        announce_status_change(sorted(item.variant_id for item in items), at=at)


def _or(value: T | None, otherwise: T) -> T:
    return otherwise if value is None else value
