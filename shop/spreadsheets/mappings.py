"""From the columns of a file to ours: by the shipped mappings, or by one that was saved for such headers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from shop.spreadsheets.cells import unescape_formula
from shop.spreadsheets.columns import find_columns
from shop.spreadsheets.errors import UnknownColumns
from shop.spreadsheets.lookups import Lookups
from shop.spreadsheets.models import ColumnMapping, ImportRun
from shop.spreadsheets.shopify import ShopifyRows, is_shopify
from shop.spreadsheets.tables import Table

NEXUS: Final = ColumnMapping.Format.NEXUS.value
SHOPIFY: Final = ColumnMapping.Format.SHOPIFY.value
# What an import is called whose columns were chosen for it alone.
CHOSEN: Final = "chosen"
NAMING: Final = ("handle", "external_id", "sku", "variant.external_id")

MappedRow = tuple[int, dict[str, str]]


def signature_of(headers: Sequence[str], *, kind: str = ImportRun.Kind.PRODUCTS) -> str:
    """What a set of headers is remembered by, whatever their order and case."""
    names = "\n".join(sorted(header.strip().casefold() for header in headers if header.strip()))
    if kind != ImportRun.Kind.PRODUCTS:
        names = f"{kind}\n\n{names}"
    return hashlib.sha256(names.encode()).hexdigest()


@dataclass(slots=True)
class Mapped:
    """The rows of a table in our columns; ``columns`` is complete when the rows have been read."""

    mapping: str
    format: str
    rows: Iterator[MappedRow]
    columns: dict[str, None] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def map_table(
    table: Table, *, mapping: str, lookups: Lookups, columns: Mapping[str, str] | None = None
) -> Mapped:
    """
    Read a table in our columns.

    :param mapping: ``nexus``, ``shopify``, the name of a saved one, or nothing: then by the headers
    :param columns: what each header means, chosen for this file alone
    :raises UnknownColumns: for a mapping that does not exist, and headers that name no product
    """
    if columns is not None:
        return _map_nexus(table, columns, CHOSEN, lookups)
    saved = _find_saved(table, mapping)
    file_format = saved.format if saved is not None else mapping
    if not file_format:
        file_format = SHOPIFY if is_shopify(table.headers) else NEXUS
    renames = saved.columns if saved is not None else {}
    name = saved.name if saved is not None else file_format
    if file_format == SHOPIFY:
        converter = ShopifyRows(_renamed(table.headers, renames), lookups)
        mapped = Mapped(mapping=name, format=SHOPIFY, rows=iter(()), columns=converter.columns)
        mapped.rows = converter.convert(table.rows)
        mapped.notes = converter.notes
        return mapped
    return _map_nexus(table, renames, name, lookups)


def rename_categories(
    table: Table, *, mapping: str, columns: Mapping[str, str] | None = None
) -> tuple[Table, str]:
    """
    A table of categories under our headers, by columns that were chosen or saved, and how that is called.

    :raises UnknownColumns: for a mapping that does not exist
    """
    name = CHOSEN
    if columns is None:
        saved = _find_saved(table, mapping, kind=ImportRun.Kind.CATEGORIES)
        if saved is None:
            return table, NEXUS
        name, columns = saved.name, saved.columns
    return Table(headers=_renamed(table.headers, columns), rows=table.rows, notes=table.notes), name


def _find_saved(table: Table, mapping: str, *, kind: str = ImportRun.Kind.PRODUCTS) -> ColumnMapping | None:
    if mapping in (NEXUS, SHOPIFY):
        return None
    if mapping:
        saved = ColumnMapping.objects.filter(name=mapping, kind=kind).first()
        if saved is None:
            raise UnknownColumns(
                f"There is no mapping “{mapping[:60]}”. Use nexus, shopify, or one you saved."
            )
        return saved
    return ColumnMapping.objects.filter(signature=signature_of(table.headers, kind=kind)).first()


def _renamed(headers: Sequence[str], renames: Mapping[str, str]) -> list[str]:
    # A file is known by its headers whatever their case, so that is how they are looked up.
    known = {header.strip().casefold(): name for header, name in renames.items()}
    return [str(known.get(header.casefold(), header)) for header in headers]


def _map_nexus(table: Table, renames: Mapping[str, str], name: str, lookups: Lookups) -> Mapped:
    names = [text if renames else text.lower() for text in _renamed(table.headers, renames)]
    known = find_columns(names, lookups)
    if not any(column in known for column in NAMING):
        raise UnknownColumns(
            "No column names a product: there must be “handle”, “external_id” or “sku”. "
            f"The columns of the file are {', '.join(table.headers[:12])}. Give it a mapping of its columns."
        )
    strangers = [
        header
        for header, column in zip(table.headers, names, strict=True)
        if header and column and column not in known
    ]
    notes = []
    if strangers:
        notes.append(f"These columns are not known and were left out: {', '.join(strangers[:20])}.")
    # Only ours are written with apostrophes before formulas.
    unescape = unescape_formula if not renames else str

    def rows() -> Iterator[MappedRow]:
        for number, texts in table.rows:
            yield (
                number,
                {
                    column: unescape(text)
                    for column, text in zip(names, texts, strict=True)
                    if text and column in known
                },
            )

    return Mapped(mapping=name, format=NEXUS, rows=rows(), columns=dict.fromkeys(known), notes=notes)


def remember_mapping(
    *,
    name: str,
    headers: Sequence[str],
    columns: Mapping[str, str],
    file_format: str = NEXUS,
    kind: str = ImportRun.Kind.PRODUCTS,
) -> ColumnMapping:
    """Save what the columns of such a file mean, so that the next one is understood by itself."""
    return ColumnMapping.objects.update_or_create(
        signature=signature_of(headers, kind=kind),
        defaults={"name": name, "columns": dict(columns), "format": file_format, "kind": kind},
    )[0]
