"""Prices on the list of all products: what shoppers pay, and filters by it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import django_filters
from django.db.models import F, QuerySet
from wagtail.query import PageQuerySet

from shop.catalogue.listing import ListingColumn, register_listing_columns
from shop.core import clock
from shop.core.money import format_money
from shop.core.selectors import get_shop_settings
from shop.pricing.models import Price, PriceList
from shop.pricing.selectors import PricingContext, list_serving_price_lists, quote_prices

PRICE = "price.quoted"


class PriceListing:
    """The range of what the variants cost everybody now, in the shop's currency."""

    order = 10

    def columns(self) -> list[ListingColumn]:
        """Return one column."""
        return [ListingColumn(name=PRICE, label="Price")]

    def load(self, variants: Mapping[int, Sequence[int]]) -> dict[int, dict[str, str]]:
        """Return ``€12.00`` or ``€12.00 to €15.00``, and whether some of it is reduced."""
        context = _everybody()
        quotes = quote_prices(variant_ids=[pk for held in variants.values() for pk in held], context=context)
        cells = {}
        for product_id, keys in variants.items():
            found = [quotes[pk] for pk in keys if pk in quotes]
            if found:
                prices = sorted((quote.amount for quote in found), key=lambda price: price.amount)
                ends = dict.fromkeys(format_money(price) for price in (prices[0], prices[-1]))
                reduced = ", reduced" if any(quote.is_reduced for quote in found) else ""
                cells[product_id] = {PRICE: " to ".join(ends) + reduced}
            elif keys:
                cells[product_id] = {PRICE: "No price"}
        return cells

    def filters(self) -> dict[str, django_filters.Filter]:
        """Return the filters by amount and by reduction."""
        return {
            "price": PriceRangeFilter(label="Price, from and to"),
            "is_reduced": ReducedFilter(label="Price is reduced"),
        }


class PriceRangeFilter(django_filters.RangeFilter):
    """Products with a variant whose base or sale price, for one piece, lies between two amounts."""

    def filter(self, queryset: PageQuerySet, value: Any) -> PageQuerySet:
        """Keep them; an end left open is open."""
        if not value:
            return queryset
        prices = _prices()
        if value.start is not None:
            prices = prices.filter(amount__gte=Decimal(value.start))
        if value.stop is not None:
            prices = prices.filter(amount__lte=Decimal(value.stop))
        return queryset.filter(pk__in=prices.values("variant__product_id"))


class ReducedFilter(django_filters.BooleanFilter):
    """Products with a price in a sale that runs, or one below the recommended price."""

    def filter(self, queryset: PageQuerySet, value: bool | None) -> PageQuerySet:
        """Keep them, or all others."""
        if value is None:
            return queryset
        in_sale = _prices().filter(price_list__kind=PriceList.Kind.SALE).values("variant__product_id")
        below = _prices().filter(compare_at__gt=F("amount")).values("variant__product_id")
        if value:
            return queryset.filter(pk__in=in_sale.union(below))
        return queryset.exclude(pk__in=in_sale).exclude(pk__in=below)


def _everybody() -> PricingContext:
    return PricingContext(currency=get_shop_settings().default_currency, at=clock.now())


def _prices() -> QuerySet[Price]:
    # No price without a product among them: "not in (…, NULL)" is true of nothing.
    return Price.objects.filter(
        price_list__in=list_serving_price_lists(_everybody()),
        min_quantity=1,
        variant__archived_at__isnull=True,
        variant__product__isnull=False,
    ).order_by()


def register() -> None:
    """Bring the column and the filters to the list; called once when the app is ready."""
    register_listing_columns(PriceListing())
