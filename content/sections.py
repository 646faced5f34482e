"""
The sections of a page as templates draw them: frozen values, everything looked up beforehand.

Built from the stored JSON of a StreamField rather than from Wagtail's block values, which fetch per
kind of block and of chooser: here a page costs one query each for product cards, categories, pages,
documents and pictures, whatever it holds. What is not live and public is left out on the way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from wagtail.blocks import StreamValue
from wagtail.rich_text.rewriters import FIND_A_TAG as A_TAG
from wagtail.rich_text.rewriters import EmbedRewriter, LinkRewriter, MultiRuleRewriter, extract_attrs

from content.pictures import load_pictures
from content.selectors import (
    CategoryTarget,
    list_category_targets,
    list_document_urls,
    list_page_urls,
)
from search.selectors import list_products_by_ids
from search.selectors.tree import CategoryTree
from search.values import ImageData, ProductSummary

Raw = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Link:
    """A link that leads somewhere a shopper may go."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Section:
    """One section: the template that draws it and its values by name."""

    kind: str
    anchor: str
    values: Mapping[str, Any]

    @property
    def template(self) -> str:
        """The template that draws it."""
        return f"content/sections/{self.kind}.html"


@dataclass(frozen=True, slots=True)
class Tile:
    """A picture link to a category."""

    label: str
    url: str
    picture: ImageData | None


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its answer as HTML."""

    question: str
    answer: SafeString


@dataclass(slots=True)
class Wanted:
    """The keys that a page's sections point at."""

    products: set[int] = field(default_factory=set)
    categories: set[int] = field(default_factory=set)
    pages: set[int] = field(default_factory=set)
    documents: set[int] = field(default_factory=set)
    pictures: set[int | None] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Found:
    """What was found for them."""

    products: Mapping[int, ProductSummary]
    categories: Mapping[int, CategoryTarget]
    pages: Mapping[int, str]
    documents: Mapping[int, str]
    pictures: Mapping[int, ImageData]


def build_sections(body: StreamValue) -> list[Section]:
    """All sections of a page; one without anything left to show is dropped."""
    return _build([(item["type"], item["value"], item.get("id") or "") for item in body.raw_data])


def build_section(kind: str, value: Raw) -> Section | None:
    """One section from its stored value, for a block that is drawn alone."""
    sections = _build([(kind, value, "")])
    return sections[0] if sections else None


def expand_rich_text(sources: Sequence[str]) -> list[SafeString]:
    """Rich texts as HTML, their links to pages and documents looked up together."""
    wanted = Wanted()
    for source in sources:
        _want_rich_text(source, wanted)
    found = _find(wanted)
    return [_rich_text(source, found) for source in sources]


def _build(items: Sequence[tuple[str, Any, str]]) -> list[Section]:
    wanted = Wanted()
    for kind, value, _ in items:
        _WANT[kind](value, wanted)
    found = _find(wanted)
    sections = []
    for kind, value, anchor in items:
        values = _SHOW[kind](value, found)
        if values is not None:
            sections.append(Section(kind, anchor, values))
    return sections


def _find(wanted: Wanted) -> Found:
    # Cards do not name categories, so that the tree need not be read for them.
    products = list_products_by_ids(product_ids=sorted(wanted.products), tree=CategoryTree([]))
    categories = list_category_targets(category_ids=wanted.categories)
    wanted.pictures.update(category.image_id for category in categories.values())
    pictures = load_pictures(wanted.pictures)
    return Found(
        products={product.id: product for product in products},
        categories=categories,
        pages=list_page_urls(page_ids=wanted.pages),
        documents=list_document_urls(document_ids=wanted.documents),
        pictures=pictures,
    )


# -- what each kind of section points at -----------------------------------------------------------------


def _items(value: Any) -> Iterable[Any]:
    """The entries of a stored list, which older data holds bare and newer data in ``{"value": …}``."""
    for item in value or []:
        yield item["value"] if isinstance(item, Mapping) and "value" in item and "type" in item else item


def _want_link(link: Raw | None, wanted: Wanted) -> None:
    if link and link.get("page"):
        wanted.pages.add(link["page"])
    if link and link.get("category"):
        wanted.categories.add(link["category"])


def _want_rich_text(source: str, wanted: Wanted) -> None:
    for found in A_TAG.findall(source):
        attrs = extract_attrs(found)
        target = attrs.get("id", "")
        if target.isdigit() and attrs.get("linktype") == "page":
            wanted.pages.add(int(target))
        elif target.isdigit() and attrs.get("linktype") == "document":
            wanted.documents.add(int(target))


def _want_hero(value: Raw, wanted: Wanted) -> None:
    wanted.pictures.add(value.get("image"))
    for link in _items(value.get("links")):
        _want_link(link, wanted)


def _want_image_text(value: Raw, wanted: Wanted) -> None:
    wanted.pictures.add(value.get("image"))
    _want_link(value.get("link"), wanted)
    _want_rich_text(value.get("text") or "", wanted)


