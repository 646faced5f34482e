"""
Shopify's product CSV in our columns.

The columns are those of Shopify's help pages (help.shopify.com/en/manual/products/import-export/using-csv),
in both of their generations: "Handle, Body (HTML), Variant SKU" and "URL handle, Description, SKU". A product
has as many rows as it has variants or pictures, whichever are more; rows for a picture have a handle, the
picture and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final

from django.utils.text import slugify

from shop.spreadsheets.cells import join_list
from shop.spreadsheets.lookups import Lookups

# Both generations of names, in small letters, and what they are to us.
_NAMES: Final[Mapping[str, str]] = {
    "handle": "handle",
    "url handle": "handle",
    "title": "title",
    "body (html)": "body",
    "description": "body",
    "vendor": "brand",
    "product category": "category",
    "type": "type",
    "tags": "tags",
    "published": "published",
    "published on online store": "published",
    "status": "status",
    "variant sku": "sku",
    "sku": "sku",
    "variant barcode": "barcode",
    "barcode": "barcode",
    "variant grams": "grams",
    "weight value (grams)": "grams",
    "variant inventory qty": "quantity",
    "inventory quantity": "quantity",
    "variant inventory policy": "policy",
    "continue selling when out of stock": "policy",
    "variant price": "price",
    "price": "price",
    "variant compare at price": "compare_at",
    "compare-at price": "compare_at",
    "cost per item": "cost",
    "image src": "picture",
    "product image url": "picture",
    "image position": "picture_position",
    "image alt text": "picture_alt",
    "variant image": "variant_picture",
    "variant image url": "variant_picture",
    "seo title": "seo_title",
    "seo description": "seo_description",
    **{f"option{number} name": f"option{number}_name" for number in (1, 2, 3)},
    **{f"option{number} value": f"option{number}_value" for number in (1, 2, 3)},
}
_PLAIN: Final = ("title", "body", "brand", "tags", "seo_title", "seo_description")
_VARIANT: Final = ("sku", "barcode", "grams", "quantity", "price", "compare_at", "cost", "policy")

MOST_NOTES: Final = 20

Row = tuple[int, dict[str, str]]


def is_shopify(headers: Sequence[str]) -> bool:
    """Whether these look like the columns of Shopify's product CSV, of either generation."""
    names = {header.strip().casefold() for header in headers}
    old = {"handle", "title"} <= names and bool({"variant sku", "variant price", "body (html)"} & names)
    return old or {"url handle", "title"} <= names


