"""Price lists: saving and deleting them, and announcing when they begin and end."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max, Min

from shop.core import clock
from shop.core.audit import record_audit
from shop.core.errors import ShopError
from shop.core.selectors import get_shop_settings
from shop.pricing.models import PriceHistory, PriceList, PriceListPeriod
from shop.pricing.services.conversions import convert_if_short, keep_as_own_prices
from shop.pricing.services.prices import set_prices
from shop.pricing.services.writing import PriceChange, announce_prices

if TYPE_CHECKING:
    from shop.customers.models import User


class PriceListInUse(ShopError):
    """Another list is converted from this one."""

    code = "price_list_in_use"
    status = 409
    title = "Other price lists are converted from this one. Delete those first, or give them own prices."


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
        if before is not None:
            # What time alone has brought about, by the dates that held until now.
            _apply_validity(before, at=moment)
        _note_edit(before, price_list, at=moment)
        if before is not None and before.code != price_list.code:
            _carry_history_on(price_list, actor=actor, at=moment)
        if before is not None and _decides_otherwise(before, price_list):
            announce_prices(price_list, _variants_of(price_list), at=moment)
        _follow_conversion(before, price_list, actor=actor, at=moment)
        return price_list


def _note_edit(before: PriceList | None, after: PriceList, *, at: datetime) -> None:
    """Begin, end or turn the page of the list's use at this very moment, where the edit does so."""
    open_period = PriceListPeriod.objects.filter(price_list=after, ended_at__isnull=True).first()
    is_other = before is None or any(
        getattr(before, name) != getattr(after, name) for name in _SNAPSHOT_FIELDS
    )
    if open_period is not None and (is_other or not after.is_valid_at(at)):
        open_period.ended_at = max(at, open_period.began_at)
        open_period.save(update_fields=["ended_at"])
        open_period = None
    if open_period is None and after.is_valid_at(at):
        _open_period(after, began_at=at)


def _carry_history_on(price_list: PriceList, *, actor: User | None, at: datetime) -> None:
    """The history is kept by code: what the list holds goes on under its new one."""
    PriceHistory.objects.bulk_create(
        (
            PriceHistory(
                variant_id=price.variant_id,
                price_list_code=price_list.code,
                currency=price_list.currency,
                amount=price.amount,
                min_quantity=price.min_quantity,
                actor=actor,
                reason="list renamed",
                at=at,
            )
            for price in price_list.prices.all()
        ),
        batch_size=1000,
    )


def _follow_conversion(
    before: PriceList | None, after: PriceList, *, actor: User | None, at: datetime
) -> None:
    if before is not None and all(
        getattr(before, name) == getattr(after, name) for name in _CONVERSION_FIELDS
    ):
        return
    if after.converted_from_id is None:
        keep_as_own_prices(price_list=after)
        return
    PriceList.objects.filter(pk=after.pk).update(applied_rate=None)
    after.applied_rate = None
    convert_if_short(price_list=after, actor=actor, at=at)


_DECIDING_FIELDS = (
    "kind",
    "priority",
    "includes_tax",
    "customer_group_id",
    "site_id",
    "currency",
    "is_active",
    "valid_from",
    "valid_until",
)
# What a period keeps of its list, as it was then.
_SNAPSHOT_FIELDS = (
    "code",
    "currency",
    "kind",
    "priority",
    "includes_tax",
    "customer_group_id",
    "site_id",
)
_CONVERSION_FIELDS = ("converted_from_id", "margin_percent", "rounding", "fixed_rate")
_AUDITED_FIELDS = (*_DECIDING_FIELDS, *_CONVERSION_FIELDS, "code", "name")


def _decides_otherwise(before: PriceList, after: PriceList) -> bool:
    return any(getattr(before, field) != getattr(after, field) for field in _DECIDING_FIELDS)


def _list_changes(before: PriceList | None, after: PriceList) -> dict[str, Any]:
    return {
        field: [getattr(before, field, None), getattr(after, field)]
        for field in _AUDITED_FIELDS
        if getattr(before, field, None) != getattr(after, field)
    }


