"""What writes promotions, vouchers and their uses."""

from shop.promotions.services.uses import PromotionUsedUp, Redeemed, redeem, release_uses
from shop.promotions.services.vouchers import (
    VoucherExpired,
    VoucherNotApplicable,
    VoucherRefused,
    VoucherUnknown,
    VoucherUsedUp,
    check_voucher,
    find_voucher,
    normalise_code,
)

__all__ = [
    "PromotionUsedUp",
    "Redeemed",
    "VoucherExpired",
    "VoucherNotApplicable",
    "VoucherRefused",
    "VoucherUnknown",
    "VoucherUsedUp",
    "check_voucher",
    "find_voucher",
    "normalise_code",
    "redeem",
    "release_uses",
]
