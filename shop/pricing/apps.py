from django.apps import AppConfig


class PricingConfig(AppConfig):
    """What goods cost."""

    name = "shop.pricing"
    label = "pricing"
    verbose_name = "Prices"
    default_auto_field = "django.db.models.BigAutoField"
