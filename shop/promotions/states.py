"""What has become of a promotion, as lists show it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum, TextChoices

from shop.core.errors import ShopError
from shop.promotions.models import Promotion
from shop.promotions.snapshot import read_promotion


class State(TextChoices):
    """One of these at a time; what is broken is broken first."""

    BROKEN = "broken", "Broken"
    DRAFT = "draft", "Draft"
    PAUSED = "paused", "Paused"
    PLANNED = "planned", "Planned"
    RUNNING = "running", "Running"
    OVER = "over", "Over"


def is_broken(promotion: Promotion) -> bool:
    """Whether its rules or what it gives cannot be read."""
    try:
        read_promotion(promotion)
    except (ShopError, ValueError):
        return True
    return False


def state_of(promotion: Promotion, *, at: datetime) -> State:
    """The state; ``order_count`` of :func:`with_figures` tells a draft from a pause."""
    if is_broken(promotion):
        return State.BROKEN
    if not promotion.is_active:
        return State.PAUSED if getattr(promotion, "order_count", promotion.uses) else State.DRAFT
    if promotion.valid_until is not None and promotion.valid_until <= at:
        return State.OVER
    return State.RUNNING if promotion.is_running_at(at) else State.PLANNED


def with_figures(promotions: QuerySet[Promotion]) -> QuerySet[Promotion]:
    """Count what stands of their uses, whether or not they have limits."""
    standing = Q(order_uses__released_at__isnull=True)
    return promotions.annotate(
        order_count=Count("order_uses", filter=standing), given=Sum("order_uses__amount", filter=standing)
    )


def list_broken(promotions: QuerySet[Promotion]) -> list[Promotion]:
    """Those that cannot be read: one statement, and every one is tried."""
    return [promotion for promotion in promotions if is_broken(promotion)]


def in_state(promotions: QuerySet[Any], state: str, *, at: datetime) -> QuerySet[Any]:
    """Keep those of one state; ``promotions`` come of :func:`with_figures`."""
    broken = [promotion.pk for promotion in list_broken(Promotion.objects.all())]
    if state == State.BROKEN:
        return promotions.filter(pk__in=broken)
    whole = promotions.exclude(pk__in=broken)
    if state in (State.DRAFT, State.PAUSED):
        idle = whole.filter(is_active=False)
        return idle.filter(order_count=0) if state == State.DRAFT else idle.filter(order_count__gt=0)
    active = whole.filter(is_active=True)
    if state == State.OVER:
        return active.filter(valid_until__lte=at)
    if state == State.PLANNED:
        return active.filter(valid_from__gt=at)
    return active.filter(
        Q(valid_from__isnull=True) | Q(valid_from__lte=at),
        Q(valid_until__isnull=True) | Q(valid_until__gt=at),
    )
