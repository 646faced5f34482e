"""Products that can be bought, for tests of lists, search and product pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import Any
from unittest.mock import patch

from search import consumers
from search.services import index_products
from shop.catalogue.models import ProductPage, ProductVariant
from tests.factories.catalogue import ProductFactory, VariantFactory
from tests.factories.inventory import StockItemFactory
from tests.factories.pricing import PriceFactory


def product_on_sale(
    *,
    title: str = "Reading lamp",
    price: str | Sequence[str] = "10.00",
    compare_at: str | None = None,
    on_hand: int = 10,
    skus: Sequence[str] = (),
    variant_attributes: Sequence[dict[str, str]] = (),
    **product: Any,
) -> ProductPage:
    """
    A live product with a priced and stocked variant per price.

    `variant_attributes` says of each variant, in order, which values it has: `[{"colour": "red"},
    {"colour": "blue"}]`.
    """
    with _indexed_once():
        page = ProductFactory(title=title, **product)
        for number, amount in enumerate([price] if isinstance(price, str) else price):
            extra: dict[str, Any] = {"sku": skus[number]} if skus else {}
            if variant_attributes:
                extra["attributes"] = variant_attributes[number]
            sellable_variant(page, amount, compare_at=compare_at, on_hand=on_hand, **extra)
    return page


@contextmanager
def _indexed_once() -> Iterator[None]:
    """Index the goods when they are whole, not after each part of them: the same rows in less time."""
    changed: set[int] = set()
    asked: dict[str, bool] = {}

    def note(products: Iterable[int], **options: bool) -> None:
        changed.update(products)
        asked.update(options)

    with patch.object(consumers, "index_products", note):
        yield
    index_products(changed, **asked)


def sellable_variant(
    page: ProductPage,
    price: str = "10.00",
    *,
    compare_at: str | None = None,
    on_hand: int = 10,
    **variant: Any,
) -> ProductVariant:
    """A variant of the product with price and stock."""
    made = VariantFactory(product=page, **variant)
    PriceFactory(variant=made, amount=price, compare_at=Decimal(compare_at) if compare_at else None)
    StockItemFactory(variant=made, on_hand=on_hand)
    return made
