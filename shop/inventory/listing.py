"""Stock on the list of all products."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import django_filters
from django.db.models import F
from wagtail.query import PageQuerySet

from shop.catalogue.listing import ListingColumn, register_listing_columns
from shop.core import clock
from shop.inventory.allocation import StockStatus
from shop.inventory.models import StockItem
from shop.inventory.selectors import get_stock, with_free

STOCK = "stock.status"
# The best that any variant offers is what a product is called.
BEST_FIRST = (StockStatus.IN_STOCK, StockStatus.LOW, StockStatus.BACKORDER, StockStatus.OUT_OF_STOCK)


class StockListing:
    """How a product stands, and how many pieces of all variants can be sold."""

    order = 20

    def columns(self) -> list[ListingColumn]:
        """Return one column."""
        return [ListingColumn(name=STOCK, label="Stock")]

    def load(self, variants: Mapping[int, Sequence[int]]) -> dict[int, dict[str, str]]:
        """Return ``In stock: 24``."""
        stock = get_stock([pk for held in variants.values() for pk in held])
        cells = {}
        for product_id, keys in variants.items():
            found = [stock[pk] for pk in keys if pk in stock]
            if found:
                best = min((held.status for held in found), key=BEST_FIRST.index)
                available = sum(held.available for held in found)
                cells[product_id] = {STOCK: f"{StockStatus(best).label}: {available:,}"}
        return cells

    def filters(self) -> dict[str, django_filters.Filter]:
        """Return the filter by what there is."""
        choices = [("in_stock", "In stock"), ("low", "Some variant is low"), ("out_of_stock", "Nothing left")]
        return {"stock": StockFilter(label="Stock", choices=choices)}


class StockFilter(django_filters.ChoiceFilter):
    """Products by the shelves of their own variants in the warehouses in use."""

    def filter(self, queryset: PageQuerySet, value: str | None) -> PageQuerySet:
        """Keep what stands so."""
        if not value:
            return queryset
        items = StockItem.objects.filter(
            warehouse__is_active=True, variant__archived_at__isnull=True, variant__product__isnull=False
        )
        free = with_free(items, at=clock.now()).order_by()
        there = free.filter(free__gt=0)  # type: ignore[misc]
        if value == "low":
            there = there.filter(free__lte=F("low_stock_threshold"))  # type: ignore[misc]
        products = there.values("variant__product_id")
        return (
            queryset.exclude(pk__in=products) if value == "out_of_stock" else queryset.filter(pk__in=products)
        )


def register() -> None:
    """Bring the column and the filter to the list; called once when the app is ready."""
    register_listing_columns(StockListing())
