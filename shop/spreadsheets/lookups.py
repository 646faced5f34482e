"""What the texts of a file may name: brands, categories, values, lists, warehouses, and other products."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Final

from django.db.models.functions import Upper
from django.utils.text import slugify
from wagtail.documents import get_document_model
from wagtail.models import Page

from shop.catalogue.models import (
    Attribute,
    AttributeValue,
    Brand,
    Category,
    ProductPage,
    ProductType,
    ProductVariant,
    TaxClass,
)
from shop.catalogue.models.categories import MAX_DEPTH
from shop.inventory.models import Warehouse
from shop.pricing.models import PriceList
from shop.spreadsheets.cells import CellRefused
from shop.spreadsheets.models import ImportClaim, ImportRun
from shop.spreadsheets.options import ImportOptions
from shop.spreadsheets.paths import CategoryPaths
from shop.spreadsheets.pending import Pending
from shop.spreadsheets.picture_files import make_picture
from shop.spreadsheets.pictures import resolve_pictures

LONGEST_NAME: Final = 120
LONGEST_VALUE: Final = 80
MOST_DIGITS: Final = 10


@dataclass(slots=True)
class Links:
    """The things of the shop that the rows of one chunk point at, looked up together."""

    pictures: dict[str, int | str | Pending] = field(default_factory=dict)
    documents: set[int] = field(default_factory=set)
    pages: set[int] = field(default_factory=set)
    products: dict[str, int] = field(default_factory=dict)
    skus: dict[str, int] = field(default_factory=dict)
    # Handles and SKUs that come somewhere in this file, whether they exist yet or not.
    promised: set[str] = field(default_factory=set)


class Lookups:
    """Names of the shop as they are at this moment; loaded once per chunk."""

    def __init__(self, options: ImportOptions | None = None) -> None:
        self.options = options or ImportOptions()
        self.links = Links()
        self.attributes: dict[str, Attribute] = {
            attribute.slug: attribute for attribute in Attribute.objects.prefetch_related("values")
        }
        self.attribute_slugs = {held.pk: slug for slug, held in self.attributes.items()}
        self.values: dict[tuple[int, str], AttributeValue] = {}
        self.value_slugs: dict[int, str] = {}
        self.value_labels: dict[int, str] = {}
        for attribute in self.attributes.values():
            for value in attribute.values.all():
                self._remember_value(value)
        self.brand_names = dict(Brand.objects.values_list("pk", "name"))
        self.brands = {
            text.casefold(): pk
            for pk, name, slug in Brand.objects.values_list("pk", "name", "slug")
            for text in (slug, name)
        }
        self.type_slugs = dict(ProductType.objects.values_list("pk", "slug"))
        self.types = {
            text.casefold(): pk
            for pk, name, slug in ProductType.objects.values_list("pk", "name", "slug")
            for text in (name, slug)
        }
        self.type_tax_classes = dict(ProductType.objects.values_list("pk", "tax_class__code"))
        self.paths = CategoryPaths(Category.objects.values_list("pk", "parent_id", "name", "slug"))
        self.tax_classes = {held.code: held for held in TaxClass.objects.all()}
        self.price_lists = {held.code: held for held in PriceList.objects.all()}
        self.warehouses = {held.code: held for held in Warehouse.objects.all()}

    def _remember_value(self, value: AttributeValue) -> None:
        self.value_slugs[value.pk] = value.slug
        self.value_labels[value.pk] = value.label
        for text in (value.label, value.slug):
            self.values[value.attribute_id, text.casefold()] = value

    # -- reading texts -----------------------------------------------------------------------------------

    def find_brand(self, text: str) -> int | Pending:
        """:raises CellRefused: for one that does not exist and may not be made"""
        held = self.brands.get(text.casefold())
        if held is not None:
            return held
        if not self.options.create_brands:
            raise CellRefused(f"There is no brand “{text[:60]}”: add it first.", code="unknown_brand")
        if len(text) > LONGEST_NAME:
            raise CellRefused(f"The name of a brand has {LONGEST_NAME} characters at most.")
        return Pending("brand", (text,))

    def find_type(self, text: str) -> int:
        """:raises CellRefused: for one that does not exist"""
        held = self.types.get(text.casefold())
        if held is None:
            raise CellRefused(
                f"There is no product type “{text[:60]}”: add it first, or leave the cell empty.",
                code="unknown_type",
            )
        return held

    def find_category(self, text: str) -> int | Pending:
        """:raises CellRefused: for one that does not exist and may not be made, or is not the only one"""
        held, names = self.paths.find(text)
        if held is not None:
            return held
        if not self.options.create_categories:
            raise CellRefused(f"There is no category “{text[:80]}”: add it first.", code="unknown_category")
        if any(len(name) > LONGEST_NAME for name in names):
            raise CellRefused(f"The name of a category has {LONGEST_NAME} characters at most.")
        if len(names) > MAX_DEPTH:
            raise CellRefused(f"Categories go {MAX_DEPTH} levels deep at most.")
        return Pending("category", names)

    def find_value(self, attribute: Attribute, text: str) -> int | Pending:
        """:raises CellRefused: for one that does not exist and may not be made"""
        held = self.values.get((attribute.pk, text.casefold()))
        if held is not None:
            return held.pk
        if not self.options.create_values:
            raise CellRefused(
                f"“{attribute}” has no value “{text[:60]}”: add it first, or choose another.",
                code="unknown_value",
            )
        if len(text) > LONGEST_VALUE or not slugify(text):
            raise CellRefused(
                f"“{text[:40]}” cannot be a value: it needs a letter or digit, and "
                f"{LONGEST_VALUE} characters at most."
            )
        return Pending("value", (attribute.slug, text))

    # -- what rows point at ------------------------------------------------------------------------------

    def load_links(self, wanted: Collection[tuple[str, str]], *, run: ImportRun) -> None:
        """Look up what the rows of a chunk point at: pairs of a kind and a text."""
        by_kind: dict[str, set[str]] = {}
        for kind, text in wanted:
            by_kind.setdefault(kind, set()).add(text)
        numbers = {kind: _numbers(by_kind.get(kind, ())) for kind in ("document", "page")}
        self.links = Links(pictures=resolve_pictures(by_kind.get("picture", set()), run=run))
        if numbers["document"]:
            documents = get_document_model().objects.filter(pk__in=numbers["document"])
            self.links.documents = set(documents.values_list("pk", flat=True))
        if numbers["page"]:
            self.links.pages = set(Page.objects.filter(pk__in=numbers["page"]).values_list("pk", flat=True))
        if handles := by_kind.get("product"):
            rows = ProductPage.objects.filter(slug_key__in=handles)
            self.links.products = dict(rows.values_list("slug_key", "pk"))
        if skus := by_kind.get("sku"):
            variants = ProductVariant.objects.annotate(upper_sku=Upper("sku"))
            rows_of_skus = variants.filter(upper_sku__in={sku.upper() for sku in skus})
            self.links.skus = dict(rows_of_skus.values_list("upper_sku", "pk"))
        promised = [f"handle:{text}" for text in by_kind.get("product", ())]
        promised += [f"sku:{text.upper()}" for text in by_kind.get("sku", ())]
        if promised:
            claims = ImportClaim.objects.filter(run=run, name__in=promised)
            self.links.promised = set(claims.values_list("name", flat=True))

    # -- making what is missing --------------------------------------------------------------------------

    def make(self, pending: Iterable[Pending]) -> dict[Pending, int]:
        """Make what accepted rows name and the shop does not have yet; inside the chunk's transaction."""
        made: dict[Pending, int] = {}
        for wanted in dict.fromkeys(pending):
            if wanted.kind == "brand":
                made[wanted] = self._make_brand(wanted.name[0])
            elif wanted.kind == "picture":
                made[wanted] = make_picture(*wanted.name)
            elif wanted.kind == "value":
                made[wanted] = self._make_value(*wanted.name)
            else:
                made[wanted] = self.paths.make(wanted.name)
        return made

    def _make_brand(self, name: str) -> int:
        held = self.brands.get(name.casefold())
        if held is None:
            taken = set(Brand.objects.values_list("slug", flat=True))
            brand = Brand.objects.create(name=name, slug=free_slug(name, taken, fallback="brand"))
            self.brand_names[brand.pk] = name
            self.brands[name.casefold()] = held = brand.pk
        return held

    def _make_value(self, attribute_slug: str, label: str) -> int:
        attribute = self.attributes[attribute_slug]
        held = self.values.get((attribute.pk, label.casefold()))
        if held is None:
            siblings = AttributeValue.objects.filter(attribute=attribute)
            held = AttributeValue.objects.create(
                attribute=attribute,
                label=label,
                slug=free_slug(label, set(siblings.values_list("slug", flat=True)), fallback="value")[:80],
                sort_order=siblings.count(),
            )
            self._remember_value(held)
        return held.pk


def free_slug(text: str, taken: Collection[str], *, fallback: str, longest: int = 80) -> str:
    """A slug of the text that is not taken: ``oak``, ``oak-2``, …."""
    wanted = slugify(text)[: longest - 6] or fallback
    candidate, suffix = wanted, 1
    while candidate in taken:
        suffix += 1
        candidate = f"{wanted}-{suffix}"
    return candidate


def _numbers(texts: Iterable[str]) -> set[int]:
    return {int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < MOST_DIGITS}
