from django.apps import AppConfig


class PromotionsConfig(AppConfig):
    """Promotions and vouchers: what gets cheaper, for whom and when."""

    name = "shop.promotions"
    label = "promotions"
    verbose_name = "promotions"

    def ready(self) -> None:
        """Tell what our background jobs do."""
        from shop.promotions import jobs  # noqa: F401 - registers itself
