from django.apps import AppConfig


class TaxConfig(AppConfig):
    """What the state gets."""

    name = "shop.tax"
    label = "tax"
    verbose_name = "Tax"
    default_auto_field = "django.db.models.BigAutoField"
