from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class CoreConfig(AppConfig):
    """What every other app of the shop stands on."""

    name = "shop.core"
    label = "core"
    verbose_name = "Core"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let workers know the jobs of every app (``<app>/jobs.py``) and who is told of them."""
        from shop.core import comparisons, consumers  # noqa: F401  # registering is the import's purpose

        comparisons.register()
        autodiscover_modules("jobs")
