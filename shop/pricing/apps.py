from django.apps import AppConfig


class PricingConfig(AppConfig):
    """What goods cost."""

    name = "shop.pricing"
    label = "pricing"
    verbose_name = "Prices"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Bring our columns to sheet and list of products, our publish checks, and our bulk change."""
        from shop.pricing import bulk, bundle_figures, copying, grid, listing, publish_checks, trail

        bulk.register()
        bundle_figures.register()
        copying.register()
        grid.register()
        listing.register()
        publish_checks.register()
        trail.register()
