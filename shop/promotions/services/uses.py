"""Counting what orders use of promotions and vouchers, inside the order's own transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet

from shop.core.errors import ShopError
from shop.core.money import Money
from shop.promotions.facts import Shopper
from shop.promotions.models import Promotion, PromotionUse, Voucher, VoucherUse
from shop.promotions.services.vouchers import VoucherUsedUp, count_own_uses


class PromotionUsedUp(ShopError):
    """Another order has had the last of a promotion meanwhile: price the cart anew."""

    code = "promotion_used_up"
    status = 409
    title = "A promotion of this cart has just ended. Look at the new total."


@dataclass(frozen=True, kw_only=True, slots=True)
class Redeemed:
    """What one order gets of one promotion; ``code`` where a voucher opened it."""

    promotion_id: int
    amount: Money
    code: str = ""


@transaction.atomic
def redeem(*, order_id: UUID, redeemed: Sequence[Redeemed], shopper: Shopper, at: datetime) -> None:
    """
    Count an order against the limits of its promotions and vouchers; all of it, or nothing.

    Counting the same order again changes nothing.

    :raises VoucherUsedUp: when another order has used the last of a voucher
    :raises PromotionUsedUp: when another order has used the last of a promotion or its budget
    """
    if not redeemed or PromotionUse.objects.filter(order_id=order_id).exists():
        return
    # By primary key, promotions before vouchers, so that two orders that share some cannot deadlock.
    by_promotion = {one.promotion_id: one for one in sorted(redeemed, key=lambda one: one.promotion_id)}
    # Before the limits are read: the rows hold their promotions, so that whoever sets a limit counts them.
    PromotionUse.objects.bulk_create(
        PromotionUse(
            promotion_id=one.promotion_id,
            order_id=order_id,
            amount=one.amount.amount,
            currency=one.amount.currency,
            at=at,
        )
        for one in by_promotion.values()
    )
    limits = Promotion.objects.filter(pk__in=by_promotion).filter(
        Q(max_uses__isnull=False) | Q(budget__isnull=False)
    )
    for promotion_id in sorted(limits.values_list("pk", flat=True)):
        _count_promotion(promotion_id, by_promotion[promotion_id].amount)
    codes = {one.code: one for one in by_promotion.values() if one.code}
    if codes:
        _count_vouchers(codes, order_id=order_id, shopper=shopper, at=at)


def _count_promotion(promotion_id: int, amount: Money) -> None:
    # A condition of the UPDATE itself: of two orders for the last one, the second finds no row.
    fits = Q(max_uses__isnull=True) | Q(uses__lt=F("max_uses"))
    pays = Q(budget__isnull=True) | Q(budget__gte=F("spent") + amount.amount)
    counted = Promotion.objects.filter(fits, pays, pk=promotion_id).update(
        uses=F("uses") + 1, spent=F("spent") + amount.amount
    )
    if not counted:
        raise PromotionUsedUp


def _count_vouchers(codes: Mapping[str, Redeemed], *, order_id: UUID, shopper: Shopper, at: datetime) -> None:
    locked: QuerySet[Voucher] = Voucher.objects.select_for_update().filter(code__in=codes).order_by("pk")
    uses = []
    for voucher in locked:
        if voucher.max_uses is not None and voucher.uses >= voucher.max_uses:
            raise VoucherUsedUp
        most = voucher.max_uses_per_customer
        if most is not None and count_own_uses(voucher, shopper) >= most:
            raise VoucherUsedUp
        amount = codes[voucher.code].amount
        uses.append(
            VoucherUse(
                voucher=voucher,
                order_id=order_id,
                customer_id=shopper.user_id,
                email=shopper.email.lower(),
                amount=amount.amount,
                currency=amount.currency,
                at=at,
            )
        )
    Voucher.objects.filter(pk__in=[use.voucher_id for use in uses]).update(uses=F("uses") + 1)
    VoucherUse.objects.bulk_create(uses)


@transaction.atomic
def release_uses(*, order_id: UUID, at: datetime) -> None:
    """Give back what an order used, because it was cancelled or never paid; again changes nothing."""
    promotions = PromotionUse.objects.select_for_update().filter(order_id=order_id, released_at__isnull=True)
    for use in promotions.order_by("promotion_id"):
        Promotion.objects.filter(pk=use.promotion_id).filter(
            Q(max_uses__isnull=False) | Q(budget__isnull=False), uses__gte=1, spent__gte=use.amount
        ).update(uses=F("uses") - 1, spent=F("spent") - use.amount)
    vouchers = VoucherUse.objects.select_for_update().filter(order_id=order_id, released_at__isnull=True)
    ids = list(vouchers.order_by("voucher_id").values_list("voucher_id", flat=True))
    Voucher.objects.filter(pk__in=ids, uses__gte=1).update(uses=F("uses") - 1)
    for model in (PromotionUse, VoucherUse):
        model.objects.filter(order_id=order_id, released_at__isnull=True).update(released_at=at)
