from django.apps import AppConfig


class PromotionsConfig(AppConfig):
    """Promotions and vouchers: what gets cheaper, for whom and when."""

    name = "shop.promotions"
    label = "promotions"
    verbose_name = "promotions"

    def ready(self) -> None:
        """Tell what our background jobs do, and what we listen to."""
        from shop.promotions import consumers, jobs  # noqa: F401 - they register themselves
