"""Saying what the columns of a file mean, and the columns that were saved."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from wagtail.admin import messages

from shop.spreadsheets.admin_forms import ColumnsForm, MappingNameForm
from shop.spreadsheets.admin_views.access import ScreenView, actor_of, get_upload
from shop.spreadsheets.admin_views.imports import go_on
from shop.spreadsheets.column_words import guess_columns, labels_of, list_column_groups
from shop.spreadsheets.errors import UnreadableFile
from shop.spreadsheets.mappings import signature_of
from shop.spreadsheets.models import ColumnMapping, ImportUpload
from shop.spreadsheets.private_files import private_storage
from shop.spreadsheets.services.uploads import choose_columns

MAPPINGS_PER_PAGE = 50


class UploadColumnsView(ScreenView):
    """The mapping step: each header of a file with sample cells, and a select of our columns."""

    template_name = "spreadsheets/admin/upload_columns.html"
    page_title = "What the columns mean"

    def _form(self, upload: ImportUpload, data: Any = None) -> ColumnsForm:
        groups = list_column_groups(upload.kind)
        signature = signature_of(upload.headers, kind=upload.kind)
        saved = ColumnMapping.objects.filter(signature=signature).first()
        chosen = upload.columns or (saved.columns if saved else None)
        return ColumnsForm(
            data,
            kind=upload.kind,
            headers=upload.headers,
            samples=upload.samples,
            groups=groups,
            guesses=chosen or guess_columns(upload.headers, groups),
            initial={"name": saved.name if saved else ""},
        )

    def get(self, request: HttpRequest, public_id: UUID) -> HttpResponse:
        """Show what was chosen before, or what we guess."""
        upload = get_upload(request, public_id)
        if not private_storage().exists(upload.path):
            messages.error(request, "This file has been deleted meanwhile: send it once more.")
            return redirect("spreadsheets_new_import")
        return self._show(upload, self._form(upload))

    def post(self, request: HttpRequest, public_id: UUID) -> HttpResponse:
        """Keep what was chosen, remember it if it has a name, and read the file."""
        upload = get_upload(request, public_id)
        form = self._form(upload, request.POST)
        if not form.is_valid():
            return self._show(upload, form, status=422)
        name = form.cleaned_data["name"]
        if name and not request.user.has_perm("spreadsheets.add_columnmapping"):
            raise PermissionDenied
        upload = choose_columns(upload=upload, columns=form.columns, name=name)
        try:
            return go_on(request, upload)
        except UnreadableFile as refused:
            messages.error(request, refused.detail)
            return redirect("spreadsheets_new_import")

    def _show(self, upload: ImportUpload, form: ColumnsForm, *, status: int = 200) -> HttpResponse:
        context = self.get_context_data(
            upload=upload,
            form=form,
            rows=form.rows(),
            may_remember=actor_of(self.request).has_perm("spreadsheets.add_columnmapping"),
        )
        return self.render_to_response(context, status=status)


class MappingsView(ScreenView):
    """The saved columns, by name."""

    template_name = "spreadsheets/admin/mappings.html"
    page_title = "Saved columns"
    header_icon = "table"

    def get(self, request: HttpRequest) -> HttpResponse:
        """List them."""
        page = Paginator(ColumnMapping.objects.order_by("name"), MAPPINGS_PER_PAGE).get_page(
            request.GET.get("p")
        )
        return self.render_to_response(self.get_context_data(page=page))


class MappingView(ScreenView):
    """One of them: what each header means, and its name."""

    template_name = "spreadsheets/admin/mapping.html"
    header_icon = "table"
    parents = [("spreadsheets_imports", "Imports"), ("spreadsheets_mappings", "Saved columns")]

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show it."""
        mapping = get_object_or_404(ColumnMapping, pk=pk)
        return self._show(mapping, MappingNameForm(instance=mapping))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Give it another name."""
        if not request.user.has_perm("spreadsheets.change_columnmapping"):
            raise PermissionDenied
        mapping = get_object_or_404(ColumnMapping, pk=pk)
        form = MappingNameForm(request.POST, instance=mapping)
        if not form.is_valid():
            return self._show(get_object_or_404(ColumnMapping, pk=pk), form, status=422)
        form.save()
        messages.success(request, f"They are called “{mapping.name}” now.")
        return redirect("spreadsheets_mappings")

    def _show(self, mapping: ColumnMapping, form: MappingNameForm, *, status: int = 200) -> HttpResponse:
        self.page_title = mapping.name
        labels = labels_of(list_column_groups(mapping.kind))
        columns = [(header, labels.get(name, name)) for header, name in mapping.columns.items()]
        context = self.get_context_data(mapping=mapping, form=form, columns=columns)
        return self.render_to_response(context, status=status)


class DeleteMappingView(ScreenView):
    """Forget saved columns, after a question."""

    template_name = "spreadsheets/admin/delete_mapping.html"
    header_icon = "bin"
    parents = MappingView.parents

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Let in who may delete them."""
        guarded = permission_required("spreadsheets.delete_columnmapping", raise_exception=True)(
            super().dispatch
        )
        return guarded(request, *args, **kwargs)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask."""
        mapping = get_object_or_404(ColumnMapping, pk=pk)
        self.page_title = f"Delete “{mapping.name}”"
        return self.render_to_response(self.get_context_data(mapping=mapping))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Forget them; imports that were made with them stay as they are."""
        mapping = get_object_or_404(ColumnMapping, pk=pk)
        mapping.delete()
        messages.success(request, f"“{mapping.name}” is deleted.")
        return redirect("spreadsheets_mappings")
