"""What programs send to imports and exports, and what they are told."""

from __future__ import annotations

from typing import Any

from django.core.files import File
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from shop.core.api.serializers import StrictSerializer, TextField
from shop.core.models import BackgroundJob
from shop.spreadsheets import archives, tables
from shop.spreadsheets.models import ImportItem, ImportRun, ImportUpload
from shop.spreadsheets.options import ImportOptions
from shop.spreadsheets.selectors import OUTCOMES, ImportState, counts_of, job_of
from shop.spreadsheets.services import ExportFilter

LONGEST_NAME = 80
KINDS = ImportRun.Kind.choices
READING, UNREADABLE = "reading", "unreadable"
STATES = [
    (READING, "The file is being read"),
    (UNREADABLE, "The file could not be read"),
    *ImportState.choices,
]
OPTIONS = ("create_brands", "create_categories", "create_values", "unready", "blanks")


class SentFile(serializers.FileField):
    """A file up to a size, in bytes."""

    default_error_messages = {"too_large": "The file has more than {most} MB. Split it."}

    def __init__(self, *, most: int, **kwargs: Any) -> None:
        self.most = most
        super().__init__(max_length=255, **kwargs)

    def to_internal_value(self, data: Any) -> File[Any]:
        file: File[Any] = super().to_internal_value(data)
        if file.size > self.most:
            self.fail("too_large", most=self.most // 1024 // 1024)
        return file


class ImportInputSerializer(StrictSerializer):
    """A file, what is in it, and what its import may do beside setting what the file says."""

    file = SentFile(most=tables.MAX_BYTES, help_text="CSV or XLSX.")
    pictures = SentFile(
        most=archives.MAX_BYTES, required=False, help_text="A ZIP with the pictures that the file names."
    )
    kind = serializers.ChoiceField(choices=KINDS, default=ImportRun.Kind.PRODUCTS.value)
    mapping = TextField(
        max_length=LONGEST_NAME,
        default="",
        allow_blank=True,
        help_text="`nexus`, `shopify`, or the name of a saved one; by the headers when it is left out.",
    )
    create_brands = serializers.BooleanField(default=True)
    create_categories = serializers.BooleanField(default=True)
    create_values = serializers.BooleanField(default=True)
    unready = serializers.ChoiceField(
        choices=["draft", "refuse"],
        default="draft",
        help_text="What becomes of a product that is to be live and lacks something.",
    )
    blanks = serializers.ChoiceField(
        choices=["clear", "keep"],
        default="clear",
        help_text="Whether an empty cell takes a value away, or leaves it.",
    )

    def to_options(self) -> ImportOptions:
        """The options among what was sent."""
        return ImportOptions(**{name: self.validated_data[name] for name in OPTIONS})


class ImportFilterSerializer(StrictSerializer):
    """Which imports."""

    kind = serializers.ChoiceField(choices=KINDS, required=False)
    state = serializers.ChoiceField(choices=ImportState.choices, required=False)


class RowFilterSerializer(StrictSerializer):
    """Which rows of the report."""

    action = serializers.ChoiceField(
        choices=[*OUTCOMES, "warnings"], required=False, help_text="Or `warnings`: those that have any."
    )


class CountsSerializer(serializers.Serializer):
    """How many products (or categories) had which outcome."""

    created = serializers.IntegerField()
    changed = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    refused = serializers.IntegerField()
    warnings = serializers.IntegerField()


class ProgressSerializer(serializers.Serializer):
    """How far the dry run or the import is."""

    done = serializers.IntegerField()
    total = serializers.IntegerField(allow_null=True)


class ImportSerializer(serializers.Serializer):
    """An import as it stands."""

    id = serializers.UUIDField(source="public_id")
    state = serializers.ChoiceField(choices=STATES)
    kind = serializers.ChoiceField(choices=KINDS)
    file = serializers.CharField(source="file_name")
    mapping = serializers.CharField()
    rows = serializers.IntegerField()
    items = serializers.IntegerField(source="items_total", help_text="Products, or categories.")
    counts = serializers.SerializerMethodField(help_text="Of what ended last; null before that.")
    progress = serializers.SerializerMethodField(help_text="Of what is at work; null when nothing is.")
    error = serializers.SerializerMethodField(help_text="Why it stopped, or could not be read.")
    notes = serializers.ListField(child=serializers.CharField())
    created_at = serializers.DateTimeField()
    tried_at = serializers.DateTimeField(allow_null=True)
    applied_at = serializers.DateTimeField(allow_null=True)

    @extend_schema_field(CountsSerializer(allow_null=True))
    def get_counts(self, run: ImportRun) -> dict[str, int] | None:
        return dict(counts_of(run)) or None

    @extend_schema_field(ProgressSerializer(allow_null=True))
    def get_progress(self, run: ImportRun) -> dict[str, int | None] | None:
        return _progress_of(job_of(run))

    def get_error(self, run: ImportRun) -> str:
        job = job_of(run)
        return job.error if job is not None and not job.is_open else ""


def describe_reading(upload: ImportUpload) -> dict[str, Any]:
    """A file that is still being read, or could not be, with the members of an import."""
    job = upload.job
    is_open = job is not None and job.is_open
    return {
        "id": str(upload.public_id),
        "state": READING if is_open else UNREADABLE,
        "kind": upload.kind,
        "file": upload.file_name,
        "mapping": upload.mapping,
        "rows": 0,
        "items": 0,
        "counts": None,
        "progress": _progress_of(job),
        "error": "" if job is None or is_open else job.error,
        "notes": [],
        "created_at": serializers.DateTimeField().to_representation(upload.created_at),
        "tried_at": None,
        "applied_at": None,
    }


def _progress_of(job: BackgroundJob | None) -> dict[str, int | None] | None:
    return {"done": job.done, "total": job.total} if job is not None and job.is_open else None


class ProblemOfRowSerializer(serializers.Serializer):
    """What is wrong with a cell, or (with an empty column) with the whole."""

    row = serializers.IntegerField()
    column = serializers.CharField()
    code = serializers.CharField(help_text="Stable and machine-readable.")
    message = serializers.CharField()


class ChangeSerializer(serializers.Serializer):
    """A cell that means something else than what the shop holds."""

    row = serializers.IntegerField()
    column = serializers.CharField()
    old = serializers.CharField()
    new = serializers.CharField()


class ReportedItemSerializer(serializers.Serializer):
    """One product (or category) of a report; its rows stand or fall together."""

    position = serializers.IntegerField()
    key = serializers.CharField()
    action = serializers.ChoiceField(choices=[value for value in ImportItem.Action.values if value])
    # DRF itself takes the fields out of the class, so that its own attributes of these names stay.
    label = serializers.CharField()  # type: ignore[assignment]
    rows = serializers.ListField(child=serializers.IntegerField())
    changes = ChangeSerializer(many=True)
    errors = ProblemOfRowSerializer(many=True)  # type: ignore[assignment]
    warnings = ProblemOfRowSerializer(many=True)

    def to_representation(self, item: ImportItem) -> dict[str, Any]:
        """The report as the engine has written it, without keys of the database."""
        report = item.report
        return {
            "position": item.position,
            "key": item.key,
            "action": item.action,
            "label": report["label"],
            "rows": report["rows"],
            "changes": report["changes"],
            "errors": report["errors"],
            "warnings": report["warnings"],
        }


class ReportSerializer(serializers.Serializer):
    """A page of the report."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = ReportedItemSerializer(many=True)


class ImportDetailSerializer(ImportSerializer):
    """An import with a page of its report."""

    report = ReportSerializer()


class ExportFilterSerializer(StrictSerializer):
    """Which products, in which format."""

    format = serializers.ChoiceField(choices=["csv", "xlsx"], default="csv")
    kind = serializers.ChoiceField(choices=KINDS, default=ImportRun.Kind.PRODUCTS.value)
    status = serializers.ChoiceField(choices=["live", "draft"], required=False)
    category = TextField(required=False, help_text="A slug; what is below it is included.")
    brand = TextField(required=False, help_text="A slug or a name.")
    type = TextField(required=False, help_text="The slug of a product type.")
    tag = TextField(required=False)

    def to_filters(self) -> ExportFilter:
        """The conditions among what was asked."""
        asked = self.validated_data
        return ExportFilter(
            status=asked.get("status", ""),
            category=asked.get("category", ""),
            brand=asked.get("brand", ""),
            product_type=asked.get("type", ""),
            tag=asked.get("tag", ""),
        )
