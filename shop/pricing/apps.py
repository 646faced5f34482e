from django.apps import AppConfig


class PricingConfig(AppConfig):
    """What goods cost."""

    name = "shop.pricing"
    label = "pricing"
    verbose_name = "Prices"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Bring our columns to the sheet of a product's variants, and our publish checks."""
        from shop.pricing import grid, publish_checks

        grid.register()
        publish_checks.register()
