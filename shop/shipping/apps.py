from django.apps import AppConfig


class ShippingConfig(AppConfig):
    """How they are sent."""

    name = "shop.shipping"
    label = "shipping"
    verbose_name = "Shipping"
    default_auto_field = "django.db.models.BigAutoField"
