from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from shop.core import clock


class ImportRun(models.Model):
    """
    One file that was read: its rows lie in the database, by product, and wait to be tried and applied.

    ``params`` holds the options, ``notes`` what was noticed while reading (the encoding that was guessed,
    headers that nobody knows).
    """

    class Kind(models.TextChoices):
        PRODUCTS = "products", "Products"
        CATEGORIES = "categories", "Categories"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.PRODUCTS)
    file_name = models.CharField(max_length=255)
    mapping = models.CharField(max_length=80)
    signature = models.CharField(max_length=64)
    headers = models.JSONField(default=list)
    columns = models.JSONField(default=list)
    params = models.JSONField(default=dict)
    notes = models.JSONField(default=list)
    rows = models.PositiveIntegerField(default=0)
    items_total = models.PositiveIntegerField(default=0)
    tried_at = models.DateTimeField(null=True, blank=True)
    applied_at = models.DateTimeField(null=True, blank=True)
    job = models.OneToOneField(
        "core.BackgroundJob", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # Name in the private storage of the ZIP of pictures that came with the file.
    pictures_path = models.CharField(max_length=255, blank=True, default="", db_default="", editable=False)
    # The latest try in the background: with the rights of whom, and what it has counted.
    trial_job = models.ForeignKey(
        "core.BackgroundJob", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = "import"

    def __str__(self) -> str:
        return self.file_name


class ColumnMapping(models.Model):
    """
    Which column of a file means what; remembered by the file's headers, so that it is asked for once.

    ``columns`` maps each header of the file to a column of ours; an empty name leaves the header out.
    """

    class Format(models.TextChoices):
        NEXUS = "nexus", "Our own columns"
        SHOPIFY = "shopify", "Shopify product export"

    name = models.CharField("name", max_length=80, unique=True, help_text="Example: “Price list of Halden”.")
    format = models.CharField("kind of file", max_length=10, choices=Format.choices, default=Format.NEXUS)
    signature = models.CharField(max_length=64, unique=True, editable=False)
    kind = models.CharField(
        "what is in it",
        max_length=10,
        choices=ImportRun.Kind.choices,
        default=ImportRun.Kind.PRODUCTS,
    )
    columns = models.JSONField("columns", default=dict, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["name"]
        verbose_name = "column mapping"
        verbose_name_plural = "column mappings"

    def __str__(self) -> str:
        return self.name


class ImportItem(models.Model):
    """
    One product (or category) of a file, with all of its rows: it is applied whole, or not at all.

    ``data`` is ``[[row number, {column: text}], …]``; ``report`` what the last try or run has found.
    """

    class Action(models.TextChoices):
        WAITING = "", "Not tried yet"
        CREATED = "created", "Created"
        CHANGED = "changed", "Changed"
        UNCHANGED = "unchanged", "Unchanged"
        REFUSED = "refused", "Refused"

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveIntegerField()
    key = models.CharField(max_length=300)
    data = models.JSONField()
    action = models.CharField(max_length=10, choices=Action.choices, default=Action.WAITING, blank=True)
    has_warnings = models.BooleanField(default=False)
    # Names things that come later in the file; it is looked at once more at the end.
    is_deferred = models.BooleanField(default=False)
    object_id = models.BigIntegerField(null=True, blank=True)
    report = models.JSONField(default=dict)

    class Meta:
        ordering = ["run", "position"]
        verbose_name = "imported product"
        constraints = [
            models.UniqueConstraint(fields=["run", "position"], name="spreadsheets_item_position"),
            models.UniqueConstraint(fields=["run", "key"], name="spreadsheets_item_key"),
        ]
        indexes = [
            models.Index(fields=["run", "object_id"], name="spreadsheets_item_object"),
            models.Index(fields=["run", "action"], name="spreadsheets_item_action"),
        ]

    def __str__(self) -> str:
        return self.key


class ImportClaim(models.Model):
    """That an item of a file names a SKU or an external id as its own; two may not name the same."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="claims")
    item = models.ForeignKey(ImportItem, on_delete=models.CASCADE, related_name="claims")
    # "sku:LAMP-OAK", "product:4711", "variant:4711-1", "handle:lamp"; SKUs in capitals.
    name = models.CharField(max_length=320)
    row = models.PositiveIntegerField()

    class Meta:
        verbose_name = "claim of an import"
        indexes = [models.Index(fields=["run", "name"], name="spreadsheets_claim_name")]

    def __str__(self) -> str:
        return self.name


class FetchedPicture(models.Model):
    """
    What an address of a picture gave when it was fetched: a file in the storage, or why there is none.

    It is no picture of the library yet: that is made by the import that uses it, so that a trial leaves
    nothing there. An address is fetched once; one that failed is tried again by the next trial or import.
    With a ``run``, ``address`` is a name in that run's archive, and the file lies at its path once a real run
    has come to it.
    """

    # SHA-256 of the address, which is too long for an index itself.
    key = models.CharField(max_length=64, unique=True, editable=False)
    address = models.TextField()
    path = models.CharField(max_length=255, blank=True)
    title = models.CharField(max_length=255, blank=True)
    file_hash = models.CharField(max_length=40, blank=True)
    file_size = models.PositiveIntegerField(default=0)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=255, blank=True)
    run = models.ForeignKey(
        ImportRun, null=True, blank=True, on_delete=models.CASCADE, related_name="pictures", editable=False
    )
    fetched_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = "fetched picture"
        indexes = [models.Index(fields=["file_hash"], name="spreadsheets_picture_hash")]

    def __str__(self) -> str:
        return self.address


class ImportUpload(models.Model):
    """
    A file as it was sent, kept for a week: to be read in the background, and to have its columns chosen.

    ``columns`` is what a person has chosen for its headers, ``samples`` its first rows, cut short.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=10, choices=ImportRun.Kind.choices, default=ImportRun.Kind.PRODUCTS)
    file_name = models.CharField(max_length=255)
    # Names in the private storage.
    path = models.CharField(max_length=255)
    pictures_path = models.CharField(max_length=255, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    mapping = models.CharField(max_length=80, blank=True)
    columns = models.JSONField(null=True, blank=True)
    headers = models.JSONField(default=list)
    samples = models.JSONField(default=list)
    params = models.JSONField(default=dict)
    job = models.ForeignKey(
        "core.BackgroundJob", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # What was read from it last.
    run = models.ForeignKey(
        ImportRun, null=True, blank=True, on_delete=models.SET_NULL, related_name="uploads"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = "uploaded file"
        default_permissions = ()

    def __str__(self) -> str:
        return self.file_name


class ExportFile(models.Model):
    """An export that was written in the background; its file lies in the private storage for a week."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=10, choices=ImportRun.Kind.choices, default=ImportRun.Kind.PRODUCTS)
    file_format = models.CharField(max_length=4, choices=[("csv", "CSV"), ("xlsx", "XLSX")], default="csv")
    filters = models.JSONField(default=dict)
    # What was asked for, in words.
    label = models.CharField(max_length=255, blank=True)
    path = models.CharField(max_length=255, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    count = models.PositiveIntegerField(default=0)
    job = models.ForeignKey(
        "core.BackgroundJob", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = "exported file"
        default_permissions = ("add", "view")

    def __str__(self) -> str:
        return self.label or self.file_name

    @property
    def file_name(self) -> str:
        """What the file is called when it is downloaded."""
        return f"{self.kind}-{self.created_at:%Y-%m-%d}.{self.file_format}"
