"""What the cart's page shows beside the cart: goods that go well with what is in it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.http import HttpRequest

from search.models import ProductIndex
from search.selectors.summaries import COLUMNS, summarise
from search.selectors.tree import CategoryTree
from search.values import ProductSummary
from shop.cart.priced import PricedCart
from shop.catalogue.models import ProductRelation

MOST = 4
# A full cart leads to hundreds of goods; the first of them are enough to find four different ones.
MOST_LOOKED_AT = 40


def list_cross_sells(*, product_ids: Collection[int], currency: str) -> list[ProductSummary]:
    """
    At most four products that merchandisers put beside these, that can be bought now and are not among them.

    One SQL statement, and one for their pictures.
    """
    if not product_ids:
        return []
    entries = ProductIndex.objects.filter(
        currency=currency,
        in_stock=True,
        product__related_from__page_id__in=product_ids,
        product__related_from__kind=ProductRelation.Kind.CROSS_SELL,
    ).exclude(product_id__in=product_ids)
    rows = entries.order_by("product__related_from__sort_order", "-popularity", "product_id")
    chosen = {row["product_id"]: row for row in rows.values(*COLUMNS)[:MOST_LOOKED_AT]}
    # Cards name no categories.
    return summarise(list(chosen.values())[:MOST], tree=CategoryTree([]), with_variants=False)


def cart_context(request: HttpRequest, cart: PricedCart) -> dict[str, Any]:
    """What goes well with a cart."""
    product_ids = {line.product_id for line in cart.lines if line.product_id}
    return {"cross_sells": list_cross_sells(product_ids=product_ids, currency=cart.currency)}
