from django.apps import AppConfig


class TaxConfig(AppConfig):
    name = "shop.tax"
    label = "tax"
    verbose_name = "Tax"
    default_auto_field = "django.db.models.BigAutoField"
