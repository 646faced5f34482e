from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """E-mails that follow from what happens in the shop."""

    name = "shop.notifications"
    label = "notifications"
    verbose_name = "E-mails"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let the outbox know who wants which events."""
        from shop.notifications import consumers  # noqa: F401  # registering is the import's purpose
