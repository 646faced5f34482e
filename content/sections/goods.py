"""Sections that lead into the catalogue: what each points at and what it shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from content.sections.linking import find_link, items, want_link
from content.sections.values import Found, ListWish, Raw, Spot, Tile, Wanted
from search.values import ProductSort, ProductSummary

MOST_LISTED = 12


def want_product_grid(value: Raw, wanted: Wanted) -> None:
    wanted.products.update(key for key in items(value.get("products")) if key)
    want_link(value.get("link"), wanted)


def show_product_grid(value: Raw, found: Found) -> Mapping[str, Any] | None:
    chosen = [found.products[key] for key in items(value.get("products")) if key in found.products]
    return _show_products(value, chosen, found)


def want_category_tiles(value: Raw, wanted: Wanted) -> None:
    for tile in items(value.get("tiles")):
        if tile.get("category"):
            wanted.categories.add(tile["category"])
        wanted.pictures.add(tile.get("image"))


def show_category_tiles(value: Raw, found: Found) -> Mapping[str, Any] | None:
    tiles = []
    for tile in items(value.get("tiles")):
        category = found.categories.get(tile.get("category") or 0)
        if category is None:
            continue
        # The name stands beside the picture, so that the picture itself is decoration.
        picture = found.pictures.get(tile.get("image") or category.image_id or 0)
        tiles.append(Tile(tile.get("label") or category.name, category.url, picture))
    return {"heading": value.get("heading") or "", "tiles": tiles} if tiles else None


def _wish(value: Raw) -> ListWish:
    sort = value.get("sort") or ""
    return ListWish(
        category=value.get("category") or None,
        collection=value.get("collection") or None,
        on_sale=bool(value.get("on_sale")),
        in_stock=bool(value.get("in_stock")),
        sort=ProductSort(sort) if sort in set(ProductSort) else None,
        limit=min(int(value.get("limit") or 8), MOST_LISTED),
    )


def want_product_list(value: Raw, wanted: Wanted) -> None:
    wish = _wish(value)
    wanted.lists.add(wish)
    if wish.category:
        wanted.categories.add(wish.category)
    want_link(value.get("link"), wanted)


def show_product_list(value: Raw, found: Found) -> Mapping[str, Any] | None:
    return _show_products(value, found.lists.get(_wish(value), ()), found)


def _show_products(value: Raw, products: Sequence[ProductSummary], found: Found) -> Mapping[str, Any] | None:
    if not products:
        return None
    return {
        "heading": value.get("heading") or "",
        "text": value.get("text") or "",
        "products": products,
        "link": find_link(value.get("link"), found),
        "layout": value.get("layout") or "grid",
    }


def want_hot_spots(value: Raw, wanted: Wanted) -> None:
    wanted.pictures.add(value.get("image"))
    wanted.products.update(spot["product"] for spot in items(value.get("spots")) if spot.get("product"))


def show_hot_spots(value: Raw, found: Found) -> Mapping[str, Any] | None:
    picture = found.pictures.get(value.get("image") or 0)
    if picture is None:
        return None
    shown = [spot for spot in items(value.get("spots")) if spot.get("product") in found.products]
    return {
        "heading": value.get("heading") or "",
        "text": value.get("text") or "",
        "picture": picture,
        "spots": [
            Spot(
                number=number,
                x=_part(picture.width, spot.get("x")),
                y=_part(picture.height, spot.get("y")),
                product=found.products[spot["product"]],
            )
            for number, spot in enumerate(shown, start=1)
        ],
        # Large enough for a finger on a phone, where the picture is some 350 pixels wide.
        "radius": picture.width // 26,
    }


def _part(size: int, percent: Any) -> int:
    return size * min(max(int(percent or 0), 0), 100) // 100
