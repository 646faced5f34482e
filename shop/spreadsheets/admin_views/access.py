"""Who may open the screens, and what they share."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, cast
from uuid import UUID

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.generic import View
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from shop.spreadsheets.models import ExportFile, ImportRun, ImportUpload
from shop.spreadsheets.selectors import list_exports, list_imports, list_uploads

if TYPE_CHECKING:
    from shop.customers.models import User

MAY_IMPORT = "spreadsheets.add_importrun"
MAY_EXPORT = "spreadsheets.add_exportfile"

ViewFunction = Callable[..., HttpResponseBase]
for_importers: Callable[[ViewFunction], ViewFunction] = permission_required(MAY_IMPORT, raise_exception=True)
for_exporters: Callable[[ViewFunction], ViewFunction] = permission_required(MAY_EXPORT, raise_exception=True)


class ScreenView(WagtailAdminTemplateMixin, View):
    """A screen below a list, for those who hold a permission."""

    permission: ClassVar[str] = MAY_IMPORT
    header_icon = "upload"
    parents: ClassVar[list[tuple[str, str]]] = [("spreadsheets_imports", "Imports")]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Let in who may import, or export."""
        guarded = permission_required(self.permission, raise_exception=True)(super().dispatch)
        return guarded(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Lead from the lists to here."""
        above = [{"url": reverse(name), "label": label} for name, label in self.parents]
        return [*self.breadcrumbs_items, *above, {"url": "", "label": self.get_page_title()}]


def actor_of(request: HttpRequest) -> User:
    """Whoever is logged in; the screens let in nobody else."""
    return cast("User", request.user)


def get_import(request: HttpRequest, public_id: UUID) -> ImportRun:
    """One of the imports that the reader may see."""
    return get_object_or_404(list_imports(actor_of(request)), public_id=public_id)


def get_upload(request: HttpRequest, public_id: UUID) -> ImportUpload:
    """One of the files that the reader has sent, or may see."""
    return get_object_or_404(list_uploads(actor_of(request)), public_id=public_id)


def get_export(request: HttpRequest, public_id: UUID) -> ExportFile:
    """One of the reader's exports."""
    return get_object_or_404(list_exports(actor_of(request)), public_id=public_id)
