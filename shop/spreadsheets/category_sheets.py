"""Categories as a table: a row for each, with the slug of the category that it is in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from shop.catalogue.models import Category
from shop.spreadsheets.bodies import read_body, render_body
from shop.spreadsheets.cells import unescape_formula
from shop.spreadsheets.errors import UnknownColumns, UnreadableFile
from shop.spreadsheets.mappings import Mapped
from shop.spreadsheets.tables import Table
from shop.spreadsheets.writing import TableWriter

COLUMNS: Final = (
    "slug",
    "name",
    "parent",
    "path",
    "description",
    "body",
    "image",
    "image_alt",
    "seo_title",
    "seo_description",
    "position",
    "status",
)
TEXTS: Final = ("name", "description", "image_alt", "seo_title", "seo_description")


def map_categories(table: Table) -> Mapped:
    """:raises UnknownColumns: for headers that name no category"""
    names = [header.lower() for header in table.headers]
    known = [name for name in names if name in COLUMNS]
    if not {"slug", "path"} & set(known):
        raise UnknownColumns("No column names a category: there must be “slug” or “path”.")
    strange = [name for name in names if name and name not in COLUMNS]

    def rows() -> Iterator[tuple[int, dict[str, str]]]:
        for number, texts in table.rows:
            cells = {
                name: unescape_formula(text)
                for name, text in zip(names, texts, strict=True)
                if text and name in COLUMNS
            }
            if not cells.get("slug") and not cells.get("path"):
                raise UnreadableFile(f"Row {number} names no category: write its slug or its path.")
            yield number, cells

    notes = [f"These columns are not known and were left out: {', '.join(strange[:20])}."] if strange else []
    return Mapped(mapping="nexus", format="nexus", rows=rows(), columns=dict.fromkeys(known), notes=notes)


def write_categories(writer: TableWriter) -> int:
    """Write every category, those above before those below; returns how many."""
    columns = [name for name in COLUMNS if name != "path"]
    writer.write(columns)
    count = 0
    for category in Category.objects.select_related("parent").order_by("tree_order"):
        values = values_of(category)
        writer.write([text_of(name, values[name]) for name in columns])
        count += 1
    writer.close()
    return count


def values_of(category: Category) -> dict[str, Any]:
    """What a category holds, column by column."""
    return {
        "slug": category.slug,
        "name": category.name,
        "parent": category.parent.slug if category.parent is not None else "",
        "description": category.description,
        "body": read_body(list(category.body.raw_data)),
        "image": category.image_id,
        "image_alt": category.image_alt,
        "seo_title": category.seo_title,
        "seo_description": category.seo_description,
        "position": category.sort_order,
        "status": "live" if category.live else "draft",
    }


def text_of(name: str, value: Any) -> str:
    """A value as its cell."""
    if name == "body":
        return render_body(value)
    if name == "image":
        return f"id:{value}" if value else ""
    return str(value)
