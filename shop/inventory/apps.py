from django.apps import AppConfig


class InventoryConfig(AppConfig):
    """What there is of them, and where."""

    name = "shop.inventory"
    label = "inventory"
    verbose_name = "Stock"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Bring our columns to the sheet of a product's variants, and our checks."""
        from shop.inventory import bundle_check, bundle_figures, grid, listing, publish_checks, trail

        bundle_check.register()
        bundle_figures.register()
        grid.register()
        listing.register()
        publish_checks.register()
        trail.register()
