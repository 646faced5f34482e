"""Prices that change by themselves at a moment to come."""

from __future__ import annotations

import logging
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction

from shop.core import clock
from shop.core.audit import record_audit
from shop.core.errors import ErrorItem, ShopError
from shop.pricing.models import PlannedPrice, PriceList
from shop.pricing.services.prices import PricesRefused, check_changes, set_prices
from shop.pricing.services.writing import PriceChange, announce_prices

if TYPE_CHECKING:
    from shop.customers.models import User

logger = logging.getLogger(__name__)


class PlanRefused(ShopError):
    """The change cannot be planned; ``errors`` says why."""

    code = "plan_refused"
    status = 400
    title = "The price cannot be planned like this."


def plan_price(
    *,
    change: PriceChange,
    starts_at: datetime,
    actor: User | None,
    reason: str = "",
    at: datetime | None = None,
) -> PlannedPrice:
    """
    Plan a price for a moment to come, in place of what was planned for the same moment.

    :raises PlanRefused: for a moment that has passed
    :raises PricesRefused: for a price that could not be set either
    """
    moment = at or clock.now()
    if starts_at <= moment:
        detail = "This moment has passed. Choose a later one, or set the price now."
        raise PlanRefused(errors=[ErrorItem("in_the_past", detail, "starts_at")])
    with transaction.atomic():
        lists = PriceList.objects.select_for_update().filter(code=change.price_list_code)
        held = {price_list.code: price_list for price_list in lists}
        check_changes([change], held)
        price_list = held[change.price_list_code]
        planned, _ = PlannedPrice.objects.update_or_create(
            price_list=price_list,
            variant_id=change.variant_id,
            min_quantity=change.min_quantity,
            starts_at=starts_at,
            applied_at=None,
            cancelled_at=None,
            defaults={
                "amount": change.amount,
                "compare_at": change.compare_at,
                "reason": reason,
                "actor": actor,
                "planned_at": moment,
            },
        )
        record_audit(
            actor=actor, action="price.planned", target=price_list, changes=_for_audit(planned), at=moment
        )
        # Whoever keeps prices learns until when they hold.
        announce_prices(price_list, [change.variant_id], at=moment)
        return planned


def cancel_planned_price(*, planned: PlannedPrice, actor: User | None, at: datetime | None = None) -> bool:
    """Give a plan up; ``False`` when it has come about or was given up already."""
    moment = at or clock.now()
    with transaction.atomic():
        locked = PlannedPrice.objects.open().select_for_update().filter(pk=planned.pk).first()
        if locked is None or locked.starts_at <= moment:
            return False
        locked.cancelled_at = moment
        locked.save(update_fields=["cancelled_at"])
        price_list = locked.price_list
        record_audit(
            actor=actor,
            action="price.plan_cancelled",
            target=price_list,
            changes=_for_audit(locked),
            at=moment,
        )
        announce_prices(price_list, [locked.variant_id], at=moment)
        return True


def apply_due_plans(*, at: datetime | None = None) -> int:
    """
    Write what was planned for a moment that has come into its list, as of that moment; returns how many.

    Each is written once, however many processes do this. A plan that its list cannot take any more is given
    up, with a line in the log.
    """
    moment = at or clock.now()
    due = PlannedPrice.objects.open().filter(starts_at__lte=moment).order_by("starts_at", "pk")
    return sum(_apply(pk, at=moment) for pk in list(due.values_list("pk", flat=True)))


def _apply(pk: int, *, at: datetime) -> bool:
    with transaction.atomic():
        planned = PlannedPrice.objects.open().select_for_update().filter(pk=pk).first()
        if planned is None:
            return False
        try:
            with transaction.atomic():
                set_prices(
                    changes=[
                        PriceChange(
                            variant_id=planned.variant_id,
                            price_list_code=planned.price_list.code,
                            amount=planned.amount,
                            compare_at=planned.compare_at,
                            min_quantity=planned.min_quantity,
                        )
                    ],
                    actor=planned.actor,
                    reason=planned.reason or "planned",
                    at=planned.starts_at,
                )
        except PricesRefused:
            logger.warning("The planned price %s cannot be set any more; it is given up.", planned.pk)
            planned.cancelled_at = at
            planned.save(update_fields=["cancelled_at"])
            return False
        planned.applied_at = at
        planned.save(update_fields=["applied_at"])
        return True


def _for_audit(planned: PlannedPrice) -> dict[str, str | int | None]:
    amount: Decimal | None = planned.amount
    return {
        "variant_id": planned.variant_id,
        "min_quantity": planned.min_quantity,
        "amount": None if amount is None else str(amount),
        "starts_at": planned.starts_at.isoformat(),
    }
