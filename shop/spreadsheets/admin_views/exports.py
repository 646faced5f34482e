"""Exporting: small files at once, large ones in the background."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET
from wagtail.admin import messages
from wagtail.query import PageQuerySet

from shop.catalogue.bulk_actions.views import ProductBulkAction
from shop.catalogue.permissions import reachable_products
from shop.core import clock
from shop.core.job_views import describe_progress
from shop.spreadsheets.admin_forms import ExportForm, FormatForm
from shop.spreadsheets.admin_views.access import (
    MAY_EXPORT,
    MAY_IMPORT,
    ScreenView,
    actor_of,
    for_exporters,
    get_export,
)
from shop.spreadsheets.errors import ExportRefused
from shop.spreadsheets.models import ExportFile, ImportRun
from shop.spreadsheets.selectors import list_exports
from shop.spreadsheets.services import ExportFilter
from shop.spreadsheets.services.export_files import (
    AT_ONCE,
    RETENTION,
    is_large,
    open_export,
    start_export,
    write_export,
)

EXPORTS_SHOWN = 20
CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def send_export(
    request: HttpRequest, *, kind: str, file_format: str, filters: ExportFilter, label: str
) -> HttpResponseBase:
    """
    Send an export as a file, or begin it in the background and lead to where it will lie.

    :raises ExportRefused: when there is nothing to export, or a text does not fit into XLSX
    """
    actor = actor_of(request)
    if is_large(kind=kind, filters=filters, actor=actor):
        start_export(kind=kind, file_format=file_format, filters=filters, label=label, actor=actor)
        messages.success(request, "This is written in the background. The file will be in the list below.")
        return redirect("spreadsheets_export")
    file, _ = write_export(kind=kind, file_format=file_format, filters=filters, actor=actor)
    day = timezone.localtime(clock.now())
    # The response closes the file when it has been sent.
    return FileResponse(
        file,
        as_attachment=True,
        filename=f"{kind}-{day:%Y-%m-%d}.{file_format}",
        content_type=CONTENT_TYPES[file_format],
    )


class ExportView(ScreenView):
    """What to export, and the files that were made in the background."""

    template_name = "spreadsheets/admin/export.html"
    page_title = "Export"
    permission = MAY_EXPORT
    header_icon = "download"

    @property
    def parents(self) -> list[tuple[str, str]]:  # type: ignore[override]
        """Lead to the imports only whoever may see them."""
        return [("spreadsheets_imports", "Imports")] if self.request.user.has_perm(MAY_IMPORT) else []

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the form; conditions may stand in the address."""
        initial = {name: request.GET[name] for name in ExportForm.base_fields if request.GET.get(name)}
        return self._show(ExportForm(initial={"kind": "products", "file_format": "csv", **initial}))

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Send the file, or begin it."""
        form = ExportForm(request.POST)
        if not form.is_valid():
            return self._show(form, status=422)
        data = form.cleaned_data
        try:
            return send_export(
                request,
                kind=data["kind"],
                file_format=data["file_format"],
                filters=form.get_filter(),
                label=form.describe(),
            )
        except ExportRefused as refused:
            form.add_error(None, refused.detail)
        return self._show(form, status=422)

    def _show(self, form: ExportForm, *, status: int = 200) -> HttpResponse:
        made = list(list_exports(actor_of(self.request))[:EXPORTS_SHOWN])
        at_work = [one for one in made if one.job is not None and one.job.is_open]
        context = self.get_context_data(
            form=form,
            made=[(one, describe_progress(one.job) if one.job else "") for one in made],
            at_work=at_work[0].job if at_work else None,
            progress=describe_progress(at_work[0].job) if at_work and at_work[0].job else "",
            at_once=AT_ONCE,
            days=RETENTION.days,
        )
        return self.render_to_response(context, status=status)


@require_GET
@for_exporters
def download_export(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    """A file that was made in the background, for whoever asked for it."""
    made: ExportFile = get_export(request, public_id)
    if not made.path:
        raise Http404
    try:
        file = open_export(made)
    except FileNotFoundError as error:
        raise Http404 from error
    return FileResponse(
        file,
        as_attachment=True,
        filename=made.file_name,
        content_type=CONTENT_TYPES[made.file_format],
    )


class ExportProducts(ProductBulkAction):
    """Export the ticked products, or all that the listing's filter finds."""

    display_name = "Export"
    aria_label = "Export the selected products"
    action_type = "export-products"
    change = "export"
    action_priority = 90
    form_class = FormatForm
    permission: ClassVar[str] = MAY_EXPORT
    explanation = "With variants, prices and stock, as a file that can be edited and imported again."

    def list_allowed(self) -> PageQuerySet:
        """All that the person may see the prices and stock of."""
        return reachable_products(self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say whether it takes a while."""
        context = super().get_context_data(**kwargs)
        return {**context, "in_background": len(self.ids) > AT_ONCE}

    def form_valid(self, form: forms.Form) -> HttpResponseBase:
        """Send the file, or begin it."""
        goods = "1 product" if len(self.ids) == 1 else f"{len(self.ids):,} products"
        try:
            return send_export(
                self.request,
                kind=ImportRun.Kind.PRODUCTS,
                file_format=form.cleaned_data["file_format"],
                filters=ExportFilter(product_ids=self.ids),
                label=f"{goods} from the list",
            )
        except ExportRefused as refused:
            messages.error(self.request, refused.detail)
            return redirect(self.next_url or reverse("spreadsheets_export"))
