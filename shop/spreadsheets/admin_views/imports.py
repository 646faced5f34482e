"""The list of imports, and beginning a new one."""

from __future__ import annotations

import csv
import io
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BaseColumn, Column, DateColumn, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.admin.widgets.button import HeaderButton

from shop.spreadsheets.admin_forms import NewImportForm
from shop.spreadsheets.admin_views.access import (
    MAY_EXPORT,
    MAY_IMPORT,
    ScreenView,
    actor_of,
    for_importers,
    get_upload,
)
from shop.spreadsheets.cells import escape_formula
from shop.spreadsheets.column_words import list_column_groups
from shop.spreadsheets.errors import UnknownColumns, UnreadableFile
from shop.spreadsheets.models import ImportRun, ImportUpload
from shop.spreadsheets.selectors import ImportState, counts_of, list_imports, list_uploads
from shop.spreadsheets.services.uploads import (
    begin_reading,
    discard_upload,
    needs_columns,
    receive_upload,
)

WAITING_SHOWN = 5
# Those that need nothing that only some shops have, and fetch nothing.
EXAMPLE_COLUMNS = ("handle", "title", "summary", "body", "brand", "categories", "tags", "sku", "weight_grams")
EXAMPLES = {
    ImportRun.Kind.CATEGORIES: [
        {
            "slug": "lighting",
            "name": "Lighting",
            "parent": "",
            "description": "Lamps of all kinds.",
            "status": "live",
        },
        {"slug": "desk-lamps", "name": "Desk lamps", "parent": "lighting", "status": "live"},
    ],
}


class ImportFilterSet(WagtailFilterSet):
    """Find an import by its file, by what is in it, and by how it stands."""

    file_name = django_filters.CharFilter(lookup_expr="icontains", label="File")
    kind = django_filters.ChoiceFilter(choices=ImportRun.Kind.choices, label="What is in it")
    state = django_filters.ChoiceFilter(choices=ImportState.choices, label="State")

    class Meta:
        model = ImportRun
        fields: list[str] = []


def describe_counts(run: ImportRun) -> str:
    """Return ``3 created, 1 refused``, or how large the file is while nothing is known yet."""
    counts = counts_of(run)
    told = [
        f"{counts[name]:,} {name}"
        for name in ("created", "changed", "unchanged", "refused")
        if counts.get(name)
    ]
    if counts.get("warnings"):
        told.append(f"{counts['warnings']:,} with warnings")
    return ", ".join(told) or f"{run.rows:,} rows"


def state_of(run: Any) -> str:
    """Return the label of an import's state, which the selector has found."""
    return str(ImportState(run.state).label)


def import_url(run: ImportRun) -> str:
    """Return the address of an import's report."""
    return reverse("spreadsheets_import", args=[run.public_id])


class ImportList(ReportView):
    """A person's own imports, newest first; everybody's for those who may see them."""

    page_title = "Imports"
    verbose_name = "import"
    verbose_name_plural = "imports"
    header_icon = "upload"
    index_url_name = "spreadsheets_imports"
    index_results_url_name = "spreadsheets_imports_results"
    filterset_class = ImportFilterSet
    results_template_name = "spreadsheets/admin/import_list_results.html"
    columns: list[BaseColumn] = [
        TitleColumn("file_name", label="File", get_url=import_url),
        Column("kind", label="What is in it", accessor="get_kind_display", width="12%"),
        Column("state", label="State", accessor=state_of, width="16%"),
        Column("counts", label="Result", accessor=describe_counts, width="24%"),
        Column("who", label="Sent by", accessor=lambda run: run.created_by or "a command", width="16%"),
        DateColumn("created_at", label="Sent", width="10%"),
    ]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Let in who may import."""
        return for_importers(super().dispatch)(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[ImportRun]:
        return list_imports(actor_of(self.request))

    @property
    def header_buttons(self) -> list[HeaderButton]:
        """Begin an import."""
        return [HeaderButton("New import", url=reverse("spreadsheets_new_import"), icon_name="plus")]

    @property
    def header_more_buttons(self) -> list[HeaderButton]:
        """What belongs to imports."""
        buttons = [
            HeaderButton("Saved columns", url=reverse("spreadsheets_mappings"), icon_name="table"),
            HeaderButton("Which columns there are", url=reverse("spreadsheets_columns"), icon_name="help"),
        ]
        if self.request.user.has_perm(MAY_EXPORT):
            buttons.append(HeaderButton("Export", url=reverse("spreadsheets_export"), icon_name="download"))
        return buttons

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add files that were sent and never read to their end."""
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)
        unread = list_uploads(actor_of(self.request)).filter(run__isnull=True)
        return {**context, "unread": list(unread[:WAITING_SHOWN])}


