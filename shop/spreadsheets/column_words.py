"""
The columns in words: what each is called for people, in groups, and which one a foreign header may mean.

``find_column`` of :mod:`shop.spreadsheets.columns` is what understands a name; here stands what to show.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from shop.catalogue.models import Attribute
from shop.inventory.models import Warehouse
from shop.pricing.models import PriceList
from shop.spreadsheets.models import ImportRun

PICTURES_OFFERED: Final = 10


@dataclass(frozen=True, slots=True)
class ColumnWords:
    """One column: its name in a file, what people call it, an example, and other names for it."""

    name: str
    label: str
    example: str = ""
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ColumnGroup:
    """Columns that belong together."""

    label: str
    columns: tuple[ColumnWords, ...]


_Row = tuple[str, str, str, str]

# name, label, example, other names with commas between (written as normalise() leaves them).
_PRODUCT: Final[Sequence[_Row]] = (
    ("handle", "Handle (part of the address)", "oak-desk-lamp", "slug, url key, url handle, permalink"),
    ("external_id", "Key in another system", "4711", "id, external key, product id, erp id, artikel id"),
    (
        "title",
        "Title",
        "Oak desk lamp",
        "name, product name, product title, product, item name, bezeichnung, artikelname, produktname",
    ),
    ("summary", "Short description", "A lamp of oiled oak.", "short description, teaser, kurzbeschreibung"),
    (
        "body",
        "Description",
        "<p>Made of oak.</p>",
        "description, long description, body html, text, beschreibung, details",
    ),
    ("brand", "Brand", "Linnet", "manufacturer, vendor, make, marke, hersteller, brand name"),
    ("type", "Product type", "lamp", "product type, kind, typ"),
    (
        "categories",
        "Categories",
        "Lighting > Desk lamps",
        "category, category path, product category, kategorie, kategorien, warengruppe",
    ),
    ("tags", "Tags", "oak, desk", "tag, keywords, labels, schlagworte"),
    ("seo_title", "Title for search engines", "", "meta title, page title"),
    ("seo_description", "Description for search engines", "", "meta description"),
    ("status", "Status", "live", "published, state, visibility"),
    ("related", "Related products", "oak-floor-lamp", "related products"),
    ("cross_sell", "Goes with", "", "cross sells, crossselling, accessories"),
    ("up_sell", "Better alternatives", "", "upsells, alternatives"),
)
_VARIANT: Final[Sequence[_Row]] = (
    (
        "sku",
        "SKU",
        "LAMP-OAK",
        "article number, article no, article, item number, item no, part number, product code, artikelnummer",
    ),
    ("variant.external_id", "Variant: key in another system", "4711-1", "variant id"),
    ("variant.title", "Variant: title", "", "variant title, variant name, variant"),
    ("barcode", "Barcode (GTIN)", "4006381333931", "ean, gtin, upc, isbn, ean code, ean13, bar code"),
    ("weight_grams", "Weight in grams", "850", "weight, weight g, grams, variant grams, gewicht, gewicht g"),
    ("length_mm", "Length in millimetres", "", "length, depth, laenge, tiefe, depth mm"),
    ("width_mm", "Width in millimetres", "", "width, breite"),
    ("height_mm", "Height in millimetres", "", "height, hoehe"),
    ("max_per_order", "Most per order", "", "max quantity, limit"),
    ("tax_class", "Tax class", "standard", "tax, vat class, tax code, steuerklasse"),
    ("cost", "Cost", "21.40", "cost price, purchase price, cost per item, ek, einkaufspreis, ek preis"),
    ("available_from", "On sale from", "", "start date, available on"),
    ("available_until", "On sale until", "", "end date"),
    ("archived", "Archived", "no", "discontinued"),
    ("position", "Place among the variants", "", "sort order, variant position"),
    ("variant.image", "Variant: picture", "", "variant image, variant picture"),
    ("variant.images", "Variant: more pictures", "", "variant images"),
    ("parts", "Parts of a bundle", "", "bundle parts, components, bundle"),
    ("priced_by_parts", "Bundle costs what its parts cost", "", ""),
)
_CATEGORY: Final[Sequence[_Row]] = (
    ("slug", "Slug (part of the address)", "desk-lamps", "handle, url key, key, code"),
    ("name", "Name", "Desk lamps", "title, category, category name, kategorie, bezeichnung"),
    (
        "parent",
        "Slug of the category above",
        "lighting",
        "parent slug, parent category, above, oberkategorie",
    ),
    ("path", "Path of names", "Lighting > Desk lamps", "category path, full path, breadcrumb, pfad"),
    ("description", "Description", "", "summary, text, beschreibung"),
    ("body", "Page content", "", "content, html"),
    ("image", "Picture", "", "image url, image src, picture, bild"),
    ("image_alt", "Alternative text of the picture", "", "alt text, image alt text"),
    ("seo_title", "Title for search engines", "", "meta title"),
    ("seo_description", "Description for search engines", "", "meta description"),
    ("position", "Place among its neighbours", "", "sort order, order, sort"),
    ("status", "Status", "live", "published, state, visibility"),
)
# What names the goods of a row; one of them there must be.
NAMING: Final[Mapping[str, tuple[str, ...]]] = {
    ImportRun.Kind.PRODUCTS: ("handle", "external_id", "sku", "variant.external_id"),
    ImportRun.Kind.CATEGORIES: ("slug", "path"),
}


def normalise(text: str) -> str:
    """A header without case, accents and punctuation: ``Größe (cm)`` becomes ``grosse cm``."""
    plain = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    return " ".join(re.findall(r"[a-z0-9]+", plain))


def list_column_groups(kind: str) -> list[ColumnGroup]:
    """All columns that a file of this kind may have in this shop, in three queries."""
    if kind == ImportRun.Kind.CATEGORIES:
        return [ColumnGroup("Category", _words(_CATEGORY))]
    attributes = list(Attribute.objects.order_by("name"))
    groups = [
        ColumnGroup("Product", _words(_PRODUCT)),
        ColumnGroup("Pictures of the product", tuple(_pictures())),
        ColumnGroup("Attributes of the product", tuple(_attributes(attributes))),
        ColumnGroup("Variant", _words(_VARIANT)),
        ColumnGroup("Options that make variants", tuple(_options(attributes))),
        ColumnGroup("Prices", tuple(_prices(PriceList.objects.order_by("pk")))),
        ColumnGroup("Stock", tuple(_stock(Warehouse.objects.order_by("pk")))),
    ]
    return [group for group in groups if group.columns]


def labels_of(groups: Iterable[ColumnGroup]) -> dict[str, str]:
    """What each column is called, by its name in a file."""
    return {column.name: column.label for group in groups for column in group.columns}


def guess_columns(headers: Sequence[str], groups: Sequence[ColumnGroup]) -> dict[str, str]:
    """For each header the column that it seems to mean, or nothing; no column twice."""
    by_text: dict[str, str] = {}
    columns = [column for group in groups for column in group.columns]
    # Names and labels of our own before what others might call it.
    for column in columns:
        for text in (column.name, column.label):
            by_text.setdefault(normalise(text), column.name)
    for column in columns:
        for text in column.synonyms:
            by_text.setdefault(normalise(text), column.name)
    taken: set[str] = set()
    guesses = {}
    for header in headers:
        found = by_text.get(normalise(header), "") if header else ""
        guesses[header] = "" if found in taken else found
        taken.add(found)
    return guesses


def _words(rows: Sequence[_Row]) -> tuple[ColumnWords, ...]:
    return tuple(
        ColumnWords(name, label, example, tuple(filter(None, synonyms.split(", "))))
        for name, label, example, synonyms in rows
    )


def _pictures() -> Iterator[ColumnWords]:
    for number in range(1, PICTURES_OFFERED + 1):
        first = number == 1
        sources = ("image", "image src", "image url", "picture", "photo", "main image", "bild", "bild url")
        yield ColumnWords(
            f"image.{number}.src",
            f"Picture {number}",
            "https://example.com/lamp.jpg" if first else "",
            (*(sources if first else ()), f"image {number}", f"image url {number}", f"picture {number}"),
        )
        yield ColumnWords(
            f"image.{number}.alt",
            f"Picture {number}: alternative text",
            "A lamp on a desk" if first else "",
            (*(("alt", "alt text", "image alt text", "image alt") if first else ()), f"alt text {number}"),
        )
        yield ColumnWords(f"image.{number}.caption", f"Picture {number}: caption")
        yield ColumnWords(f"image.{number}.video", f"Picture {number}: address of a film")


def _attributes(attributes: Iterable[Attribute]) -> Iterator[ColumnWords]:
    for attribute in attributes:
        synonyms = () if attribute.makes_variants else (attribute.name, attribute.slug)
        yield ColumnWords(f"attr.{attribute.slug}", attribute.name, "", synonyms)


def _options(attributes: Iterable[Attribute]) -> Iterator[ColumnWords]:
    for attribute in attributes:
        if attribute.makes_variants and attribute.kind in Attribute.VARIANT_KINDS:
            yield ColumnWords(
                f"option.{attribute.slug}", attribute.name, "", (attribute.name, attribute.slug)
            )


def _prices(price_lists: Iterable[PriceList]) -> Iterator[ColumnWords]:
    # Headers that say no list mean the shop's first one.
    plain: tuple[str, ...] = ("price", "retail price", "sales price", "unit price", "variant price", "vk")
    plain += ("preis", "vk preis", "verkaufspreis", "price gross")
    before: tuple[str, ...] = (
        "compare at price",
        "variant compare at price",
        "rrp",
        "msrp",
        "uvp",
        "list price",
    )
    for held in price_lists:
        yield ColumnWords(
            f"price.{held.code}",
            f"Price, {held.name} ({held.currency})",
            "49.90" if plain else "",
            (*plain, f"price {held.currency}", f"price {held.name}"),
        )
        yield ColumnWords(
            f"compare_at.{held.code}", f"Recommended price, {held.name} ({held.currency})", "", before
        )
        yield ColumnWords(f"tiers.{held.code}", f"Prices from a number on, {held.name}", "")
        plain, before = (), ()


def _stock(warehouses: Iterable[Warehouse]) -> Iterator[ColumnWords]:
    plain: tuple[str, ...] = ("stock", "quantity", "qty", "inventory", "on hand", "stock level", "bestand")
    plain += ("lagerbestand", "menge", "variant inventory qty", "available")
    for held in warehouses:
        yield ColumnWords(
            f"stock.{held.code}",
            f"Stock, {held.name}",
            "25" if plain else "",
            (*plain, f"stock {held.name}"),
        )
        yield ColumnWords(f"stock.{held.code}.low_from", f"Low from, {held.name}")
        yield ColumnWords(f"stock.{held.code}.backorders", f"Sold beyond stock, {held.name}")
        plain = ()
