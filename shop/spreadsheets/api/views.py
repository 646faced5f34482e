"""Imports and exports of the catalogue for programs: send a file, read the report, apply it; take a file."""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING, Any, BinaryIO, cast
from uuid import UUID

from django.http import FileResponse, Http404, StreamingHttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from shop.core import clock
from shop.core.api.idempotency import idempotent
from shop.core.api.pagination import DEFAULT_LIMIT, MAX_LIMIT, CursorPagination
from shop.core.api.permissions import IsStaffWithPermission
from shop.core.api.serializers import StrictSerializer
from shop.core.jobs import JobNotCancellable, cancel_job
from shop.spreadsheets.api.examples import DETAIL_EXAMPLES, STARTED_EXAMPLES
from shop.spreadsheets.api.serializers import (
    ExportFilterSerializer,
    ImportDetailSerializer,
    ImportFilterSerializer,
    ImportInputSerializer,
    ImportSerializer,
    ReportedItemSerializer,
    RowFilterSerializer,
    describe_reading,
)
from shop.spreadsheets.api.throttles import ExportThrottle, ImportThrottle
from shop.spreadsheets.api.uploads import OwnFormat, UploadParser, form_members
from shop.spreadsheets.errors import ImportNotTried
from shop.spreadsheets.models import ImportItem, ImportRun, ImportUpload
from shop.spreadsheets.selectors import job_of, list_imports, list_uploads, search_reported
from shop.spreadsheets.services import export, export_pieces
from shop.spreadsheets.services.sending import apply_import, send_import

if TYPE_CHECKING:
    from shop.customers.models import User

PAGING = {"limit", "cursor"}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What an XLSX holds in memory before it goes to a file, in bytes.
IN_MEMORY = 5 * 1024 * 1024
PAGE_PARAMETERS = [
    OpenApiParameter(
        "limit",
        {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT},
        description="Rows of the report in one page.",
    ),
    OpenApiParameter("cursor", OpenApiTypes.STR, description="Opaque; take it from `next` or `previous`."),
]


class ImportOpsView(APIView):
    """For staff who may import; of what others have sent, they see what the admin shows them."""

    permission_classes = (IsStaffWithPermission,)
    read_permission = "spreadsheets.add_importrun"
    write_permission: str | None = "spreadsheets.add_importrun"

    def actor(self) -> User:
        """Whoever asks, with whose rights an import is tried and applied."""
        return cast("User", self.request.user)

    def asked(self, serializer_class: type[StrictSerializer]) -> dict[str, Any]:
        """
        Return the filters of the query string.

        :raises rest_framework.exceptions.ValidationError: for an unknown name or a wrong value
        """
        query = self.request.query_params
        filters = serializer_class(data={name: query[name] for name in query if name not in PAGING})
        filters.is_valid(raise_exception=True)
        return filters.validated_data

    def find(self, public_id: UUID) -> ImportRun | ImportUpload:
        """
        An import, or a file that is still being read.

        :raises Http404: when there is none that they may see
        """
        run = list_imports(self.actor()).filter(public_id=public_id).first()
        if run is not None:
            return run
        upload = list_uploads(self.actor()).filter(public_id=public_id, run__isnull=True).first()
        if upload is None:
            raise Http404
        return upload


def describe(found: ImportRun | ImportUpload) -> dict[str, Any]:
    """An import as it stands."""
    return dict(ImportSerializer(found).data) if isinstance(found, ImportRun) else describe_reading(found)


def refuse_members(request: Request) -> None:
    """
    Some calls take no body, or an empty object.

    :raises rest_framework.exceptions.ValidationError: for anything else
    """
    StrictSerializer(data=request.data or {}).is_valid(raise_exception=True)