class NewImportView(ScreenView):
    """Send a file. It is looked at, read and tried; nothing of the catalogue changes."""

    template_name = "spreadsheets/admin/new_import.html"
    page_title = "New import"
    permission = MAY_IMPORT

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the form."""
        initial = {"kind": request.GET.get("kind", ImportRun.Kind.PRODUCTS)}
        return self._show(NewImportForm(actor=actor_of(request), initial=initial))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep the file and go on to its columns, to its reading, or to its dry run."""
        actor = actor_of(request)
        form = NewImportForm(request.POST, request.FILES, actor=actor)
        if not form.is_valid():
            return self._show(form, status=422)
        data = form.cleaned_data
        try:
            upload = receive_upload(
                file=data["file"],
                name=data["file"].name,
                kind=data["kind"],
                mapping=form.mapping_name,
                options=form.get_options(),
                pictures=data["pictures"],
                actor=actor,
            )
            if form.wants_to_choose or needs_columns(upload):
                return redirect("spreadsheets_upload_columns", upload.public_id)
            return go_on(request, upload)
        except UnreadableFile as refused:
            form.add_error("file", refused.detail)
        return self._show(form, status=422)

    def _show(self, form: NewImportForm, *, status: int = 200) -> HttpResponse:
        options = [
            form[name]
            for name in (
                "create_brands",
                "create_categories",
                "create_values",
                "unready",
                "blanks",
                "folder_id",
                "price_list",
                "warehouse",
            )
            if name in form.fields
        ]
        context = self.get_context_data(form=form, options=options)
        return self.render_to_response(context, status=status)


def go_on(request: HttpRequest, upload: ImportUpload) -> HttpResponse:
    """
    Read a file whose columns are understood, and lead to what comes next.

    :raises UnreadableFile: for a file that is broken further down; it is forgotten then
    """
    try:
        upload = begin_reading(upload=upload, actor=actor_of(request))
    except UnknownColumns as refused:
        messages.warning(request, refused.detail)
        return redirect("spreadsheets_upload_columns", upload.public_id)
    except UnreadableFile:
        discard_upload(upload=upload)
        raise
    if upload.run is not None and upload.job is None:
        return redirect(import_url(upload.run))
    return redirect("spreadsheets_upload", upload.public_id)


class UploadView(ScreenView):
    """A large file that is read in the background; leads on to the import when that is done."""

    template_name = "spreadsheets/admin/upload.html"

    def get(self, request: HttpRequest, public_id: Any) -> HttpResponse:
        """Show how the reading comes along."""
        upload = get_upload(request, public_id)
        job = upload.job
        if upload.run is not None and (job is None or not job.is_open):
            return redirect(import_url(upload.run))
        if job is None:
            return redirect("spreadsheets_upload_columns", upload.public_id)
        self.page_title = upload.file_name
        return self.render_to_response(self.get_context_data(upload=upload, job=job))


class ColumnsView(ScreenView):
    """Which columns there are in this shop, with examples."""

    template_name = "spreadsheets/admin/columns.html"
    page_title = "Which columns there are"
    header_icon = "help"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show them in their groups."""
        kinds = [(kind.label, list_column_groups(kind)) for kind in ImportRun.Kind]
        return self.render_to_response(self.get_context_data(kinds=kinds))


@for_importers
def download_example(request: HttpRequest, kind: str) -> HttpResponse:
    """A small file of this kind, with the codes of this shop, to begin from."""
    rows = EXAMPLES[ImportRun.Kind(kind)] if kind in EXAMPLES else _example_products()
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), restval="")
    writer.writeheader()
    writer.writerows({name: escape_formula(cell) for name, cell in row.items()} for row in rows)
    # The mark by which Excel knows UTF-8.
    response = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="example-{kind}.csv"'
    return response


def _example_products() -> list[dict[str, str]]:
    columns = [column for group in list_column_groups(ImportRun.Kind.PRODUCTS) for column in group.columns]
    # Prices and stock under the codes that this shop has for them.
    sheet = {
        column.name: column.example
        for column in columns
        if column.example and column.name.startswith(("price.", "stock."))
    }
    first = {column.name: column.example for column in columns if column.name in EXAMPLE_COLUMNS}
    second = {"handle": first["handle"], "sku": "LAMP-WALNUT", "weight_grams": "900"}
    return [{**first, "status": "draft", **sheet}, {**second, **sheet}]
