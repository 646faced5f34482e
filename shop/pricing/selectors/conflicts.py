"""Where price lists overlap, and which of them counts there."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet

from shop.pricing.models import Price, PriceList


@dataclass(frozen=True, slots=True)
class Conflict:
    """Another list of the same kind, for the same people and time, has prices of the same variants."""

    other: PriceList
    variants: int
    wins: bool
    """Whether this list counts there; the other one does otherwise."""
    is_tied: bool
    """Neither comes first by its settings: the lower price counts."""

    @property
    def sentence(self) -> str:
        """What a merchandiser needs to know of it."""
        goods = "1 variant has" if self.variants == 1 else f"{self.variants} variants have"
        if self.is_tied:
            tie = "with the same priority: the lower price counts."
            return f"{goods} a price in “{self.other.name}” as well, {tie}"
        first = "this list" if self.wins else f"“{self.other.name}”"
        return f"{goods} a price in “{self.other.name}” as well: {first} comes first."


def list_conflicts(price_list: PriceList) -> list[Conflict]:
    """List what overlaps with this list in kind, currency, people and time; two queries."""
    if not price_list.is_active:
        return []
    rivals = {rival.pk: rival for rival in _rivals(price_list)}
    shared = (
        Price.objects.filter(
            price_list__in=rivals, variant__in=Price.objects.filter(price_list=price_list).values("variant")
        )
        .order_by()
        .values("price_list")
        .annotate(variants=Count("variant", distinct=True))
    )
    conflicts = []
    for row in shared:
        other = rivals[row["price_list"]]
        mine, theirs = _place(price_list), _place(other)
        conflicts.append(Conflict(other, row["variants"], wins=mine < theirs, is_tied=mine == theirs))
    return sorted(conflicts, key=lambda conflict: _place(conflict.other))


def _place(price_list: PriceList) -> tuple[bool, int]:
    return (price_list.converted_from_id is not None, -price_list.priority)


def _rivals(price_list: PriceList) -> QuerySet[PriceList]:
    rivals = PriceList.objects.filter(
        currency=price_list.currency,
        kind=price_list.kind,
        is_active=True,
        customer_group=price_list.customer_group_id,
        site=price_list.site_id,
    ).exclude(pk=price_list.pk)
    if price_list.valid_from is not None:
        rivals = rivals.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=price_list.valid_from))
    if price_list.valid_until is not None:
        rivals = rivals.filter(Q(valid_from__isnull=True) | Q(valid_from__lt=price_list.valid_until))
    return rivals.order_by(F("priority").desc(), "code")
