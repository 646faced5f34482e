"""Whether a code may be used: by whom, when, how often and on how much."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from shop.core.errors import ErrorItem, ShopError
from shop.core.money import Money, format_money
from shop.promotions.facts import Shopper
from shop.promotions.models import Voucher, VoucherUse

LONGEST_CODE = 40


class VoucherRefused(ShopError):
    """A voucher cannot be used here."""

    status = 422

    def __init__(self, detail: str = "") -> None:
        told = detail or self.title
        super().__init__(told, errors=[ErrorItem(self.code, told, "code")])


class VoucherUnknown(VoucherRefused):
    """There is no such code, or it is somebody else's: both look alike."""

    code = "voucher_unknown"
    title = "There is no voucher with this code. Check its spelling."


class VoucherExpired(VoucherRefused):
    """The code, or its promotion, is over or has not begun."""

    code = "voucher_expired"
    title = "This voucher is not valid at the moment."


class VoucherUsedUp(VoucherRefused):
    """As many orders as the code allows have used it, all together or of this customer."""

    code = "voucher_used_up"
    title = "This voucher has been used already."


class VoucherNotApplicable(VoucherRefused):
    """The code is good, but not for what is in the cart."""

    code = "voucher_not_applicable"
    title = "This voucher is for other goods, or for a larger order."


def normalise_code(code: str) -> str:
    """The code as it is kept: without spaces, in capitals."""
    return "".join(code.split()).upper()[: LONGEST_CODE + 1]


def find_voucher(code: str) -> Voucher:
    """
    Return the voucher of a code, however it is written.

    :raises VoucherUnknown: if there is none
    """
    voucher = Voucher.objects.select_related("promotion").filter(code=normalise_code(code)).first()
    if voucher is None:
        raise VoucherUnknown
    return voucher


@dataclass(frozen=True, kw_only=True, slots=True)
class Spend:
    """What a voucher is to be used on: the total of the goods before promotions."""

    subtotal: Money
    site_id: int | None = None


def check_voucher(
    voucher: Voucher, *, shopper: Shopper, spend: Spend, at: datetime, own_uses: int | None = None
) -> None:
    """
    Refuse a voucher that this shopper cannot use now, whatever the promotion makes of the cart.

    :param own_uses: how many orders of the shopper count, by whoever has counted them
    :raises VoucherUnknown: for the code of another customer
    :raises VoucherExpired: outside of its time, its promotion's, or when either is not in use
    :raises VoucherUsedUp: when its uses are spent
    :raises VoucherNotApplicable: below its minimum spend, in another currency or on another site
    """
    promotion = voucher.promotion
    if voucher.customer_id is not None and voucher.customer_id != shopper.user_id:
        raise VoucherUnknown
    if not voucher.is_valid_at(at) or not promotion.is_running_at(at):
        raise VoucherExpired
    if voucher.max_uses is not None and voucher.uses >= voucher.max_uses:
        raise VoucherUsedUp
    if promotion.max_uses is not None and promotion.uses >= promotion.max_uses:
        raise VoucherUsedUp
    most = voucher.max_uses_per_customer
    if most is not None:
        used = count_own_uses(voucher, shopper) if own_uses is None else own_uses
        if used >= most:
            raise VoucherUsedUp
    if promotion.site_id not in (None, spend.site_id):
        raise VoucherNotApplicable
    if promotion.currency and promotion.currency != spend.subtotal.currency:
        raise VoucherNotApplicable("This voucher is for another currency.")
    if voucher.min_subtotal is not None and spend.subtotal.amount < voucher.min_subtotal:
        least = Money(voucher.min_subtotal, promotion.currency)
        raise VoucherNotApplicable(f"This voucher is for orders of {format_money(least)} or more.")


def uses_of(shopper: Shopper) -> Q:
    """The uses that count as a shopper's own: of their account, or under their e-mail address."""
    own = Q(email=shopper.email.lower()) if shopper.email else Q(pk__in=())
    return own | Q(customer_id=shopper.user_id) if shopper.user_id is not None else own


def count_own_uses(voucher: Voucher, shopper: Shopper) -> int:
    """How many orders of the shopper have used the code and were not released."""
    return _standing([voucher.pk]).filter(uses_of(shopper)).count()


def _standing(voucher_ids: Collection[int]) -> QuerySet[VoucherUse]:
    return VoucherUse.objects.filter(voucher_id__in=voucher_ids, released_at__isnull=True)
