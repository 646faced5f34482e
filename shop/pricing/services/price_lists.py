"""Price lists: saving and deleting them, and announcing when they begin and end."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max, Min

from shop.core import clock
from shop.core.audit import record_audit
from shop.core.selectors import get_shop_settings
from shop.pricing.models import PriceHistory, PriceList, PriceListPeriod
from shop.pricing.services.prices import PriceChange, announce_prices, set_prices

if TYPE_CHECKING:
    from shop.customers.models import User


def ensure_base_price_list(*, currency: str = "", code: str = "base", name: str = "Base prices") -> PriceList:
    """Return the base list with this code, made where it is missing, in the shop's currency and tax habit."""
    settings = get_shop_settings()
    return PriceList.objects.get_or_create(
        code=code,
        defaults={
            "name": name,
            "currency": currency or settings.default_currency,
            "kind": PriceList.Kind.BASE,
            "includes_tax": settings.prices_include_tax,
        },
    )[0]


def save_price_list(*, price_list: PriceList, actor: User | None, at: datetime | None = None) -> PriceList:
    """
    Save a price list that was filled in by an editor, and announce at once what that changes.

    :raises django.core.exceptions.ValidationError: when the list does not hold together
    """
    moment = at or clock.now()
    with transaction.atomic():
        before = PriceList.objects.select_for_update().filter(pk=price_list.pk).first()
        price_list.full_clean()
        price_list.save()
        record_audit(
            actor=actor,
            action="price_list.changed" if before else "price_list.added",
            target=price_list,
            changes=_list_changes(before, price_list),
            at=moment,
        )
        was_valid = before is not None and before.is_valid_at(moment)
        turned = _apply_validity(price_list, at=moment, was_known_valid=was_valid)
        if before is not None and not turned and _decides_otherwise(before, price_list):
            announce_prices(price_list, _variants_of(price_list), at=moment)
        return price_list


_DECIDING_FIELDS = (
    "kind",
    "priority",
    "includes_tax",
    "customer_group_id",
    "site_id",
    "currency",
    "is_active",
)
_AUDITED_FIELDS = (*_DECIDING_FIELDS, "code", "name", "valid_from", "valid_until")


def _decides_otherwise(before: PriceList, after: PriceList) -> bool:
    return any(getattr(before, field) != getattr(after, field) for field in _DECIDING_FIELDS)


def _list_changes(before: PriceList | None, after: PriceList) -> dict[str, Any]:
    return {
        field: [getattr(before, field, None), getattr(after, field)]
        for field in _AUDITED_FIELDS
        if getattr(before, field, None) != getattr(after, field)
    }


def delete_price_list(*, price_list: PriceList, actor: User | None, at: datetime | None = None) -> None:
    """Delete a list with its prices; the price history keeps what they were."""
    moment = at or clock.now()
    with transaction.atomic():
        price_list = PriceList.objects.select_for_update().get(pk=price_list.pk)
        prices = list(price_list.prices.all())
        set_prices(
            changes=[
                PriceChange(
                    variant_id=price.variant_id,
                    price_list_code=price_list.code,
                    amount=None,
                    min_quantity=price.min_quantity,
                )
                for price in prices
            ],
            actor=actor,
            reason="list deleted",
            at=moment,
        )
        record_audit(actor=actor, action="price_list.deleted", target=price_list, at=moment)
        price_list.delete()


def _variants_of(price_list: PriceList) -> list[int]:
    return sorted(set(price_list.prices.values_list("variant_id", flat=True)))


def apply_due_price_lists(*, at: datetime | None = None) -> list[str]:
    """
    Announce every list that has become valid or has ended since the last time; returns their codes.

    Each turn is announced once, however many processes do this: the period row decides. A list that began and
    ended unseen (nobody looked for days) gets its period, for the price history, and changes no price.
    """
    moment = at or clock.now()
    turned = []
    for pk in PriceList.objects.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            price_list = PriceList.objects.select_for_update().filter(pk=pk).first()
            if price_list is not None and _apply_validity(price_list, at=moment, was_known_valid=True):
                turned.append(price_list.code)
    return turned


def _apply_validity(price_list: PriceList, *, at: datetime, was_known_valid: bool) -> bool:
    """
    Bring the periods up to date; ``True`` when the list began or ended and that was announced.

    :param was_known_valid: no editor has just put the list into use
    """
    is_valid = price_list.is_valid_at(at)
    open_period = PriceListPeriod.objects.filter(price_list=price_list, ended_at__isnull=True).first()
    if is_valid == (open_period is not None):
        _note_missed_period(price_list, at=at)
        return False
    is_news = True
    if open_period is None:
        is_news = not (was_known_valid and _was_valid_with_every_price(price_list))
        began_at = _began_at(price_list, at=at)
        PriceListPeriod.objects.update_or_create(
            price_list=price_list, began_at=began_at, defaults={"ended_at": None}
        )
    else:
        ended_at = min(price_list.valid_until or at, at)
        open_period.ended_at = max(ended_at, open_period.began_at)
        open_period.save(update_fields=["ended_at"])
    if is_news:
        announce_prices(price_list, _variants_of(price_list), at=at)
    return is_news


def _was_valid_with_every_price(price_list: PriceList) -> bool:
    """
    Tell whether each price was announced as it was set, the list being in use already.

    Then its first period is a note only: announcing a shop's whole base list would index every product again.
    """
    if price_list.periods.exists():
        return False
    earlier = PriceHistory.objects.filter(price_list_code=price_list.code)
    return price_list.valid_from is None or not earlier.filter(at__lt=price_list.valid_from).exists()


def _began_at(price_list: PriceList, *, at: datetime) -> datetime:
    ended_at = PriceListPeriod.objects.filter(price_list=price_list).aggregate(at=Max("ended_at"))["at"]
    if ended_at is not None and (price_list.valid_from is None or price_list.valid_from < ended_at):
        # In use again by an editor's hand: the pause stays part of the past.
        return at
    first = PriceHistory.objects.filter(price_list_code=price_list.code).aggregate(at=Min("at"))["at"]
    return min(price_list.valid_from or first or at, at)


def _note_missed_period(price_list: PriceList, *, at: datetime) -> None:
    began_at, ended_at = price_list.valid_from, price_list.valid_until
    if not price_list.is_active or began_at is None or ended_at is None or ended_at > at:
        return
    if not PriceListPeriod.objects.filter(price_list=price_list, ended_at__gt=began_at).exists():
        PriceListPeriod.objects.create(price_list=price_list, began_at=began_at, ended_at=ended_at)