def delete_price_list(*, price_list: PriceList, actor: User | None, at: datetime | None = None) -> None:
    """
    Delete a list with its prices; the price history keeps what they were.

    :raises PriceListInUse: while another list is converted from it
    """
    moment = at or clock.now()
    with transaction.atomic():
        price_list = PriceList.objects.select_for_update().get(pk=price_list.pk)
        if price_list.conversions.exists():
            raise PriceListInUse
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
        _apply_validity(price_list, at=moment)
        # The past outlives the list: what it cost then still counts as a price of the last 30 days.
        PriceListPeriod.objects.filter(price_list=price_list, ended_at__isnull=True).update(ended_at=moment)
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
    for pk in _list_due(moment):
        with transaction.atomic():
            price_list = PriceList.objects.select_for_update().filter(pk=pk).first()
            if price_list is not None and _apply_validity(price_list, at=moment):
                turned.append(price_list.code)
    return turned


def _list_due(at: datetime) -> list[int]:
    """The lists whose use may have begun or ended unnoted, by primary key: two queries."""
    periods = list(
        PriceListPeriod.objects.filter(price_list__isnull=False).values_list("price_list_id", "ended_at")
    )
    running = {pk for pk, ended_at in periods if ended_at is None}
    last_end: dict[int | None, datetime] = {}
    for pk, ended_at in periods:
        if ended_at is not None:
            last_end[pk] = max(ended_at, last_end.get(pk, ended_at))
    return [
        price_list.pk
        for price_list in PriceList.objects.order_by("pk")
        if price_list.is_valid_at(at) != (price_list.pk in running)
        or _was_missed(price_list, last_end.get(price_list.pk), at=at)
    ]


def _was_missed(price_list: PriceList, last_end: datetime | None, *, at: datetime) -> bool:
    """Whether the list began and ended without anybody noting it."""
    began_at, ended_at = price_list.valid_from, price_list.valid_until
    if not price_list.is_active or began_at is None or ended_at is None or ended_at > at:
        return False
    return last_end is None or last_end <= began_at


def _apply_validity(price_list: PriceList, *, at: datetime) -> bool:
    """
    Note what time alone has brought about; ``True`` when the list began or ended and that was announced.
    """
    is_valid = price_list.is_valid_at(at)
    open_period = PriceListPeriod.objects.filter(price_list=price_list, ended_at__isnull=True).first()
    if is_valid == (open_period is not None):
        if open_period is None:
            _note_missed_period(price_list, at=at)
        return False
    is_news = True
    if open_period is None:
        is_news = not _was_valid_with_every_price(price_list)
        _open_period(price_list, began_at=_began_at(price_list, at=at))
    else:
        ended_at = min(price_list.valid_until or at, at)
        open_period.ended_at = max(ended_at, open_period.began_at)
        open_period.save(update_fields=["ended_at"])
    if is_news:
        announce_prices(price_list, _variants_of(price_list), at=at)
    return is_news


def _open_period(price_list: PriceList, *, began_at: datetime) -> None:
    PriceListPeriod.objects.update_or_create(
        price_list=price_list, began_at=began_at, defaults={"ended_at": None, **_snapshot(price_list)}
    )


def _snapshot(price_list: PriceList) -> dict[str, Any]:
    names = {"customer_group_id": "customer_group_pk", "site_id": "site_pk"}
    return {names.get(name, name): getattr(price_list, name) for name in _SNAPSHOT_FIELDS}


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
    ends = PriceListPeriod.objects.filter(price_list=price_list).aggregate(at=Max("ended_at"))
    if price_list.valid_from is not None and _was_missed(price_list, ends["at"], at=at):
        PriceListPeriod.objects.create(
            price_list=price_list,
            began_at=price_list.valid_from,
            ended_at=price_list.valid_until,
            **_snapshot(price_list),
        )
