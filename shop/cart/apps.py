from django.apps import AppConfig


class CartConfig(AppConfig):
    """Carts and their sums."""

    name = "shop.cart"
    label = "cart"
    verbose_name = "Cart"
    default_auto_field = "django.db.models.BigAutoField"
