from django.apps import AppConfig


class PromotionsConfig(AppConfig):
    """Promotions and vouchers: what gets cheaper, for whom and when."""

    name = "shop.promotions"
    label = "promotions"
    verbose_name = "promotions"