def _want_product_grid(value: Raw, wanted: Wanted) -> None:
    wanted.products.update(key for key in _items(value.get("products")) if key)
    _want_link(value.get("link"), wanted)


def _want_category_tiles(value: Raw, wanted: Wanted) -> None:
    for tile in _items(value.get("tiles")):
        if tile.get("category"):
            wanted.categories.add(tile["category"])
        wanted.pictures.add(tile.get("image"))


def _want_paragraph(value: Raw, wanted: Wanted) -> None:
    _want_rich_text(value.get("text") or "", wanted)


def _want_faq(value: Raw, wanted: Wanted) -> None:
    for item in _items(value.get("items")):
        _want_rich_text(item.get("answer") or "", wanted)


def _want_nothing(value: Raw, wanted: Wanted) -> None:
    """Quotes and promises are words only."""


# -- what each kind of section shows ---------------------------------------------------------------------


def _link(link: Raw | None, found: Found) -> Link | None:
    if not link or not link.get("text"):
        return None
    if link.get("page"):
        url = found.pages.get(link["page"], "")
    elif link.get("category"):
        category = found.categories.get(link["category"])
        url = category.url if category else ""
    else:
        url = link.get("url") or ""
    return Link(link["text"], url) if url else None


def _rich_text(source: str, found: Found) -> SafeString:
    def page(attrs: Mapping[str, str]) -> str:
        return _anchor(found.pages.get(int(attrs["id"])) if attrs.get("id", "").isdigit() else None)

    def document(attrs: Mapping[str, str]) -> str:
        return _anchor(found.documents.get(int(attrs["id"])) if attrs.get("id", "").isdigit() else None)

    rewrite = MultiRuleRewriter(
        [LinkRewriter(rules={"page": page, "document": document}), EmbedRewriter(rules={})]
    )
    # Rich text was cleaned to the features of its block when it was saved.
    return mark_safe(rewrite(source or ""))


def _anchor(url: str | None) -> str:
    return f'<a href="{escape(url)}">' if url else "<a>"


def _show_hero(value: Raw, found: Found) -> Mapping[str, Any]:
    links = [link for link in (_link(raw, found) for raw in _items(value.get("links"))) if link]
    return {
        "eyebrow": value.get("eyebrow") or "",
        "heading": value.get("heading") or "",
        "text": value.get("text") or "",
        "tone": value.get("tone") or "accent",
        "picture": found.pictures.get(value.get("image") or 0),
        "links": links,
    }


def _show_image_text(value: Raw, found: Found) -> Mapping[str, Any]:
    return {
        "eyebrow": value.get("eyebrow") or "",
        "heading": value.get("heading") or "",
        "text": _rich_text(value.get("text") or "", found),
        "picture": found.pictures.get(value.get("image") or 0),
        "link": _link(value.get("link"), found),
        "side": value.get("image_side") or "left",
    }


def _show_product_grid(value: Raw, found: Found) -> Mapping[str, Any] | None:
    products = [found.products[key] for key in _items(value.get("products")) if key in found.products]
    if not products:
        return None
    return {
        "heading": value.get("heading") or "",
        "text": value.get("text") or "",
        "products": products,
        "link": _link(value.get("link"), found),
        "layout": value.get("layout") or "grid",
    }


def _show_category_tiles(value: Raw, found: Found) -> Mapping[str, Any] | None:
    tiles = []
    for tile in _items(value.get("tiles")):
        category = found.categories.get(tile.get("category") or 0)
        if category is None:
            continue
        # The name stands beside the picture, so that the picture itself is decoration.
        picture = found.pictures.get(tile.get("image") or category.image_id or 0)
        tiles.append(Tile(tile.get("label") or category.name, category.url, picture))
    return {"heading": value.get("heading") or "", "tiles": tiles} if tiles else None


def _show_paragraph(value: Raw, found: Found) -> Mapping[str, Any]:
    return {"text": _rich_text(value.get("text") or "", found)}


def _show_words(value: Raw, found: Found) -> Mapping[str, Any]:
    return {key: entry for key, entry in value.items() if isinstance(entry, str)}


def _show_faq(value: Raw, found: Found) -> Mapping[str, Any]:
    items = [
        Question(item.get("question") or "", _rich_text(item.get("answer") or "", found))
        for item in _items(value.get("items"))
    ]
    return {"heading": value.get("heading") or "", "items": items}


def _show_promises(value: Raw, found: Found) -> Mapping[str, Any]:
    return {"items": list(_items(value.get("items")))}


_WANT = {
    "hero": _want_hero,
    "image_text": _want_image_text,
    "product_grid": _want_product_grid,
    "category_tiles": _want_category_tiles,
    "promises": _want_nothing,
    "paragraph": _want_paragraph,
    "quote": _want_nothing,
    "faq": _want_faq,
}
_SHOW = {
    "hero": _show_hero,
    "image_text": _show_image_text,
    "product_grid": _show_product_grid,
    "category_tiles": _show_category_tiles,
    "promises": _show_promises,
    "paragraph": _show_paragraph,
    "quote": _show_words,
    "faq": _show_faq,
}
