from django.apps import AppConfig


class CoreConfig(AppConfig):
    """What every other app of the shop stands on."""

    name = "shop.core"
    label = "core"
    verbose_name = "Core"
    default_auto_field = "django.db.models.BigAutoField"
