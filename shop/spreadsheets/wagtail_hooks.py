from __future__ import annotations

from django.contrib.auth.models import Permission
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, re_path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from shop.core.dashboard import TODOS_HOOK
from shop.spreadsheets.admin_views import exports, imports, mapping, report
from shop.spreadsheets.admin_views.access import MAY_EXPORT, MAY_IMPORT
from shop.spreadsheets.import_todos import list_waiting_imports

hooks.register("register_bulk_action", exports.ExportProducts)
hooks.register(TODOS_HOOK, list_waiting_imports)


class PermittedMenuItem(MenuItem):
    """Shown to those who may open it."""

    def __init__(self, label: str, url: str, *, permission: str, icon_name: str, order: int) -> None:
        super().__init__(label, url, icon_name=icon_name, order=order)
        self.permission = permission

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(self.permission))


@hooks.register("register_admin_urls")
def register_urls() -> list[URLPattern]:
    """Give the screens their addresses."""
    listing = imports.ImportList
    return [
        path("imports/", listing.as_view(), name="spreadsheets_imports"),
        path("imports/results/", listing.as_view(results_only=True), name="spreadsheets_imports_results"),
        path("imports/new/", imports.NewImportView.as_view(), name="spreadsheets_new_import"),
        path("imports/columns/", imports.ColumnsView.as_view(), name="spreadsheets_columns"),
        path(
            "imports/example-products.csv",
            imports.download_example,
            {"kind": "products"},
            name="spreadsheets_example_products",
        ),
        path(
            "imports/example-categories.csv",
            imports.download_example,
            {"kind": "categories"},
            name="spreadsheets_example_categories",
        ),
        path("imports/files/<uuid:public_id>/", imports.UploadView.as_view(), name="spreadsheets_upload"),
        path(
            "imports/files/<uuid:public_id>/columns/",
            mapping.UploadColumnsView.as_view(),
            name="spreadsheets_upload_columns",
        ),
        path("imports/saved-columns/", mapping.MappingsView.as_view(), name="spreadsheets_mappings"),
        path("imports/saved-columns/<int:pk>/", mapping.MappingView.as_view(), name="spreadsheets_mapping"),
        path(
            "imports/saved-columns/<int:pk>/delete/",
            mapping.DeleteMappingView.as_view(),
            name="spreadsheets_delete_mapping",
        ),
        path("imports/<uuid:public_id>/", report.ImportView.as_view(), name="spreadsheets_import"),
        path(
            "imports/<uuid:public_id>/progress/", report.import_progress, name="spreadsheets_import_progress"
        ),
        path("imports/<uuid:public_id>/report.csv", report.import_csv, name="spreadsheets_import_csv"),
        path("imports/<uuid:public_id>/try/", report.try_import, name="spreadsheets_try_import"),
        path("imports/<uuid:public_id>/apply/", report.ApplyView.as_view(), name="spreadsheets_apply_import"),
        re_path(
            r"^imports/(?P<public_id>[0-9a-f-]{36})/(?P<action>cancel|resume)/$",
            report.steer_import,
            name="spreadsheets_steer_import",
        ),
        path("exports/", exports.ExportView.as_view(), name="spreadsheets_export"),
        path("exports/<uuid:public_id>/file/", exports.download_export, name="spreadsheets_export_file"),
    ]


@hooks.register("register_admin_menu_item")
def register_imports_menu_item() -> MenuItem:
    """Imports, for those who may import."""
    url = reverse("spreadsheets_imports")
    return PermittedMenuItem("Imports", url, permission=MAY_IMPORT, icon_name="upload", order=113)


@hooks.register("register_admin_menu_item")
def register_export_menu_item() -> MenuItem:
    """Export, for those who may export."""
    url = reverse("spreadsheets_export")
    return PermittedMenuItem("Export", url, permission=MAY_EXPORT, icon_name="download", order=114)


@hooks.register("register_permissions")
def register_permissions() -> QuerySet[Permission]:
    """Let groups be given imports, everybody's imports, exports and saved columns."""
    codenames = ["add_importrun", "view_importrun", "add_exportfile"]
    codenames += [f"{action}_columnmapping" for action in ("add", "change", "delete")]
    return Permission.objects.filter(Q(content_type__app_label="spreadsheets") & Q(codename__in=codenames))
