"""What writes promotions, vouchers and their uses."""

from shop.promotions.services.promotions import (
    PromotionInUse,
    PromotionUnreadable,
    copy_promotion,
    delete_promotion,
    save_promotion,
    set_promotion_active,
)
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
    "PromotionInUse",
    "PromotionUnreadable",
    "PromotionUsedUp",
    "Redeemed",
    "VoucherExpired",
    "VoucherNotApplicable",
    "VoucherRefused",
    "VoucherUnknown",
    "VoucherUsedUp",
    "check_voucher",
    "copy_promotion",
    "delete_promotion",
    "find_voucher",
    "normalise_code",
    "redeem",
    "release_uses",
    "save_promotion",
    "set_promotion_active",
]
