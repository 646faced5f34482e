"""Forms of the import and export screens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from shop.catalogue.forms import CategorySelect
from shop.catalogue.models import Brand, Category, ProductType
from shop.catalogue.permissions import addable_folders
from shop.inventory.models import Warehouse
from shop.pricing.models import PriceList
from shop.spreadsheets.archives import MAX_BYTES as MAX_ARCHIVE_BYTES
from shop.spreadsheets.column_words import NAMING, ColumnGroup, labels_of
from shop.spreadsheets.mappings import signature_of
from shop.spreadsheets.models import ColumnMapping, ImportRun
from shop.spreadsheets.options import MAKING, ImportOptions
from shop.spreadsheets.services import ExportFilter
from shop.spreadsheets.tables import MAX_BYTES

if TYPE_CHECKING:
    from shop.customers.models import User

MEGABYTE: Final = 1024 * 1024
FORMATS: Final = (("csv", "CSV: opens everywhere"), ("xlsx", "XLSX: for Excel, LibreOffice and Numbers"))
OWN_COLUMNS: Final = "nexus"
CHOOSE: Final = "choose"


class NewImportForm(forms.Form):
    """A file, what is in it, and what the import may do beside setting what the file says."""

    kind = forms.ChoiceField(
        label="What is in the file",
        choices=ImportRun.Kind.choices,
        initial=ImportRun.Kind.PRODUCTS,
        widget=forms.RadioSelect,
        help_text="Products come with their variants, prices and stock, a row per variant.",
    )
    file = forms.FileField(
        label="File",
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
        help_text=f"CSV or XLSX, up to {MAX_BYTES // MEGABYTE} MB. The first row names the columns.",
        error_messages={"required": "Choose a file, such as goods.csv."},
    )
    pictures = forms.FileField(
        label="Pictures",
        required=False,
        widget=forms.FileInput(attrs={"accept": ".zip"}),
        help_text="A ZIP of the pictures that the file names, such as lamp.jpg. Leave it empty when pictures "
        "are named by web address, or are in the library already.",
    )
    mapping = forms.ChoiceField(
        label="Columns",
        required=False,
        help_text="“By the names of the columns” knows our own files, Shopify's, and those whose columns you "
        "saved. Whatever it does not know, you are asked for.",
    )
    create_brands = forms.BooleanField(
        label="Add brands that are not there yet", required=False, initial=True
    )
    create_categories = forms.BooleanField(
        label="Add categories that are not there yet", required=False, initial=True
    )
    create_values = forms.BooleanField(
        label="Add values of attributes that are not there yet",
        required=False,
        initial=True,
        help_text="Example: the colour “petrol”.",
    )
    unready = forms.ChoiceField(
        label="Products that are to be live and lack something",
        choices=[("draft", "Become drafts, with a warning"), ("refuse", "Are refused")],
        initial="draft",
        help_text="Example: a product without a picture.",
    )
    blanks = forms.ChoiceField(
        label="Empty cells",
        choices=[("clear", "Take the value away"), ("keep", "Leave the value alone")],
        initial="clear",
        help_text="Columns that are not in the file are left alone in any case.",
    )
    folder_id: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        None,
        label="Folder of new products",
        required=False,
        empty_label="The first that you may add to",
    )
    price_list: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        None,
        label="Price list, for files with one price",
        required=False,
        to_field_name="code",
        empty_label="Base prices",
        help_text="For Shopify's files: which prices theirs are.",
    )
    warehouse: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        None,
        label="Warehouse, for files with one stock",
        required=False,
        to_field_name="code",
        empty_label="The main one",
        help_text="For Shopify's files: where the goods lie.",
    )

    def __init__(self, *args: Any, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        saved = ColumnMapping.objects.order_by("name").values_list("name", flat=True)
        choices: list[Any] = [
            ("", "By the names of the columns"),
            (CHOOSE, "I say what each column means"),
            (OWN_COLUMNS, "Our own columns"),
            ("shopify", "Shopify product export"),
        ]
        if saved:
            choices.append(("Saved", [(f"saved:{name}", name) for name in saved]))
        self.fields["mapping"].choices = choices  # type: ignore[attr-defined]
        for name, permissions in MAKING.items():
            # Whoever may not make it by hand is not offered to make it by a file.
            if not actor.has_perms(permissions):
                del self.fields[name]
        querysets = {
            "folder_id": addable_folders(actor).order_by("path"),
            "price_list": PriceList.objects.order_by("pk"),
            "warehouse": Warehouse.objects.order_by("pk"),
        }
        for name, queryset in querysets.items():
            self.fields[name].queryset = queryset  # type: ignore[attr-defined]

    def clean_file(self) -> UploadedFile:
        """Refuse what is too large before it is looked at."""
        return _bounded(self.cleaned_data["file"], MAX_BYTES, "Split it, or leave out columns.")

    def clean_pictures(self) -> UploadedFile | None:
        """Refuse an archive that is too large."""
        archive = self.cleaned_data.get("pictures")
        return (
            _bounded(archive, MAX_ARCHIVE_BYTES, "Make the pictures smaller, or split it.")
            if archive
            else None
        )

    def clean(self) -> dict[str, Any]:
        """Let a saved mapping be used only for what it was saved for."""
        data: dict[str, Any] = super().clean() or {}
        kind, mapping = data.get("kind"), data.get("mapping", "")
        name = mapping.removeprefix("saved:")
        if kind == ImportRun.Kind.CATEGORIES and mapping == "shopify":
            self.add_error("mapping", "Shopify's file is one of products: choose another.")
        if mapping.startswith("saved:") and not ColumnMapping.objects.filter(name=name, kind=kind).exists():
            self.add_error("mapping", f"“{name}” is for the other kind of file: choose another.")
        return data

    @property
    def mapping_name(self) -> str:
        """What the reading is told: ``nexus``, ``shopify``, the name of a saved one, or nothing."""
        mapping = self.cleaned_data["mapping"]
        return "" if mapping == CHOOSE else str(mapping.removeprefix("saved:"))

    @property
    def wants_to_choose(self) -> bool:
        """Whether the person wants to say what each column means."""
        return bool(self.cleaned_data["mapping"] == CHOOSE)

    def get_options(self) -> ImportOptions:
        """What the import may do."""
        data = self.cleaned_data
        return ImportOptions(
            **{name: bool(data.get(name)) for name in MAKING},
            unready=data["unready"],
            blanks=data["blanks"],
            folder_id=data["folder_id"].pk if data["folder_id"] else None,
            price_list=data["price_list"].code if data["price_list"] else "",
            warehouse=data["warehouse"].code if data["warehouse"] else "",
        )


def _bounded(file: UploadedFile, most: int, mend: str) -> UploadedFile:
    if (file.size or 0) > most:
        size, limit = (file.size or 0) / MEGABYTE, most // MEGABYTE
        raise ValidationError(f"“{file.name}” has {size:,.0f} MB; {limit} MB is the most. {mend}")
    return file


class ColumnsForm(forms.Form):
    """What each header of a file means: one select per header, in the order of the file."""

    name = forms.CharField(
        label="Remember this as",
        required=False,
        max_length=80,
        help_text="Then the next file with these columns is understood by itself. Example: “Price list of "
        "Halden”. Leave it empty to use it for this file only.",
    )

    def __init__(
        self,
        *args: Any,
        kind: str,
        headers: Sequence[str],
        samples: Sequence[Sequence[str]],
        groups: Sequence[ColumnGroup],
        guesses: Mapping[str, str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.headers = list(headers)
        self.labels = labels_of(groups)
        choices: list[Any] = [("", "(leave out)")]
        choices += [
            (group.label, [(column.name, column.label) for column in group.columns]) for group in groups
        ]
        self.samples: dict[str, list[str]] = {}
        for number, header in enumerate(self.headers):
            if not header:
                continue
            field = f"column-{number}"
            self.fields[field] = forms.ChoiceField(
                label=header, choices=choices, required=False, initial=guesses.get(header, "")
            )
            cells = [row[number] for row in samples if number < len(row)]
            self.samples[field] = [cell for cell in cells if cell.strip()]

    def rows(self) -> list[tuple[forms.BoundField, list[str]]]:
        """Each header's select, with sample cells."""
        return [(self[name], cells) for name, cells in self.samples.items()]

    @property
    def columns(self) -> dict[str, str]:
        """Header by header the chosen column; an empty text leaves it out."""
        return {
            header: str(self.cleaned_data.get(f"column-{number}", ""))
            for number, header in enumerate(self.headers)
            if header
        }

    def clean_name(self) -> str:
        """Keep names apart; the same columns may be saved under a new name."""
        name: str = self.cleaned_data["name"].strip()
        if name in (OWN_COLUMNS, "shopify", "chosen"):
            raise ValidationError("This name is taken by ours. Choose another.")
        signature = signature_of(self.headers, kind=self.kind)
        if name and ColumnMapping.objects.filter(name=name).exclude(signature=signature).exists():
            raise ValidationError(f"Columns of another file are saved as “{name}”. Choose another name.")
        return name

    def clean(self) -> dict[str, Any]:
        """Something must name the goods of a row, and no column can be filled from two."""
        data: dict[str, Any] = super().clean() or {}
        first: dict[str, str] = {}
        for number, header in enumerate(self.headers):
            column = data.get(f"column-{number}")
            if not column:
                continue
            twin = first.setdefault(column, header)
            if twin != header:
                self.add_error(
                    f"column-{number}",
                    f"“{self.labels[column]}” is filled from “{twin}” already: leave one out.",
                )
        naming = NAMING[self.kind]
        if not set(naming) & set(first):
            names = " or ".join(f"“{self.labels[name]}”" for name in naming)
            what = "product" if self.kind == ImportRun.Kind.PRODUCTS else "category"
            raise ValidationError(
                f"Nothing tells which {what} a row is of: choose {names} for one of the columns."
            )
        return data


