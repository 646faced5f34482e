from django.apps import AppConfig


class ContentConfig(AppConfig):
    """Editorial content, and the storefront's frame."""

    name = "content"
    label = "content"
    verbose_name = "Content"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to what the frame of the storefront shows."""
        from content import roles
        from content.consumers import connect

        connect()
        roles.connect()
