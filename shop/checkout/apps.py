from django.apps import AppConfig


class CheckoutConfig(AppConfig):
    """Placing orders: the app that knows all others."""

    name = "shop.checkout"
    label = "checkout"
    verbose_name = "Checkout"
    default_auto_field = "django.db.models.BigAutoField"
