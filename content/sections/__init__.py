"""
The sections of a page as templates draw them: frozen values, everything looked up beforehand.

Built from the stored JSON of a StreamField rather than from Wagtail's block values, which fetch per
kind of block and of chooser: here a page costs one query each for product cards, categories, pages,
documents and pictures, whatever it holds. What is not live and public is left out on the way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.safestring import SafeString
from wagtail.blocks import StreamValue

from content.pictures import load_pictures
from content.sections import goods, media, moments, words
from content.sections.linking import show_rich_text, want_rich_text
from content.sections.values import Found, Link, ListWish, Raw, Section, Wanted
from content.selectors import (
    list_category_targets,
    list_collection_slugs,
    list_document_urls,
    list_page_urls,
)
from search.selectors import list_products, list_products_by_ids
from search.selectors.tree import CategoryTree, load_tree
from search.values import ProductFilter, ProductSummary

__all__ = ["Link", "Section", "build_section", "build_sections", "expand_rich_text"]

KINDS: Mapping[
    str, tuple[Callable[[Raw, Wanted], None], Callable[[Raw, Found], Mapping[str, Any] | None]]
] = {
    "hero": (words.want_hero, words.show_hero),
    "image_text": (words.want_image_text, words.show_image_text),
    "product_grid": (goods.want_product_grid, goods.show_product_grid),
    "product_list": (goods.want_product_list, goods.show_product_list),
    "category_tiles": (goods.want_category_tiles, goods.show_category_tiles),
    "hot_spots": (goods.want_hot_spots, goods.show_hot_spots),
    "banner": (moments.want_banner, moments.show_banner),
    "countdown": (moments.want_countdown, moments.show_countdown),
    "promises": (words.want_nothing, words.show_promises),
    "paragraph": (words.want_paragraph, words.show_paragraph),
    "quote": (words.want_nothing, words.show_words),
    "testimonials": (words.want_testimonials, words.show_testimonials),
    "faq": (words.want_faq, words.show_faq),
    "video": (media.want_video, media.show_video),
    "table": (words.want_nothing, media.show_table),
    "newsletter": (words.want_nothing, words.show_words),
    "raw_html": (words.want_nothing, media.show_raw_html),
}

NOTHING = "There is nothing to show in it yet."
WHY_EMPTY: Mapping[str, str] = {
    "product_grid": "None of its products is live and for sale. Publish one, or choose others.",
    "product_list": "No live product meets its conditions, or its collection or category is not live.",
    "category_tiles": "None of its categories is live.",
    "hot_spots": "It has no picture yet.",
    "banner": "It is outside of its time: see “Shown from” and “Shown until”.",
    "countdown": "Its time is over, and it has no text for afterwards.",
    "video": "It has no film yet.",
    "table": "Its cells are empty.",
    "raw_html": "It is empty.",
}


def build_sections(body: StreamValue, *, is_preview: bool = False) -> list[Section]:
    """
    All sections of a page; one without anything left to show is dropped.

    In a preview it is replaced by a note that says why, to whoever is editing.
    """
    stored = [(item["type"], item["value"], item.get("id") or "") for item in body.raw_data]
    return _build(stored, is_preview=is_preview)


def build_section(kind: str, value: Raw) -> Section | None:
    """One section from its stored value, for a block that is drawn alone."""
    sections = _build([(kind, value, "")])
    return sections[0] if sections else None


def expand_rich_text(sources: Sequence[str]) -> list[SafeString]:
    """Rich texts as HTML, their links to pages and documents looked up together."""
    wanted = Wanted()
    for source in sources:
        want_rich_text(source, wanted)
    found = _find(wanted)
    return [show_rich_text(source, found) for source in sources]


def _build(items: Sequence[tuple[str, Any, str]], *, is_preview: bool = False) -> list[Section]:
    wanted = Wanted()
    for kind, value, _ in items:
        KINDS[kind][0](value, wanted)
    found = _find(wanted)
    sections = []
    for kind, value, anchor in items:
        values = KINDS[kind][1](value, found)
        if values is not None:
            sections.append(Section(kind, anchor, values))
        elif is_preview:
            sections.append(Section("empty_state", anchor, {"reason": WHY_EMPTY.get(kind, NOTHING)}))
    return sections


def _find(wanted: Wanted) -> Found:
    # Cards do not name categories, so that the tree need not be read for them.
    products = list_products_by_ids(product_ids=sorted(wanted.products), tree=CategoryTree([]))
    categories = list_category_targets(category_ids=wanted.categories)
    wanted.pictures.update(category.image_id for category in categories.values())
    return Found(
        products={product.id: product for product in products},
        lists=_find_lists(wanted, {key: category.slug for key, category in categories.items()}),
        categories=categories,
        pages=list_page_urls(page_ids=wanted.pages),
        documents=list_document_urls(document_ids=wanted.documents),
        pictures=load_pictures(wanted.pictures),
    )


def _find_lists(
    wanted: Wanted, categories: Mapping[int, str]
) -> Mapping[ListWish, tuple[ProductSummary, ...]]:
    """Products of each list; one whose category or collection is not public has none."""
    if not wanted.lists:
        return {}
    collections = list_collection_slugs(
        collection_ids={wish.collection for wish in wanted.lists if wish.collection}
    )
    tree = load_tree()
    found = {}
    for wish in wanted.lists:
        category = categories.get(wish.category or 0)
        collection = collections.get(wish.collection or 0)
        if (wish.category and not category) or (wish.collection and not collection):
            continue
        filters = ProductFilter(
            category=category,
            collection=collection,
            on_sale=wish.on_sale or None,
            in_stock=wish.in_stock or None,
        )
        found[wish] = list_products(filters=filters, sort=wish.sort, first=wish.limit, tree=tree).products
    return found
