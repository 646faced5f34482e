"""When prices turn: until which moment what somebody was told still holds."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet

from shop.pricing.models import PlannedPrice, Price


def ask_for_price_turns(product_ids: Collection[int], *, at: datetime) -> list[QuerySet[Any, Any]]:
    """
    The questions, for ``read_together``, at which moments after ``at`` some price of the products' variants
    begins, ends or changes by itself; of a bundle that costs what its parts do, the parts' moments count.
    """
    prices = Price.objects.filter(price_list__is_active=True).order_by()
    planned = PlannedPrice.objects.open().filter(price_list__is_active=True, starts_at__gt=at).order_by()
    sources: list[QuerySet[Any, Any]] = [
        prices.filter(price_list__valid_from__gt=at).annotate(turn=F("price_list__valid_from")),
        prices.filter(price_list__valid_until__gt=at).annotate(turn=F("price_list__valid_until")),
        planned.annotate(turn=F("starts_at")),
    ]
    own = [
        source.filter(variant__product_id__in=product_ids).values_list("variant_id", "turn")
        for source in sources
    ]
    of_parts = [
        source.filter(
            variant__bundles__bundle__product_id__in=product_ids,
            variant__bundles__bundle__is_priced_by_parts=True,
        ).values_list("variant__bundles__bundle_id", "turn")
        for source in sources
    ]
    return own + of_parts


def read_price_turns(answers: Iterable[Iterable[tuple[Any, ...]]]) -> dict[int, datetime]:
    """The next moment of each variant, from the answers; a variant without one is missing."""
    turns: dict[int, datetime] = {}
    for rows in answers:
        for variant_id, turn in rows:
            turns[variant_id] = min(turn, turns.get(variant_id, turn))
    return turns
