from django.apps import AppConfig


class OrdersConfig(AppConfig):
    """Orders, from placed to delivered."""

    name = "shop.orders"
    label = "orders"
    verbose_name = "Orders"
    default_auto_field = "django.db.models.BigAutoField"
