"""What products are, as shoppers may see it: each attribute with its picture, its HTML or its link."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from wagtail.models import Page
from wagtail.rich_text import expand_db_html

from search.selectors.documents import list_public_documents
from search.values import AttributeData, ImageData
from shop.catalogue.models import Attribute, AttributeValue, ProductAttribute

Kind = Attribute.Kind
# What no text can hold, so that many are expanded together.
BETWEEN = "\x00"


def swatch_alts(values: Iterable[AttributeValue | None]) -> dict[int, str]:
    """The pictures of swatches, with texts for them."""
    return {value.swatch_image_id: value.label for value in values if value and value.swatch_image_id}


def read_attributes(
    rows: Sequence[ProductAttribute], *, images: Mapping[int, ImageData]
) -> Iterator[AttributeData | None]:
    """
    What each row says, None for a file or a page that not everybody may see.

    The rows' attributes and values must be loaded. Costs as many statements for a thousand rows as for one:
    none, and a few for each of files, references and formatted texts that is among them.
    """
    documents = list_public_documents({row.document_id for row in rows if row.document_id})
    pages = _public_pages({row.page_reference_id for row in rows if row.page_reference_id})
    texts = [row.text for row in rows if row.attribute.kind == Kind.RICH_TEXT]
    expanded = iter(expand_db_html(BETWEEN.join(texts)).split(BETWEEN) if texts else ())
    for row in rows:
        kind = row.attribute.kind
        if kind == Kind.FILE:
            yield _linked(row, documents.get(row.document_id or 0))
        elif kind == Kind.REFERENCE:
            yield _linked(row, pages.get(row.page_reference_id or 0))
        else:
            yield _plain(row, images, next(expanded) if kind == Kind.RICH_TEXT else "")


def _public_pages(ids: set[int]) -> dict[int, tuple[str, str]]:
    if not ids:
        return {}
    found = Page.objects.live().public().filter(pk__in=ids)
    return {page.pk: (page.title, url) for page in found if (url := page.get_url())}


def _linked(row: ProductAttribute, target: tuple[str, str] | None) -> AttributeData | None:
    if target is None:
        return None
    title, url = target
    attribute = row.attribute
    return AttributeData(slug=attribute.slug, name=attribute.name, value=title, kind=attribute.kind, url=url)


def _plain(row: ProductAttribute, images: Mapping[int, ImageData], html: str) -> AttributeData:
    attribute, value = row.attribute, row.value
    slug = value.slug if value else ""
    return AttributeData(
        slug=attribute.slug,
        name=attribute.name,
        value=row.display_value,
        value_slug=row.text if attribute.kind == Kind.BOOLEAN else slug,
        kind=attribute.kind,
        swatch=value.swatch if value else "",
        unit=attribute.unit,
        swatch_image=images.get(value.swatch_image_id or 0) if value else None,
        html=html,
    )
