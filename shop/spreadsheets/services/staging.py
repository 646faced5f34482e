"""Laying the rows of a file into the database, by product, where they wait to be tried and applied."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Upper

from shop.catalogue.models import ProductVariant
from shop.spreadsheets.category_sheets import map_categories
from shop.spreadsheets.errors import UnreadableFile
from shop.spreadsheets.lookups import Lookups
from shop.spreadsheets.mappings import SHOPIFY, MappedRow, map_table, rename_categories, signature_of
from shop.spreadsheets.models import ImportClaim, ImportItem, ImportRun
from shop.spreadsheets.options import ImportOptions
from shop.spreadsheets.private_files import forget_file
from shop.spreadsheets.tables import read_table
from shop.spreadsheets.zip_pictures import keep_archive

if TYPE_CHECKING:
    from shop.customers.models import User

BATCH = 1000
MOST_ROWS_OF_A_PRODUCT = 2000


def stage_import(
    *,
    file: BinaryIO,
    name: str,
    kind: str = ImportRun.Kind.PRODUCTS,
    mapping: str = "",
    columns: Mapping[str, str] | None = None,
    options: ImportOptions | None = None,
    pictures: BinaryIO | None = None,
    actor: User | None = None,
    public_id: UUID | None = None,
) -> ImportRun:
    """
    Read a file to its end and keep its rows; nothing of the catalogue changes.

    :param mapping: ``nexus``, ``shopify``, the name of a saved one, or nothing: then by the headers
    :param columns: what each header means, chosen for this file; it is used instead of a mapping
    :param public_id: what it is known by outside, else a new one
    :param pictures: a ZIP with the pictures that the file names; a copy is kept with the run
    :raises UnreadableFile: for a file that is no table, or not a harmless one; nothing is kept then
    :raises UnknownColumns: for headers that name no product
    """
    options = options or ImportOptions()
    run = ImportRun(kind=kind, file_name=name[-255:], created_by=actor, public_id=public_id or uuid4())
    if pictures is not None:
        # Before the transaction: copying a gigabyte would hold up every other writer.
        run.pictures_path = keep_archive(pictures)
    try:
        with transaction.atomic():
            _stage(run, file, mapping=mapping, columns=columns, options=options)
    except BaseException:
        forget_file(run.pictures_path)
        raise
    return run


def _stage(
    run: ImportRun,
    file: BinaryIO,
    *,
    mapping: str,
    columns: Mapping[str, str] | None,
    options: ImportOptions,
) -> None:
    table = read_table(file, name=run.file_name)
    if run.kind == ImportRun.Kind.CATEGORIES:
        renamed, name_of_mapping = rename_categories(table, mapping=mapping, columns=columns)
        mapped = map_categories(renamed)
        mapped.mapping = name_of_mapping
    else:
        mapped = map_table(table, mapping=mapping, columns=columns, lookups=Lookups(options))
    run.params = options.as_json()
    if mapped.format == SHOPIFY:
        # An empty cell of Shopify's says nothing about what its export does not know.
        run.params["blanks"] = "keep"
    run.mapping = mapped.mapping
    run.headers = table.headers
    run.signature = signature_of(table.headers, kind=run.kind)
    run.save()
    stager = _Stager(run)
    while batch := list(islice(mapped.rows, BATCH)):
        stager.add(batch)
    if not stager.rows:
        raise UnreadableFile(f"{run.file_name} has headers and no rows.")
    run.columns = list(mapped.columns)
    run.notes = [*table.notes, *mapped.notes]
    run.rows, run.items_total = stager.rows, stager.position
    run.save()


class _Stager:
    """Gathers rows by product, batch by batch; rows of one product need not stand together."""

    def __init__(self, run: ImportRun) -> None:
        self.run = run
        self.rows = 0
        self.position = 0

    def add(self, batch: list[MappedRow]) -> None:
        self.rows += len(batch)
        keys = self._keys_of(batch)
        wanted: dict[str, list[MappedRow]] = {}
        for key, row in zip(keys, batch, strict=True):
            wanted.setdefault(key, []).append(row)
        items = {item.key: item for item in ImportItem.objects.filter(run=self.run, key__in=wanted)}
        known = set(items)
        created = []
        for key, rows in wanted.items():
            if key in known:
                items[key].data += rows
                self._bound(items[key])
                continue
            self.position += 1
            item = ImportItem(run=self.run, position=self.position, key=key, data=rows)
            self._bound(item)
            created.append(item)
        ImportItem.objects.bulk_update([items[key] for key in known], ["data"], batch_size=100)
        items |= {item.key: item for item in ImportItem.objects.bulk_create(created)}
        ImportClaim.objects.bulk_create(
            (
                ImportClaim(run=self.run, item=items[key], name=name, row=row)
                for key, rows in wanted.items()
                for name, row in _claims(rows, is_new=key not in known)
            ),
            batch_size=2000,
        )

    @staticmethod
    def _bound(item: ImportItem) -> None:
        if len(item.data) > MOST_ROWS_OF_A_PRODUCT:
            raise UnreadableFile(
                f"“{item.key}” has more than {MOST_ROWS_OF_A_PRODUCT} rows, which no product can have."
            )

    def _keys_of(self, batch: list[MappedRow]) -> list[str]:
        """What each row's product is called; rows with nothing but a SKU ask the catalogue."""
        if self.run.kind == ImportRun.Kind.CATEGORIES:
            return [f"category:{cells.get('slug') or cells.get('path', '')}"[:300] for _, cells in batch]
        loose = [cells for _, cells in batch if not cells.get("handle") and not cells.get("external_id")]
        skus = {cells["sku"].upper() for cells in loose if cells.get("sku")}
        ids = {cells["variant.external_id"] for cells in loose if cells.get("variant.external_id")}
        handles: dict[str, str | None] = {}
        if loose:
            variants = ProductVariant.objects.annotate(upper_sku=Upper("sku")).filter(
                Q(upper_sku__in=skus) | Q(external_id__in=ids), product__isnull=False
            )
            for sku, external_id, handle in variants.values_list(
                "upper_sku", "external_id", "product__slug_key"
            ):
                handles[f"sku:{sku}"] = handle
                if external_id:
                    handles[f"variant:{external_id}"] = handle
        return [_key_of(cells, handles) for _, cells in batch]


def _key_of(cells: dict[str, str], handles: dict[str, str | None]) -> str:
    if cells.get("handle"):
        return f"handle:{cells['handle']}"[:300]
    if cells.get("external_id"):
        return f"external_id:{cells['external_id']}"[:300]
    for name in (f"variant:{cells.get('variant.external_id', '')}", f"sku:{cells.get('sku', '').upper()}"):
        if handles.get(name):
            return f"handle:{handles[name]}"[:300]
    return f"sku:{cells.get('sku') or cells.get('variant.external_id', '')}"[:300]


def _claims(rows: list[MappedRow], *, is_new: bool) -> Iterator[tuple[str, int]]:
    for number, cells in rows:
        if cells.get("sku"):
            yield f"sku:{cells['sku'].upper()}"[:320], number
        if cells.get("variant.external_id"):
            yield f"variant:{cells['variant.external_id']}"[:320], number
    if is_new:
        number, cells = rows[0]
        for column, kind in (("external_id", "product"), ("handle", "handle")):
            if cells.get(column):
                yield f"{kind}:{cells[column]}"[:320], number
