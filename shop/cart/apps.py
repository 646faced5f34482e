from django.apps import AppConfig


class CartConfig(AppConfig):
    """Carts and their sums."""

    name = "shop.cart"
    label = "cart"
    verbose_name = "Cart"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell editors what publishing a product means here."""
        from shop.cart import impact

        impact.register()
