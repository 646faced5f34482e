from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """What the shop sells, as merchandisers describe it."""

    name = "shop.catalogue"
    label = "catalogue"
    verbose_name = "Catalogue"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to what Wagtail does past our own services, and bring our publish checks."""
        from shop.catalogue import (
            impact,
            publish_checks,
            publish_doors,
            receivers,
            renaming,
            variant_trail,
        )

        receivers.connect()
        renaming.connect()
        publish_checks.register()
        publish_doors.register()
        impact.register()
        variant_trail.register()