class MappingNameForm(forms.ModelForm):
    """Another name for saved columns."""

    class Meta:
        model = ColumnMapping
        fields = ["name"]


class ExportForm(forms.Form):
    """What to write, as which kind of file."""

    kind = forms.ChoiceField(
        label="What",
        choices=ImportRun.Kind.choices,
        initial=ImportRun.Kind.PRODUCTS,
        widget=forms.RadioSelect,
    )
    file_format = forms.ChoiceField(
        label="Kind of file",
        choices=FORMATS,
        initial="csv",
        widget=forms.RadioSelect,
        help_text="Both can be imported again. Texts of more than 32,767 characters need CSV.",
    )
    status = forms.ChoiceField(
        required=False, choices=[("", "Live products and drafts"), ("live", "Live"), ("draft", "Drafts")]
    )
    category = forms.ModelChoiceField(
        Category.objects.order_by("tree_order"),
        required=False,
        to_field_name="slug",
        widget=CategorySelect,
        empty_label="All categories",
        help_text="Those below it are included.",
    )
    brand = forms.ModelChoiceField(
        Brand.objects.order_by("name"), required=False, to_field_name="slug", empty_label="All brands"
    )
    product_type = forms.ModelChoiceField(
        ProductType.objects.order_by("name"), required=False, to_field_name="slug", empty_label="All types"
    )
    tag = forms.CharField(
        required=False, max_length=100, help_text="Example: summer. Leave it empty for all."
    )

    def get_filter(self) -> ExportFilter:
        """The conditions, all of which a product must meet; categories have none."""
        data = self.cleaned_data
        if data["kind"] == ImportRun.Kind.CATEGORIES:
            return ExportFilter()
        return ExportFilter(
            status=data["status"],
            category=data["category"].slug if data["category"] else "",
            brand=data["brand"].slug if data["brand"] else "",
            product_type=data["product_type"].slug if data["product_type"] else "",
            tag=data["tag"].strip(),
        )

    def describe(self) -> str:
        """What is exported, in words: ``products: Live, Lamps``."""
        data = self.cleaned_data
        if data["kind"] == ImportRun.Kind.CATEGORIES:
            return "categories"
        status = dict(self.fields["status"].choices)[data["status"]] if data["status"] else ""  # type: ignore[attr-defined]
        conditions = [status, data["category"], data["brand"], data["product_type"], data["tag"].strip()]
        words = ", ".join(str(condition) for condition in conditions if condition)
        return f"products: {words}" if words else "all products"


class FormatForm(forms.Form):
    """Which kind of file, for products that are chosen already."""

    file_format = forms.ChoiceField(
        label="Kind of file", choices=FORMATS, initial="csv", widget=forms.RadioSelect
    )
