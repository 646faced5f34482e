"""The first stock of many variants at once, for imports and generated shops."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from shop.inventory.models import StockItem, StockMovement, Warehouse


@transaction.atomic
def bulk_receive_first_stock(
    *,
    warehouse: Warehouse,
    quantities: Mapping[int, int],
    low_stock_threshold: int,
    reference: str,
    at: datetime,
) -> None:
    """
    Enter the first receipt of variants that have no stock row in ``warehouse`` yet.

    It announces nothing: whoever made the variants announces them whole.

    :param quantities: pieces received, by primary key of the variant; zero makes an empty row
    :raises IntegrityError: if a variant has a stock row already; nothing is entered then
    """
    items = StockItem.objects.bulk_create(
        (
            StockItem(
                variant_id=variant_id,
                warehouse=warehouse,
                on_hand=quantity,
                low_stock_threshold=low_stock_threshold,
            )
            for variant_id, quantity in quantities.items()
        ),
        batch_size=1000,
    )
    StockMovement.objects.bulk_create(
        (
            StockMovement(
                stock_item=item,
                kind=StockMovement.Kind.RECEIPT,
                quantity=item.on_hand,
                balance_after=item.on_hand,
                reference=reference,
                at=at,
            )
            for item in items
            if item.on_hand
        ),
        batch_size=1000,
    )