class ImportListView(ImportOpsView):
    """All imports."""

    pagination_class = CursorPagination
    parser_classes = (UploadParser,)
    ordering = ("-created_at", "-pk")

    def get_throttles(self) -> list[Any]:
        """Count what is sent, not what is read."""
        return [ImportThrottle()] if self.request.method == "POST" else []

    @extend_schema(
        operation_id="ops_imports_list",
        tags=["ops"],
        parameters=[ImportFilterSerializer],
        responses=ImportSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """List imports, the latest first: one's own, or everybody's for those who may see them."""
        runs = list_imports(self.actor()).filter(**self.asked(ImportFilterSerializer))
        paginator = CursorPagination()
        page = paginator.paginate_queryset(runs, request, view=self)
        return paginator.get_paginated_response(ImportSerializer(page, many=True).data)

    @extend_schema(
        operation_id="ops_imports_send",
        tags=["ops"],
        request={"multipart/form-data": ImportInputSerializer},
        responses={202: ImportSerializer},
        examples=STARTED_EXAMPLES,
    )
    @idempotent(required=False)
    def post(self, request: Request) -> Response:
        """
        Send a file and start its dry run; nothing of the catalogue changes before it is applied.

        Ask for the import until its `state` is `tried`, read its report, and apply it. 400 `unreadable_file`
        or `unknown_columns` says what is wrong with the file; a large one is read later, and is `unreadable`
        then.
        """
        serializer = ImportInputSerializer(data=form_members(request))
        serializer.is_valid(raise_exception=True)
        sent = serializer.validated_data
        upload = send_import(
            file=sent["file"],
            kind=sent["kind"],
            mapping=sent["mapping"],
            options=serializer.to_options(),
            pictures=sent.get("pictures"),
            actor=self.actor(),
        )
        location = request.build_absolute_uri(f"{request.path}{upload.public_id}/")
        return Response(
            describe(self.find(upload.public_id)),
            status=status.HTTP_202_ACCEPTED,
            headers={"Location": location},
        )


class ImportDetailView(ImportOpsView):
    """One import."""

    ordering = ("position",)

    @extend_schema(
        operation_id="ops_imports_read",
        tags=["ops"],
        parameters=[RowFilterSerializer, *PAGE_PARAMETERS],
        responses=ImportDetailSerializer,
        examples=DETAIL_EXAMPLES,
    )
    def get(self, request: Request, public_id: UUID) -> Response:
        """How an import stands, and its report product by product, by `action` and page by page."""
        asked = self.asked(RowFilterSerializer)
        found = self.find(public_id)
        items = ImportItem.objects.none()
        if isinstance(found, ImportRun):
            items = search_reported(found, outcome=asked.get("action", "")).exclude(action="")
        paginator = CursorPagination()
        rows = ReportedItemSerializer(paginator.paginate_queryset(items, request, view=self), many=True)
        return Response({**describe(found), "report": paginator.get_paginated_response(rows.data).data})


class ImportApplyView(ImportOpsView):
    """Applying an import."""

    @extend_schema(
        operation_id="ops_imports_apply",
        tags=["ops"],
        request=None,
        responses={202: ImportSerializer},
        examples=STARTED_EXAMPLES,
    )
    @idempotent(required=False)
    def post(self, request: Request, public_id: UUID) -> Response:
        """
        Apply, in the background, an import that one has tried: chunk by chunk, each whole or not at all.

        409 `import_not_tried` while its dry run is not over or was somebody else's, `import_not_ready` when
        it was applied before.
        """
        refuse_members(request)
        found = self.find(public_id)
        if not isinstance(found, ImportRun):
            raise ImportNotTried
        apply_import(run=found, actor=self.actor())
        return Response(describe(self.find(public_id)), status=status.HTTP_202_ACCEPTED)


class ImportCancelView(ImportOpsView):
    """Stopping an import."""

    @extend_schema(
        operation_id="ops_imports_cancel",
        tags=["ops"],
        request=None,
        responses=ImportSerializer,
        examples=STARTED_EXAMPLES,
    )
    @idempotent(required=False)
    def post(self, request: Request, public_id: UUID) -> Response:
        """
        End the dry run or the import after the chunk at hand; what was applied stays.

        409 `job_not_cancellable` when nothing of it is at work.
        """
        refuse_members(request)
        found = self.find(public_id)
        job = job_of(found) if isinstance(found, ImportRun) else found.job
        if job is None:
            raise JobNotCancellable
        cancel_job(job=job, actor=self.actor())
        return Response(describe(self.find(public_id)))


class ExportView(ImportOpsView):
    """The catalogue, or some of it, as a file."""

    read_permission = "spreadsheets.add_exportfile"
    write_permission = None
    content_negotiation_class = OwnFormat
    throttle_classes = (ExportThrottle,)

    @extend_schema(
        operation_id="ops_export",
        tags=["ops"],
        parameters=[ExportFilterSerializer],
        responses={(200, "text/csv"): OpenApiTypes.STR, (200, XLSX): OpenApiTypes.BINARY},
    )
    def get(self, request: Request) -> HttpResponseBase:
        """
        Take what one may work on, in the format that the import reads.

        What comes back unchanged changes nothing.
        CSV begins at once, however much it is. 409 `export_refused`: a text is too long for a cell of XLSX.
        """
        asked = ExportFilterSerializer(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        kind, filters = asked.validated_data["kind"], asked.to_filters()
        name = f"{kind}-{clock.now():%Y-%m-%d}"
        if asked.validated_data["format"] == "csv":
            pieces = export_pieces(kind=kind, filters=filters, actor=self.actor())
            return StreamingHttpResponse(
                pieces,
                content_type="text/csv; charset=utf-8",
                headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
            )
        # Closed by the response.
        file = cast("BinaryIO", tempfile.SpooledTemporaryFile(max_size=IN_MEMORY))  # noqa: SIM115
        try:
            export(file=file, file_format="xlsx", kind=kind, filters=filters, actor=self.actor())
        except BaseException:
            file.close()
            raise
        file.seek(0)
        return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)
