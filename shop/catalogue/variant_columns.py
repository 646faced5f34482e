"""The variants' own columns of the sheet, and how its cells become drafts and changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Count
from django.utils import timezone

from shop.catalogue.grid import (
    CellErrors,
    CellKey,
    Column,
    format_moment,
    parse_count,
    parse_decimal,
    parse_moment,
)
from shop.catalogue.models import (
    Attribute,
    BundleComponent,
    ProductPage,
    ProductVariant,
    TaxClass,
    VariantAttribute,
    VariantImage,
)
from shop.catalogue.selectors import get_default_tax_class, list_slugs_of_type, list_variant_attributes
from shop.catalogue.services import (
    InvalidVariants,
    VariantChange,
    VariantDraft,
    change_variants,
    save_variants,
)

if TYPE_CHECKING:
    from datetime import datetime

    from shop.customers.models import User

ATTRIBUTE = "attribute."
FIELDS = {
    "sku": "sku",
    "title": "title",
    "barcode": "barcode",
    "weight": "weight_grams",
    "length": "length_mm",
    "width": "width_mm",
    "height": "height_mm",
    "tax_class": "tax_class",
    "cost": "cost",
    "position": "sort_order",
    "on_sale_from": "available_from",
    "on_sale_until": "available_until",
    "max_per_order": "max_per_order",
}
COUNTS = ("weight", "length", "width", "height", "position", "max_per_order")
MOMENTS = ("on_sale_from", "on_sale_until")
PICTURES = "pictures"
PARTS = "parts"
COLUMNS = {field_name: column for column, field_name in FIELDS.items()}


@dataclass(slots=True)
class RowInput:
    """What was typed into the own columns of one row; for a new row every filled cell is a change."""

    row: str
    variant: ProductVariant | None
    cells: dict[str, str] = field(default_factory=dict)


class VariantColumns:
    """
    SKU, the attributes that make variants, and what else a variant has of its own.

    Without a product, for the sheet of many: the attributes are chosen at each product.
    """

    heading = "Variant"

    def __init__(self, product: ProductPage | None, *, chosen: Collection[str] = ()) -> None:
        self.attributes: list[Attribute] = []
        self.shown: list[Attribute] = []
        self.used: set[str] = set()
        if product is not None:
            self._choose_attributes(product, chosen)
        usual = product.product_type.tax_class if product and product.product_type else None
        self.default_tax_class = (usual or get_default_tax_class()).code

    def _choose_attributes(self, product: ProductPage, chosen: Collection[str]) -> None:
        of_type = list_slugs_of_type(product)
        used = set(
            VariantAttribute.objects.filter(
                variant__product=product, variant__archived_at__isnull=True
            ).values_list("attribute__slug", flat=True)
        )
        wanted = of_type | used | set(chosen)
        # A type says what its variants differ by; without one, everything is offered.
        self.attributes = [one for one in list_variant_attributes() if not of_type or one.slug in wanted]
        self.shown = [one for one in self.attributes if one.slug in wanted]
        self.used = used

    def columns(self) -> list[Column]:
        """Return what names a variant: its SKU first, which labels the row."""
        return [
            Column(name="sku", heading="SKU", help_text="Unique, e.g. LAMP-OAK-38", is_wide=True),
            *(self._attribute_column(attribute) for attribute in self.shown),
            Column(name="title", heading="Title", help_text="Empty: made of the attributes", is_wide=True),
        ]

    def further_columns(self) -> list[tuple[str, list[Column]]]:
        """Return, by heading, what is filled in once and seldom looked at; it stands at the end."""
        return [
            ("Details", self._details()),
            ("Weight and size", self._sizes()),
            ("Availability", self._availability()),
        ]

    @staticmethod
    def _details() -> list[Column]:
        return [
            Column(
                name=PICTURES,
                heading="Pictures",
                kind="link",
                url_name="catalogue_variant_pictures",
                is_fixed=True,
            ),
            Column(name=PARTS, heading="Bundle", kind="link", url_name="catalogue_bundle", is_fixed=True),
            Column(name="barcode", heading="Barcode", help_text="GTIN, 8 to 14 digits"),
            Column(
                name="tax_class",
                heading="Tax class",
                kind="choice",
                choices=tuple(TaxClass.objects.values_list("code", "name")),
            ),
            Column(name="cost", heading="Cost", help_text="What you pay; never shown", kind="decimal"),
            Column(name="position", heading="Position", help_text="Lower comes first", kind="integer"),
        ]

    @staticmethod
    def _sizes() -> list[Column]:
        return [
            Column(name="weight", heading="Weight (g)", help_text="With packing", kind="integer"),
            Column(name="length", heading="Length (mm)", help_text="E.g. 380", kind="integer"),
            Column(name="width", heading="Width (mm)", help_text="E.g. 120", kind="integer"),
            Column(name="height", heading="Height (mm)", help_text="E.g. 450", kind="integer"),
        ]

    @staticmethod
    def _availability() -> list[Column]:
        zone = timezone.get_default_timezone_name()
        return [
            Column(
                name="on_sale_from",
                heading="On sale from",
                help_text=f"2026-05-01 09:00, {zone}",
                kind="moment",
            ),
            Column(
                name="on_sale_until",
                heading="On sale until",
                help_text="Empty: no end",
                kind="moment",
            ),
            Column(
                name="max_per_order",
                heading="Most per order",
                help_text="Empty: as many as there are",
                kind="integer",
            ),
        ]

    @staticmethod
    def _attribute_column(attribute: Attribute) -> Column:
        values = [(value.slug, value.label) for value in attribute.values.all()]
        return Column(
            name=f"{ATTRIBUTE}{attribute.slug}",
            heading=attribute.name,
            kind="choice",
            choices=(("", "-"), *values),
        )

    @staticmethod
    def can_edit(user: User) -> bool:
        """Whether the user may change variants."""
        return user.has_perm("catalogue.change_productvariant")

    def load(self, variants: Sequence[ProductVariant]) -> dict[int, dict[str, str]]:
        """Return the own cells of each variant, whose attributes must be loaded."""
        loaded = {}
        further = VariantImage.objects.filter(variant__in=variants).order_by().values_list("variant")
        pictures = dict(further.annotate(Count("pk")))
        held = BundleComponent.objects.filter(bundle__in=variants).order_by().values_list("bundle")
        parts = Counter(dict(held.annotate(Count("pk"))))
        for variant in variants:
            count = pictures.get(variant.pk, 0) + (variant.image_id is not None)
            cells = {
                "sku": variant.sku,
                "title": variant.title,
                "barcode": variant.barcode,
                "tax_class": variant.tax_class.code,
                "cost": "" if variant.cost is None else f"{variant.cost.normalize():f}",
                PARTS: {0: "Make one", 1: "1 part"}.get(parts[variant.pk], f"{parts[variant.pk]} parts"),
                PICTURES: {0: "Add", 1: "1 picture"}.get(count, f"{count} pictures"),
                **{name: _as_text(getattr(variant, FIELDS[name])) for name in COUNTS},
                **{name: format_moment(getattr(variant, FIELDS[name])) for name in MOMENTS},
            }
            chosen = {row.attribute.slug: row.value.slug for row in variant.variant_attributes.all()}
            cells |= {f"{ATTRIBUTE}{one.slug}": chosen.get(one.slug, "") for one in self.shown}
            loaded[variant.pk] = cells
        return loaded

    def save_changes(self, inputs: Sequence[RowInput], *, actor: User, at: datetime) -> None:
        """
        Save the typed rows of variants that stand, of any number of products.

        :raises CellErrors: with every cell that cannot be saved
        """
        errors: dict[CellKey, str] = {}
        changes = {
            given.variant.pk: (given.row, _split(_parse(given, errors))) for given in inputs if given.variant
        }
        rows = {f"change.{pk}": row for pk, (row, _) in changes.items()}
        try:
            change_variants(
                change=[VariantChange(variant_id=pk, **parts) for pk, (_, parts) in changes.items()],
                actor=actor,
                at=at,
            )
        except InvalidVariants as refusal:
            raise CellErrors(_locate(refusal, rows) | errors) from refusal
        if errors:
            raise CellErrors(errors)

    def blank(self) -> dict[str, str]:
        """What stands in a row that nobody has typed into."""
        cells = dict.fromkeys(FIELDS, "")
        cells |= {f"{ATTRIBUTE}{attribute.slug}": "" for attribute in self.shown}
        return cells | {"tax_class": self.default_tax_class}

    def save(
        self,
        product: ProductPage,
        inputs: Sequence[RowInput],
        *,
        archive: Collection[int],
        restore: Collection[int],
        actor: User,
        at: datetime,
    ) -> dict[str, ProductVariant]:
        """
        Save the typed rows; returns the created variants by the key of their row.

        :raises CellErrors: with every cell that cannot be saved
        """
        errors: dict[CellKey, str] = {}
        parsed = [(given, _parse(given, errors)) for given in inputs]
        new = [(given, cells) for given, cells in parsed if given.variant is None]
        changed = [(given, cells) for given, cells in parsed if given.variant is not None]
        rows = {f"create.{index}": given.row for index, (given, _) in enumerate(new)}
        rows |= {f"change.{given.variant.pk}": given.row for given, _ in changed if given.variant}
        try:
            created = save_variants(
                product=product,
                create=[_as_draft(cells) for _, cells in new],
                change=[
                    VariantChange(variant_id=given.variant.pk, **_split(cells))
                    for given, cells in changed
                    if given.variant
                ],
                archive=archive,
                restore=restore,
                actor=actor,
                at=at,
            )
        except InvalidVariants as refusal:
            raise CellErrors(_locate(refusal, rows) | errors) from refusal
        if errors:
            raise CellErrors(errors)
        return {given.row: variant for (given, _), variant in zip(new, created, strict=True)}


def _as_text(number: int | None) -> str:
    return "" if number is None else str(number)


def _parse(given: RowInput, errors: dict[CellKey, str]) -> dict[str, Any]:
    """Cells as values; what cannot be read is left out and noted in ``errors``."""
    parsed: dict[str, Any] = {}
    for column, typed in given.cells.items():
        text = typed.strip()
        try:
            if column == "cost":
                parsed[column] = parse_decimal(text)
            elif column in COUNTS:
                parsed[column] = parse_count(text)
            elif column in MOMENTS:
                parsed[column] = parse_moment(text)
            else:
                parsed[column] = text
        except ValueError as error:
            errors[given.row, column] = str(error)
    if parsed.get("position", 0) is None:
        del parsed["position"]
    return parsed


def _split(cells: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        "fields": {FIELDS[name]: value for name, value in cells.items() if name in FIELDS},
        "attributes": {
            name.removeprefix(ATTRIBUTE): value for name, value in cells.items() if name.startswith(ATTRIBUTE)
        },
    }


def _as_draft(cells: Mapping[str, Any]) -> VariantDraft:
    parts = _split(cells)
    fields = {name: value for name, value in parts["fields"].items() if name != "sort_order"}
    chosen = {slug: value for slug, value in parts["attributes"].items() if value}
    return VariantDraft(**{"sku": "", **fields}, attributes=chosen)


def _locate(refusal: InvalidVariants, rows: Mapping[str, str]) -> dict[CellKey, str]:
    located = {}
    for error in refusal.errors:
        kind, number, *rest = (error.attr or "").split(".", 2)
        name = rest[0] if rest else "sku"
        column = COLUMNS.get(name, f"{ATTRIBUTE}{name}")
        located[rows.get(f"{kind}.{number}", f"v{number}"), column] = error.detail
    return located
