"""
What products say, in the form in which a revision stores it, and as values of columns.

A live product is what its rows say. A product that is not live is what its latest draft says: its rows
may be as old as its first save.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

from taggit.models import Tag
from wagtail.models import Revision

from shop.catalogue.models import (
    Attribute,
    ProductAttribute,
    ProductCategory,
    ProductMedia,
    ProductPage,
    ProductRelation,
    ProductTag,
)
from shop.spreadsheets.bodies import read_body
from shop.spreadsheets.lookups import Lookups

Content = dict[str, Any]

# Each list of a page: the model of its rows, its key to the page, and the columns of a row.
LISTS: Final[Mapping[str, tuple[Any, str, tuple[str, ...]]]] = {
    "product_categories": (ProductCategory, "page_id", ("category",)),
    "media": (ProductMedia, "page_id", ("image", "alt_text", "caption", "video_url", "video_file")),
    "product_attributes": (
        ProductAttribute,
        "page_id",
        ("attribute", "value", "text", "document", "page_reference"),
    ),
    "relations": (ProductRelation, "page_id", ("product", "kind")),
    "tagged_items": (ProductTag, "content_object_id", ("tag",)),
}
SCALARS: Final[Mapping[str, str]] = {
    "title": "title",
    "handle": "slug",
    "summary": "summary",
    "body": "body",
    "brand": "brand",
    "type": "product_type",
    "seo_title": "seo_title",
    "seo_description": "search_description",
}
RELATIONS: Final = ("related", "cross_sell", "up_sell")
MEDIA_PARTS: Final = ("src", "alt", "caption", "video")


def list_of(column: str) -> str:
    """The list of a page that a column is part of; nothing for one that is a field of the page."""
    if column.startswith("image."):
        return "media"
    if column.startswith("attr."):
        return "product_attributes"
    if column in RELATIONS:
        return "relations"
    return {"categories": "product_categories", "tags": "tagged_items"}.get(column, "")


def load_rows(page_ids: Sequence[int]) -> dict[int, dict[str, list[Any]]]:
    """The rows of every list of the pages, in a query for each list."""
    rows: dict[int, dict[str, list[Any]]] = {pk: {name: [] for name in LISTS} for pk in page_ids}
    for name, (model, owner, _) in LISTS.items():
        order = ("pk",) if model is ProductTag else ("sort_order", "pk")
        for row in model._default_manager.filter(**{f"{owner}__in": page_ids}).order_by(*order):
            rows[getattr(row, owner)][name].append(row)
    return rows


def row_content(row: Any, name: str) -> Content:
    """A row as a revision stores it."""
    model, owner, fields = LISTS[name]
    content = {"pk": row.pk, owner.removesuffix("_id"): getattr(row, owner)}
    if model is not ProductTag:
        content["sort_order"] = row.sort_order
    for field in fields:
        content[field] = getattr(row, model._meta.get_field(field).attname)
    return content


def row_from_content(content: Mapping[str, Any], name: str, *, page_id: int | None, position: int) -> Any:
    """The row that a revision stores as ``content``, in this place of the list."""
    model, owner, fields = LISTS[name]
    row = model(pk=content.get("pk"), **{owner: page_id})
    if model is not ProductTag:
        row.sort_order = position
    for field in fields:
        value = content.get(field)
        attname = model._meta.get_field(field).attname
        setattr(row, attname, "" if value is None and attname == field else value)
    return row


def content_of_rows(page: ProductPage, rows: Mapping[str, Sequence[Any]]) -> Content:
    """What a page and its rows say."""
    content: Content = {
        "title": page.title,
        "slug": page.slug,
        "summary": page.summary,
        "body": list(page.body.raw_data),
        "brand": page.brand_id,
        "product_type": page.product_type_id,
        "seo_title": page.seo_title,
        "search_description": page.search_description,
    }
    for name in LISTS:
        content[name] = [row_content(row, name) for row in rows[name]]
    return content


def load_drafts(pages: Sequence[ProductPage]) -> dict[int, Content]:
    """The latest revision of every page that is not live or has a draft beside what is live."""
    wanted = {
        page.latest_revision_id: page.pk
        for page in pages
        if page.latest_revision_id and (not page.live or page.has_unpublished_changes)
    }
    if not wanted:
        return {}
    contents = Revision.objects.filter(pk__in=wanted).values_list("pk", "content")
    return {wanted[pk]: dict(content) for pk, content in contents}


class ContentReader:
    """Turns contents into values of columns; handles and tags are looked up for all of them together."""

    def __init__(self, contents: Mapping[int, Content], lookups: Lookups) -> None:
        self.lookups = lookups
        products = {row["product"] for content in contents.values() for row in content.get("relations", ())}
        tags = {row["tag"] for content in contents.values() for row in content.get("tagged_items", ())}
        self.handles = dict(ProductPage.objects.filter(pk__in=products).values_list("pk", "slug_key"))
        self.tags = dict(Tag.objects.filter(pk__in=tags).values_list("pk", "name"))

    def read(self, content: Content) -> dict[str, Any]:
        values: dict[str, Any] = {
            column: content.get(field) or "" for column, field in SCALARS.items() if column != "body"
        }
        values["body"] = read_body(content.get("body"))
        values["brand"] = content.get("brand")
        values["type"] = content.get("product_type")
        values["categories"] = tuple(row["category"] for row in content.get("product_categories", ()))
        values["tags"] = tuple(
            sorted(
                self.tags[row["tag"]] for row in content.get("tagged_items", ()) if row["tag"] in self.tags
            )
        )
        self._read_relations(content, values)
        self._read_attributes(content, values)
        self._read_media(content, values)
        return values

    def _read_relations(self, content: Content, values: dict[str, Any]) -> None:
        for kind in RELATIONS:
            values[kind] = tuple(
                self.handles[row["product"]]
                for row in content.get("relations", ())
                if row["kind"] == kind and self.handles.get(row["product"])
            )

    def _read_attributes(self, content: Content, values: dict[str, Any]) -> None:
        found: dict[str, list[Any]] = defaultdict(list)
        for row in content.get("product_attributes", ()):
            slug = self.lookups.attribute_slugs.get(row["attribute"])
            if slug is not None:
                found[f"attr.{slug}"].append(_value_of(self.lookups.attributes[slug], row))
        values.update({name: tuple(held) for name, held in found.items()})

    @staticmethod
    def _read_media(content: Content, values: dict[str, Any]) -> None:
        for number, row in enumerate(content.get("media", ()), start=1):
            film = f"document:{row['video_file']}" if row.get("video_file") else row.get("video_url") or ""
            parts = (row["image"], row.get("alt_text") or "", row.get("caption") or "", film)
            for part, value in zip(MEDIA_PARTS, parts, strict=True):
                values[f"image.{number}.{part}"] = value


def _value_of(attribute: Attribute, row: Mapping[str, Any]) -> Any:
    if attribute.has_values:
        return row["value"]
    if attribute.kind == Attribute.Kind.FILE:
        return row.get("document")
    if attribute.kind == Attribute.Kind.REFERENCE:
        return row.get("page_reference")
    return row.get("text") or ""


class ContentWriter:
    """Puts new values of columns into a content; tags and related products must be there by now."""

    def __init__(self, *, tags: Mapping[str, int], products: Mapping[str, int], lookups: Lookups) -> None:
        self.tags = tags
        self.products = products
        self.lookups = lookups

    def write(self, content: Content, changes: Mapping[str, Any]) -> None:
        for column, value in changes.items():
            if column == "body":
                content["body"] = list(value.raw)
            elif column in SCALARS:
                content[SCALARS[column]] = value
            elif column == "categories":
                content["product_categories"] = [{"category": pk} for pk in value]
            elif column == "tags":
                content["tagged_items"] = [{"tag": self.tags[name]} for name in value]
            elif column in RELATIONS:
                others = [row for row in content["relations"] if row["kind"] != column]
                mine = [{"product": self.products[handle], "kind": column} for handle in value]
                content["relations"] = [*others, *mine]
            elif column.startswith("attr."):
                self._write_attribute(content, self.lookups.attributes[column.removeprefix("attr.")], value)
        media = {name: value for name, value in changes.items() if name.startswith("image.")}
        if media:
            content["media"] = written_media(content.get("media", ()), media)

    @staticmethod
    def _write_attribute(content: Content, attribute: Attribute, value: Sequence[Any]) -> None:
        field = {Attribute.Kind.FILE: "document", Attribute.Kind.REFERENCE: "page_reference"}.get(
            Attribute.Kind(attribute.kind), "value" if attribute.has_values else "text"
        )
        rows: list[Content] = list(content["product_attributes"])
        mine = [
            {"attribute": attribute.pk, "value": None, "text": "", "document": None, "page_reference": None}
            | {field: held}
            for held in value
        ]
        places = [index for index, row in enumerate(rows) if row["attribute"] == attribute.pk]
        start = places[0] if places else len(rows)
        kept = [row for row in rows if row["attribute"] != attribute.pk]
        content["product_attributes"] = [*kept[:start], *mine, *kept[start:]]


def written_media(rows: Sequence[Mapping[str, Any]], changes: Mapping[str, Any]) -> list[Content]:
    """The pictures of a product after ``image.N.*`` were set; those without a picture are left out."""
    found: dict[int, Content] = {number: dict(row) for number, row in enumerate(rows, start=1)}
    for name, value in changes.items():
        _, number, part = name.split(".")
        row = found.setdefault(int(number), {"image": None})
        row.pop("pk", None)
        if part == "video":
            is_file = str(value).startswith("document:")
            row["video_file"] = int(str(value).removeprefix("document:")) if is_file else None
            row["video_url"] = "" if is_file else value
        else:
            row[{"src": "image", "alt": "alt_text", "caption": "caption"}[part]] = value
    return [found[number] for number in sorted(found) if found[number].get("image") is not None]
