"""Writing the catalogue, or some of it, in our own format."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet
from wagtail.models import Revision

from shop.catalogue.models import (
    Attribute,
    Category,
    ProductAttribute,
    ProductMedia,
    ProductPage,
    VariantAttribute,
)
from shop.catalogue.permissions import reachable_products
from shop.spreadsheets.category_sheets import write_categories
from shop.spreadsheets.column_kinds import Column
from shop.spreadsheets.columns import STATIC, find_columns
from shop.spreadsheets.contents import MEDIA_PARTS
from shop.spreadsheets.lookups import Lookups
from shop.spreadsheets.models import ImportRun
from shop.spreadsheets.snapshots import ProductSnapshot, load_snapshots
from shop.spreadsheets.writing import open_writer

if TYPE_CHECKING:
    from shop.customers.models import User

CHUNK = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportFilter:
    """Which products: all of those that meet every condition given."""

    status: str = ""
    category: str = ""
    brand: str = ""
    product_type: str = ""
    tag: str = ""
    product_ids: Sequence[int] | None = None

    def apply(self, products: QuerySet[ProductPage]) -> QuerySet[ProductPage]:
        """Those of the products that meet the conditions."""
        if self.status:
            products = products.filter(live=self.status == "live")
        if self.category:
            within = Category.objects.within(Category.objects.filter(slug=self.category))
            products = products.filter(product_categories__category__in=within)
        if self.brand:
            products = products.filter(Q(brand__slug=self.brand) | Q(brand__name__iexact=self.brand))
        if self.product_type:
            products = products.filter(product_type__slug=self.product_type)
        if self.tag:
            products = products.filter(tagged_items__tag__name__iexact=self.tag)
        if self.product_ids is not None:
            products = products.filter(pk__in=self.product_ids)
        return products.order_by("path").distinct()


def export(
    *,
    file: BinaryIO,
    file_format: str = "csv",
    kind: str = ImportRun.Kind.PRODUCTS,
    filters: ExportFilter | None = None,
    actor: User | None = None,
    on_progress: Callable[[int], None] | None = None,
) -> int:
    """
    Write products, a row per variant, or categories; memory stays that of a few hundred products.

    Importing the file changes nothing. ``actor`` limits it to the products that they may work on.

    :param on_progress: told now and then how many products are written; what it raises ends the export
    :return: how many products or categories were written
    :raises ExportRefused: for a text that XLSX cannot hold
    """
    count = 0
    for count in _write(file, file_format=file_format, kind=kind, filters=filters, actor=actor):
        if on_progress is not None:
            on_progress(count)
    return count


def export_pieces(
    *, kind: str = ImportRun.Kind.PRODUCTS, filters: ExportFilter | None = None, actor: User | None = None
) -> Iterator[bytes]:
    """The CSV of :func:`export`, piece by piece as it comes about: nothing waits for the end of it."""
    file = io.BytesIO()
    for _ in _write(file, file_format="csv", kind=kind, filters=filters, actor=actor):
        yield file.getvalue()
        file.seek(0)
        file.truncate()
    yield file.getvalue()


def _write(
    file: BinaryIO, *, file_format: str, kind: str, filters: ExportFilter | None, actor: User | None
) -> Iterator[int]:
    """Write in chunks, and tell after each how much there is."""
    if kind == ImportRun.Kind.CATEGORIES:
        yield write_categories(open_writer(file, file_format=file_format, title="Categories"))
        return
    chosen = list_exported(filters or ExportFilter(), actor=actor)
    lookups = Lookups()
    columns = find_columns(_column_names(chosen, lookups), lookups)
    writer = open_writer(file, file_format=file_format, title="Products")
    writer.write(list(columns))
    count = 0
    # The keys alone are a few MB for any shop; the products come in chunks.
    keys = iter(list(chosen.values_list("pk", flat=True)))
    while chunk := list(islice(keys, CHUNK)):
        for snapshot in load_snapshots(chunk, lookups).values():
            for row in _rows_of(snapshot, list(columns.values()), lookups):
                writer.write(row)
            count += 1
        yield count
    writer.close()


def list_exported(filters: ExportFilter, *, actor: User | None) -> QuerySet[ProductPage]:
    """The products that such an export writes, as far as ``actor`` may work on them."""
    products = ProductPage.objects.all() if actor is None else reachable_products(actor)
    return filters.apply(products.filter(alias_of__isnull=True))


def _column_names(products: QuerySet[ProductPage], lookups: Lookups) -> list[str]:
    """The columns that these products need: attributes and pictures only as far as they have them."""
    names = [name for name, column in STATIC.items() if column.level == "product"]
    pictures = _most_pictures(products)
    media = [f"image.{number}.{part}" for number in range(1, pictures + 1) for part in MEDIA_PARTS]
    own = Attribute.objects.filter(
        Exists(ProductAttribute.objects.filter(attribute=OuterRef("pk"))) | Exists(_drafts_with_attributes())
    )
    options = Attribute.objects.filter(Exists(VariantAttribute.objects.filter(attribute=OuterRef("pk"))))
    names += [f"attr.{slug}" for slug in own.values_list("slug", flat=True)]
    names += media
    names += [name for name, column in STATIC.items() if column.level == "variant"]
    names += [f"option.{slug}" for slug in options.values_list("slug", flat=True)]
    for code in lookups.price_lists:
        names += [f"price.{code}", f"compare_at.{code}", f"tiers.{code}"]
    for code in lookups.warehouses:
        names += [f"stock.{code}", f"stock.{code}.low_from", f"stock.{code}.backorders"]
    return names


def _drafts_with_attributes() -> QuerySet[ProductPage]:
    # What a draft holds is in JSON: where there are drafts, every attribute gets a column.
    return ProductPage.objects.filter(Q(live=False) | Q(has_unpublished_changes=True))


def _most_pictures(products: QuerySet[ProductPage]) -> int:
    counts = ProductMedia.objects.filter(page__in=products.order_by().values("pk")).values("page")
    most = counts.annotate(count=Count("pk")).aggregate(most=Max("count"))["most"] or 0
    drafts = products.filter(live=False, latest_revision__isnull=False).order_by()
    contents = Revision.objects.filter(pk__in=drafts.values("latest_revision")).values_list(
        "content__media", flat=True
    )
    in_drafts = max((len(media or ()) for media in contents.iterator(chunk_size=200)), default=0)
    return min(max(most, in_drafts), 99)


def _rows_of(snapshot: ProductSnapshot, columns: Sequence[Column], lookups: Lookups) -> Iterator[list[str]]:
    """A row per variant; what the product says stands in the first."""
    rows = [variant.values for variant in snapshot.variants] or [{}]
    for number, values in enumerate(rows):
        own = snapshot.values if number == 0 else {"handle": snapshot.values["handle"]}
        cells = []
        for column in columns:
            held = own if column.level == "product" else values
            cells.append(column.render(held[column.name], lookups) if column.name in held else "")
        yield cells
