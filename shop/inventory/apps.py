from django.apps import AppConfig


class InventoryConfig(AppConfig):
    """What there is of them, and where."""

    name = "shop.inventory"
    label = "inventory"
    verbose_name = "Stock"
    default_auto_field = "django.db.models.BigAutoField"
