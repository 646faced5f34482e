from django.apps import AppConfig


class SpreadsheetsConfig(AppConfig):
    """The catalogue as CSV and XLSX, in and out."""

    name = "shop.spreadsheets"
    label = "spreadsheets"
    verbose_name = "Import and export"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let jobs of ours be done by any worker, and pictures come from the net and from archives."""
        from shop.spreadsheets.pictures import register_image_source
        from shop.spreadsheets.services import export_files, imports, uploads  # noqa: F401
        from shop.spreadsheets.web_pictures import WebPictures
        from shop.spreadsheets.zip_pictures import ZipPictures

        register_image_source(ZipPictures())
        register_image_source(WebPictures())
