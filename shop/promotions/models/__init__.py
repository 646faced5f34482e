from shop.promotions.models.promotions import Promotion, PromotionPriceList, PromotionUse
from shop.promotions.models.vouchers import Voucher, VoucherBatch, VoucherUse

__all__ = ["Promotion", "PromotionPriceList", "PromotionUse", "Voucher", "VoucherBatch", "VoucherUse"]