class ShopifyRows:
    """Converts rows; ``columns`` and ``notes`` are complete when all rows have been read."""

    def __init__(self, headers: Sequence[str], lookups: Lookups) -> None:
        self.names = [_NAMES.get(header.strip().casefold(), "") for header in headers]
        self.lookups = lookups
        self.columns: dict[str, None] = {}
        self.notes: list[str] = []
        options = lookups.options
        self.price_list = options.price_list or _first(lookups.price_lists)
        self.warehouse = options.warehouse or _first(lookups.warehouses)
        self.attributes = {
            text.casefold(): attribute.slug
            for attribute in lookups.attributes.values()
            if attribute.makes_variants and attribute.kind in attribute.VARIANT_KINDS
            for text in (attribute.slug, attribute.name)
        }
        strange = [
            header
            for header, name in zip(headers, self.names, strict=True)
            if header and not name and not _IGNORED.search(header)
        ]
        if strange:
            self.notes.append(f"These columns are not known and were left out: {', '.join(strange[:20])}.")
        for name, code, what in (
            ("price", self.price_list, "price list"),
            ("quantity", self.warehouse, "warehouse"),
        ):
            if name in self.names and not code:
                self.notes.append(
                    f"There is no {what} yet, so that column “{name}” was left out: add one first."
                )

    def convert(self, rows: Iterator[tuple[int, list[str]]]) -> Iterator[Row]:
        named = (
            (
                number,
                {
                    name: text.strip()
                    for name, text in zip(self.names, texts, strict=True)
                    if name and text.strip()
                },
            )
            for number, texts in rows
        )
        handled = self._with_handles(named)
        for handle, group in groupby(handled, key=lambda row: row[1]["handle"]):
            yield from self._product(handle, list(group))

    @staticmethod
    def _with_handles(rows: Iterator[Row]) -> Iterator[Row]:
        """Rows below a product may leave its handle out; a product without one has it from its title."""
        last = ""
        for number, cells in rows:
            handle = slugify(cells.get("handle", ""), allow_unicode=True) or (
                slugify(cells["title"]) if "title" in cells else last
            )
            last = handle
            yield number, {**cells, "handle": handle}

    def _product(self, handle: str, rows: list[Row]) -> Iterator[Row]:
        first = next((cells for _, cells in rows if "title" in cells), rows[0][1])
        product = {"handle": handle} | {name: first[name] for name in _PLAIN if name in first}
        if "category" in first:
            product["categories"] = join_list(
                [join_list([part.strip() for part in first["category"].split(">")], ">")]
            )
        if "type" in first:
            self._add_type(product, first["type"])
        product["status"] = _status(first)
        self._add_pictures(product, rows)
        options = self._option_names(rows)
        variants = [row for row in rows if any(name in row[1] for name in (*_VARIANT, "option1_value"))]
        made: set[str] = set()
        for place, (number, cells) in enumerate(rows):
            out = {"handle": handle} | (product if place == 0 else {})
            if (number, cells) in variants:
                out |= self._variant(handle, cells, options, made, is_only=len(variants) == 1)
            self.columns.update(dict.fromkeys(out))
            yield number, out

    def _add_type(self, product: dict[str, str], text: str) -> None:
        """Shopify's types are free words: one that is a product type of ours is, any other becomes a tag."""
        if text.casefold() in self.lookups.types:
            product["type"] = text
        else:
            product["tags"] = ", ".join(filter(None, [product.get("tags", ""), text.replace(",", " ")]))

    @staticmethod
    def _add_pictures(product: dict[str, str], rows: list[Row]) -> None:
        pictures = [
            (
                int(cells["picture_position"]) if cells.get("picture_position", "").isdigit() else 999,
                place,
                cells,
            )
            for place, (_, cells) in enumerate(rows)
            if "picture" in cells
        ]
        for number, (_, _, cells) in enumerate(sorted(pictures, key=lambda found: found[:2])[:99], start=1):
            product[f"image.{number}.src"] = cells["picture"]
            if "picture_alt" in cells:
                product[f"image.{number}.alt"] = cells["picture_alt"][:200]

    def _option_names(self, rows: list[Row]) -> dict[int, str]:
        """Which attribute each option is; names stand in the product's first row only."""
        found: dict[int, str] = {}
        for number in (1, 2, 3):
            name = next(
                (cells[f"option{number}_name"] for _, cells in rows if f"option{number}_name" in cells), ""
            )
            if name and name.casefold() != "title":
                slug = self.attributes.get(name.casefold()) or self.attributes.get(slugify(name))
                found[number] = slug or slugify(name) or "option"
                if slug is None and found[number] not in self.lookups.attributes:
                    self._note_attribute(name)
        return found

    def _note_attribute(self, name: str) -> None:
        note = f"“{name}” is no attribute that makes variants: add it, and import the file once more."
        if note not in self.notes and len(self.notes) < MOST_NOTES:
            self.notes.append(note)

    def _variant(
        self,
        handle: str,
        cells: Mapping[str, str],
        options: Mapping[int, str],
        made: set[str],
        *,
        is_only: bool,
    ) -> dict[str, str]:
        values = {
            number: cells[f"option{number}_value"] for number in options if f"option{number}_value" in cells
        }
        out = {f"option.{options[number]}": text for number, text in values.items()}
        out["sku"] = cells.get("sku", "").replace(" ", "-") or self._make_sku(
            handle, list(values.values()), made
        )
        for name, column in (("barcode", "barcode"), ("grams", "weight_grams"), ("cost", "cost")):
            if name in cells:
                out[column] = cells[name].lstrip("'")
        if "grams" in cells:
            out["weight_grams"] = _rounded(cells["grams"])
        if "variant_picture" in cells:
            out["variant.image"] = cells["variant_picture"]
        if self.price_list:
            self._add_prices(out, cells)
        if self.warehouse and "quantity" in cells:
            # Shopify counts below zero what is sold and not there.
            out[f"stock.{self.warehouse}"] = "0" if cells["quantity"].startswith("-") else cells["quantity"]
            if "policy" in cells:
                sells_on = cells["policy"].casefold() in ("continue", "true", "yes")
                out[f"stock.{self.warehouse}.backorders"] = "yes" if sells_on else "no"
        return out

    def _add_prices(self, out: dict[str, str], cells: Mapping[str, str]) -> None:
        if "price" in cells:
            out[f"price.{self.price_list}"] = cells["price"]
        if "compare_at" in cells and "price" in cells:
            out[f"compare_at.{self.price_list}"] = cells["compare_at"]

    @staticmethod
    def _make_sku(handle: str, values: Sequence[str], made: set[str]) -> str:
        """Of the handle and the options, so that the same file always gives the same SKU."""
        wanted = "-".join(filter(None, [handle, *(slugify(value) for value in values)])).upper()[:58]
        wanted = re.sub(r"[^A-Z0-9._/+-]", "", wanted).lstrip("-._/+") or "SKU"
        sku, suffix = wanted, 1
        while sku in made:
            suffix += 1
            sku = f"{wanted}-{suffix}"
        made.add(sku)
        return sku


# Columns that say how Shopify itself handles the goods; leaving them out loses nothing of ours.
_IGNORED: Final = re.compile(
    r"(?i)^(variant (inventory tracker|fulfillment service|requires shipping|taxable|weight unit|tax code)|"
    r"gift card|google shopping.*|included /.*|price /.*|compare[- ]at price /.*|collection|charge tax|"
    r"tax code|inventory tracker|requires shipping|fulfillment service|weight unit for display|"
    r"unit price.*|.*\(product\.metafields\..*\)|option[123] linked to|standardized product type|"
    r"custom product type)$"
)


def _first(codes: Mapping[str, object]) -> str:
    return next((code for code in ("base", "main", *sorted(codes)) if code in codes), "")


def _status(cells: Mapping[str, str]) -> str:
    """Live when it is both active and published; both are so when nothing is said."""
    is_published = cells.get("published", "true").casefold() in ("true", "yes", "1")
    return "live" if is_published and cells.get("status", "active").casefold() == "active" else "draft"


def _rounded(grams: str) -> str:
    """Shopify weighs in fractions of a gram, we in grams."""
    try:
        return str(round(float(grams)))
    except (ValueError, OverflowError):
        return grams
