"""Price lists and their prices, and for whom and when they count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from shop.core.selectors import get_shop_settings
from shop.pricing.models import PlannedPrice, Price, PriceHistory, PriceList


@dataclass(frozen=True, slots=True)
class PricingContext:
    """For whom and when prices are asked: what a quote depends on besides the variant and the quantity."""

    currency: str
    at: datetime
    customer_group_id: int | None = None
    site_id: int | None = None


def list_serving_price_lists(context: PricingContext) -> QuerySet[PriceList]:
    """List the price lists that serve this shopper at this moment."""
    return PriceList.objects.valid_at(context.at).filter(serves(context))


def ask_for_price_groups() -> QuerySet[Any, Any]:
    """
    The question, for ``read_together``, which lists are in use: currency, kind and customer group of each.
    """
    rows: QuerySet[Any, Any] = (
        PriceList.objects.filter(is_active=True)
        .order_by()
        .values_list("currency", "kind", "customer_group_id")
        .distinct()
    )
    return rows


def serves(context: PricingContext) -> Q:
    """The condition on a price list that it counts for this shopper, whenever."""
    return (
        Q(currency=context.currency)
        & (Q(customer_group__isnull=True) | Q(customer_group_id=context.customer_group_id))
        & (Q(site__isnull=True) | Q(site_id=context.site_id))
    )


def get_base_price_list(currency: str = "") -> PriceList:
    """
    Return the base list that everybody's prices come from: the one of the highest priority in the currency.

    :param currency: the shop's default currency when empty
    :raises PriceList.DoesNotExist: while the shop has none; ``services.ensure_base_price_list`` makes one
    """
    wanted = currency or get_shop_settings().default_currency
    found = (
        PriceList.objects.filter(
            kind=PriceList.Kind.BASE, currency=wanted, customer_group=None, site=None, is_active=True
        )
        .order_by("-priority", "code")
        .first()
    )
    if found is None:
        raise PriceList.DoesNotExist(
            f"There is no base price list in {wanted}. Add one under Prices → Price lists."
        )
    return found


def list_prices(*, price_list: PriceList, search: str = "") -> QuerySet[Price]:
    """List the prices of a list with variant and product loaded, by SKU."""
    prices = Price.objects.filter(price_list=price_list).select_related("variant", "variant__product")
    if search:
        prices = prices.filter(
            Q(variant__sku__icontains=search)
            | Q(variant__barcode=search)
            | Q(variant__product__title__icontains=search)
        )
    return prices.order_by("variant__sku", "min_quantity")


def list_price_history(*, variant_id: int) -> QuerySet[PriceHistory]:
    """List what a variant has cost, the latest change first, with the people who changed it."""
    return PriceHistory.objects.filter(variant_id=variant_id).select_related("actor")


def list_planned_prices(
    *, price_list: PriceList | None = None, variant_id: int | None = None
) -> QuerySet[PlannedPrice]:
    """List what is planned and has not come about yet, the next first, of one list or one variant."""
    planned = PlannedPrice.objects.open().select_related("price_list", "variant__product", "actor")
    if price_list is not None:
        planned = planned.filter(price_list=price_list)
    if variant_id is not None:
        planned = planned.filter(variant_id=variant_id)
    return planned.order_by("starts_at", "pk")
