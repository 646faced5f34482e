"""What the index keeps of each variant: everything but its stock, which changes with every order."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from shop.catalogue.models import ProductVariant, VariantAttribute
from shop.core.money import Money
from shop.pricing.models import PriceList
from shop.pricing.selectors import PricingContext, Quote, lowest_prices_30_days, quote_prices

Offer = dict[str, Any]
"""A variant as JSON, as `_offer` makes it."""


def list_currencies() -> list[str]:
    """Every currency that the shop has a base price list in use for."""
    lists = PriceList.objects.filter(kind=PriceList.Kind.BASE, is_active=True)
    return list(lists.order_by("currency").values_list("currency", flat=True).distinct())


def load_offers(
    product_ids: Collection[int], *, currencies: Iterable[str], at: datetime
) -> dict[str, dict[int, list[Offer]]]:
    """
    Per currency and product, the active variants that have a price for everybody at that moment, in their
    own order.
    """
    variants = list(
        ProductVariant.objects.active()
        .filter(product_id__in=product_ids)
        .order_by("product_id", "sort_order", "pk")
        .values("pk", "product_id", "sku", "title", "image_id", "barcode", "weight_grams")
    )
    ids = [variant["pk"] for variant in variants]
    attributes = _load_attributes(ids)
    offers: dict[str, dict[int, list[Offer]]] = {}
    for currency in currencies:
        context = PricingContext(currency=currency, at=at)
        quotes = quote_prices(variant_ids=ids, context=context) if ids else {}
        # Fixed while a reduction lasts, so it can be kept beside the price.
        reduced = [variant_id for variant_id, quote in quotes.items() if quote.is_reduced]
        lowest = lowest_prices_30_days(variant_ids=reduced, context=context) if reduced else {}
        in_currency = offers.setdefault(currency, {})
        for variant in variants:
            if quote := quotes.get(variant["pk"]):
                offer = _offer(
                    dict(variant), quote, lowest.get(variant["pk"]), attributes.get(variant["pk"], [])
                )
                in_currency.setdefault(variant["product_id"], []).append(offer)
    return offers


def _offer(variant: dict[str, Any], quote: Quote, lowest: Money | None, attributes: list[list[Any]]) -> Offer:
    return {
        "id": variant["pk"],
        "sku": variant["sku"],
        "title": variant["title"] or " / ".join(attribute[2] for attribute in attributes),
        "price": f"{quote.amount.amount:f}",
        "compare_at": f"{quote.compare_at.amount:f}" if quote.compare_at else None,
        "lowest": f"{lowest.amount:f}" if lowest else None,
        "attributes": attributes,
        "image_id": variant["image_id"],
        "barcode": variant["barcode"],
        "weight_grams": variant["weight_grams"],
    }


def _load_attributes(variant_ids: Collection[int]) -> dict[int, list[list[Any]]]:
    """Per variant, the fields of `AttributeData` in their order, the swatch's picture by its key."""
    rows = (
        VariantAttribute.objects.filter(variant_id__in=variant_ids)
        .order_by("attribute__sort_order", "attribute__name", "pk")
        .values_list(
            "variant_id",
            "attribute__slug",
            "attribute__name",
            "value__label",
            "value__slug",
            "attribute__kind",
            "value__swatch",
            "attribute__unit",
            "value__swatch_image_id",
        )
    )
    attributes: dict[int, list[list[Any]]] = {}
    for variant_id, *fields in rows:
        attributes.setdefault(variant_id, []).append(fields)
    return attributes
