"""Goods and pictures of the shop itself, for the previews of blocks in the admin."""

from __future__ import annotations

from wagtail.images import get_image_model


def some_products(count: int) -> list[int]:
    """Keys of the newest products, at most ``count``."""
    from search.selectors import list_products

    return [product.id for product in list_products(first=count).products]


def some_categories(count: int) -> list[int]:
    """Keys of the first public categories, at most ``count``."""
    from shop.catalogue.selectors import list_visible_categories

    return list(list_visible_categories().values_list("pk", flat=True)[:count])


def a_picture() -> int | None:
    """The key of one picture, if there is any."""
    key: int | None = get_image_model().objects.order_by("pk").values_list("pk", flat=True).first()
    return key
