"""
Many products at once.

One ``add_child`` and ``publish`` costs 60 to 110 ms, because each writes, indexes and logs by itself.
Here each table is written once per chunk. What stands afterwards is what the slow way leaves: a tree
without problems, a live revision per page (a page without one would go offline when a change is
scheduled), the reference index and the admin's search index.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING
from uuid import uuid4

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import CharField, F, OuterRef, Q, Subquery
from django.db.models.functions import Cast
from django.utils.text import slugify
from modelsearch.backends import get_search_backends
from wagtail.models import COMMENTS_RELATION_NAME, Page, PageLogEntry, ReferenceIndex, Revision

from shop.catalogue.events import record_products_changed
from shop.catalogue.models import (
    ProductAttribute,
    ProductCategory,
    ProductIndexPage,
    ProductMedia,
    ProductPage,
    ProductRelation,
    ProductTag,
    ProductVariant,
)
from shop.catalogue.services.bulk_sheet import BulkSheet
from shop.catalogue.services.products import ProductDraft, SlugTaken, build_page, load_attributes
from shop.core import clock

if TYPE_CHECKING:
    from shop.customers.models import User


@dataclass(frozen=True, slots=True)
class CreatedChunk:
    """What one transaction has created, in the order of the drafts."""

    products: list[ProductPage]
    variants: list[list[ProductVariant]]


def bulk_create_products(
    *,
    parent: ProductIndexPage,
    drafts: Iterable[ProductDraft],
    user: User | None = None,
    at: datetime | None = None,
    chunk_size: int = 500,
    in_chunk: Callable[[CreatedChunk], None] | None = None,
) -> int:
    """
    Create and publish products with their variants, chunk by chunk; memory stays that of one chunk.

    Each chunk is one transaction. ``in_chunk`` is called inside it, before ``products.changed`` is
    recorded: the place to load prices and stock, so that the index sees whole products.

    :return: how many products were created
    :raises SlugTaken: if a draft names the slug of another product (without one, a free one is made)
    :raises UnknownAttribute: if an attribute or its value does not exist
    :raises InvalidVariants: if a variant cannot be made; chunks before this one stay
    """
    attributes = load_attributes()
    count = 0
    remaining = iter(drafts)
    while chunk := list(islice(remaining, chunk_size)):
        with transaction.atomic():
            moment = at or clock.now()
            pages = [build_page(draft, attributes=attributes) for draft in chunk]
            insert_pages(parent=parent, pages=pages, user=user, at=moment)
            sheets = [(page, draft.variants) for page, draft in zip(pages, chunk, strict=True)]
            created = CreatedChunk(products=pages, variants=BulkSheet(at=moment).write(sheets))
            index_pages(pages)
            if in_chunk is not None:
                in_chunk(created)
            record_products_changed(product.pk for product in created.products)
        count += len(chunk)
    return count


@transaction.atomic
def insert_pages(
    *,
    parent: ProductIndexPage,
    pages: Sequence[ProductPage],
    user: User | None,
    at: datetime,
    is_live: bool = True,
) -> None:
    """
    File pages that were built in memory, with their inline rows, below ``parent``, each with a revision.

    Variants, ``products.changed`` and :func:`index_pages` are the caller's next steps.

    :param is_live: ``False`` leaves them as drafts
    :raises SlugTaken: if a page names the slug of another product (without one, a free one is made)
    """
    _ChunkWriter(parent, pages, user, at, is_live=is_live).write()


def index_pages(pages: Sequence[ProductPage]) -> None:
    """Bring pages into the index that the admin searches in."""
    for backend in get_search_backends(with_auto_update=True):
        backend.add_bulk(ProductPage, pages)


class _ChunkWriter:
    """Writes one chunk, table by table."""

    def __init__(
        self,
        parent: ProductIndexPage,
        pages: Sequence[ProductPage],
        user: User | None,
        at: datetime,
        *,
        is_live: bool,
    ) -> None:
        # Locked, so that nothing else is added below it while paths are counted up.
        self.parent = ProductIndexPage.objects.select_for_update().get(pk=parent.pk)
        self.pages = pages
        self.user = user
        self.at = at
        self.is_live = is_live
        self.content_type = ContentType.objects.get_for_model(ProductPage)
        self.base_content_type = ContentType.objects.get_for_model(Page)

    def write(self) -> None:
        pages = self.pages
        self._fill_in(pages)
        self._insert_pages(pages)
        self._insert_inline_rows(pages)
        self._insert_revisions(pages)
        insert_references(pages)

    def _fill_in(self, pages: Sequence[ProductPage]) -> None:
        slugs = self._choose_slugs()
        paths = self._next_paths(len(pages))
        for page, slug, path in zip(pages, slugs, paths, strict=True):
            # Nobody has commented yet; unless told so, each page asks the database twice.
            setattr(page, COMMENTS_RELATION_NAME, [])
            page.slug = page.slug_key = slug
            page.path = path
            page.depth = self.parent.depth + 1
            page.url_path = f"{self.parent.url_path}{slug}/"
            page.draft_title = page.title
            page.content_type = self.content_type
            page.locale_id = self.parent.locale_id
            page.owner = self.user
            page.live = self.is_live
            page.has_unpublished_changes = not self.is_live
            page.latest_revision_created_at = self.at
            if self.is_live:
                page.first_published_at = page.first_published_at or self.at
                page.last_published_at = self.at

    def _choose_slugs(self) -> list[str]:
        wanted = [page.slug or slugify(page.title)[:240] or "product" for page in self.pages]
        taken = set(ProductPage.objects.filter(slug_key__in=wanted).values_list("slug_key", flat=True))
        taken |= set(self.parent.get_children().filter(slug__in=wanted).values_list("slug", flat=True))
        repeated = taken | {slug for slug, times in Counter(wanted).items() if times > 1}
        taken |= self._numbered_slugs(repeated)
        chosen: list[str] = []
        for page, slug in zip(self.pages, wanted, strict=True):
            free, suffix = slug, 1
            while free in taken:
                if page.slug:
                    raise SlugTaken(f"Another product has the slug “{slug}”.", slug=slug)
                suffix += 1
                free = f"{slug}-{suffix}"
            taken.add(free)
            chosen.append(free)
        return chosen

    @staticmethod
    def _numbered_slugs(bases: Iterable[str]) -> set[str]:
        """Every slug of the shop that is one of ``bases`` with a number behind it, or looks so."""
        beginnings = Q(pk__in=[])
        for base in bases:
            beginnings |= Q(slug_key__startswith=f"{base}-")
        return set(ProductPage.objects.filter(beginnings).values_list("slug_key", flat=True))

    def _next_paths(self, count: int) -> Iterator[str]:
        last = self.parent.get_last_child()
        step = Page._str2int(last.path[-Page.steplen :]) if last else 0
        return (
            Page._get_path(self.parent.path, self.parent.depth + 1, step + number)
            for number in range(1, count + 1)
        )

    def _insert_pages(self, pages: Sequence[ProductPage]) -> None:
        # Django's bulk_create knows no multi-table inheritance: the two tables are written one by one.
        base_fields = [field.attname for field in Page._meta.local_concrete_fields if not field.primary_key]
        bases = [Page(**{name: getattr(page, name) for name in base_fields}) for page in pages]
        for page, base in zip(pages, Page.objects.bulk_create(bases), strict=True):
            page.pk = page.id = page.page_ptr_id = base.pk
            page._state.adding = False
            page._state.db = base._state.db
        ProductPage._base_manager.all()._insert(pages, fields=ProductPage._meta.local_concrete_fields)
        Page.objects.filter(pk=self.parent.pk).update(numchild=F("numchild") + len(pages))
        PageLogEntry.objects.bulk_create(
            PageLogEntry(
                page=page,
                content_type=self.content_type,
                label=page.title,
                action="wagtail.create",
                timestamp=self.at,
                uuid=uuid4(),
                user=self.user,
                data={},
                content_changed=True,
            )
            for page in pages
        )

    def _insert_inline_rows(self, pages: Sequence[ProductPage]) -> None:
        # Before the revisions, so that these hold primary keys: a revision without them would insert
        # the rows once more when it is published.
        for model, name in (
            (ProductCategory, "product_categories"),
            (ProductMedia, "media"),
            (ProductAttribute, "product_attributes"),
            (ProductRelation, "relations"),
            (ProductTag, "tagged_items"),
        ):
            owner = "content_object_id" if model is ProductTag else "page_id"
            rows = []
            for page in pages:
                for row in getattr(page, name).all():
                    setattr(row, owner, page.pk)
                    rows.append(row)
            model._default_manager.bulk_create(rows, batch_size=2000)

    def _insert_revisions(self, pages: Sequence[ProductPage]) -> None:
        Revision.objects.bulk_create(
            Revision(
                content_type=self.content_type,
                base_content_type=self.base_content_type,
                object_id=str(page.pk),
                created_at=self.at,
                user=self.user,
                object_str=str(page),
                content=page.serializable_data(),
            )
            for page in pages
        )
        revision = Revision.objects.filter(
            base_content_type=self.base_content_type, object_id=Cast(OuterRef("pk"), CharField())
        ).values("pk")[:1]
        held = Page.objects.filter(pk__in=[page.pk for page in pages])
        if self.is_live:
            held.update(latest_revision=Subquery(revision), live_revision=Subquery(revision))
        else:
            held.update(latest_revision=Subquery(revision))


def insert_references(pages: Iterable[ProductPage]) -> None:
    """Write the reference index of pages that have no rows in it."""
    content_type = ContentType.objects.get_for_model(ProductPage)
    base_content_type = ContentType.objects.get_for_model(Page)
    ReferenceIndex.objects.bulk_create(
        (
            ReferenceIndex(
                content_type=content_type,
                base_content_type=base_content_type,
                object_id=page.pk,
                to_content_type_id=to_content_type_id,
                to_object_id=to_object_id,
                model_path=model_path,
                content_path=content_path,
                content_path_hash=ReferenceIndex._get_content_path_hash(content_path),
            )
            for page in pages
            for to_content_type_id, to_object_id, model_path, content_path in set(
                ReferenceIndex._extract_references_from_object(page)
            )
        ),
        batch_size=2000,
    )
