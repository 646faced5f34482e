"""The screens of promotions and vouchers."""

from .promotions import PromotionViewSet

__all__ = ["PromotionViewSet"]
