from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    """Payments and the gateways behind them."""

    name = "shop.payments"
    label = "payments"
    verbose_name = "Payments"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from shop.payments import consumers  # noqa: F401
