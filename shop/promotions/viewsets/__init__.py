"""The screens of promotions and vouchers."""

from .promotions import PromotionViewSet
from .vouchers import VoucherBatchViewSet, VoucherViewSet

__all__ = ["PromotionViewSet", "VoucherBatchViewSet", "VoucherViewSet"]
