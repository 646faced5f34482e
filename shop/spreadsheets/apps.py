from django.apps import AppConfig


class SpreadsheetsConfig(AppConfig):
    """The catalogue as CSV and XLSX, in and out."""

    name = "shop.spreadsheets"
    label = "spreadsheets"
    verbose_name = "Import and export"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let jobs of ours be done by any worker."""
        from shop.spreadsheets.services import imports  # noqa: F401
