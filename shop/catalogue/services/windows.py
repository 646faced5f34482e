from __future__ import annotations

from datetime import datetime
from itertools import groupby
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet

from shop.catalogue.events import record_variants_changed
from shop.catalogue.models import ProductVariant
from shop.core import clock

AT_A_TIME: Final = 500


def apply_due_windows(*, at: datetime | None = None) -> int:
    """
    Announce every variant whose sale has begun or ended since the last time; returns how many.

    Each turn is announced once, however many processes do this and whenever they die: what was announced
    stands at the variant, and is written in the transaction of the event.
    """
    moment = at or clock.now()
    turned = 0
    while batch := _turn_batch(moment):
        turned += batch
    return turned


@transaction.atomic
def _turn_batch(at: datetime) -> int:
    due = _list_due(at).select_for_update(skip_locked=True, of=("self",)).order_by("pk")
    variants = due.only("pk", "product_id", "available_from", "available_until")[:AT_A_TIME]
    turned = sorted((variant.product_id or 0, variant.pk, variant.is_in_window(at)) for variant in variants)
    for is_open in (True, False):
        ids = [pk for _, pk, is_inside in turned if is_inside is is_open]
        ProductVariant.objects.filter(pk__in=ids).update(is_window_open=is_open)
    for product_id, group in groupby(turned, key=lambda row: row[0]):
        record_variants_changed(variant_ids=[pk for _, pk, _ in group], product_ids=[product_id])
    return len(turned)


def _list_due(at: datetime) -> QuerySet[ProductVariant]:
    """Variants whose window is not as it was announced."""
    has_window = Q(available_from__isnull=False) | Q(available_until__isnull=False)
    inside = ProductVariant.objects.in_window(at).filter(has_window)
    return ProductVariant.objects.active().filter(
        (Q(is_window_open=True) & has_window & ~Q(pk__in=inside.values("pk")))
        | (Q(is_window_open=False) & Q(pk__in=inside.values("pk")))
    )
