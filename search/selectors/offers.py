"""What the index keeps of each variant: everything but its stock, which changes with every order."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from shop.catalogue.bundles import list_shipped, load_parts
from shop.catalogue.models import ProductVariant, VariantAttribute, VariantImage
from shop.core.money import Money
from shop.pricing.models import PriceList
from shop.pricing.selectors import PricingContext, Quote, lowest_prices_30_days, quote_prices

MOMENTS = ("available_from", "available_until")
# Columns of a variant that an offer keeps as they are, moments as texts.
FURTHER = ("weight_grams", "length_mm", "width_mm", "height_mm", "max_per_order", *MOMENTS)
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
        .values("pk", "product_id", "sku", "title", "image_id", "barcode", *FURTHER)
    )
    ids = [variant["pk"] for variant in variants]
    attributes = _load_attributes(ids)
    shipped, parts = list_shipped(ids), load_parts(ids)
    pictures = _load_pictures(ids)
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
                offer["requires_shipping"] = variant["pk"] in shipped
                offer["components"] = [
                    [part.sku, part.title, part.quantity] for part in parts.get(variant["pk"], ())
                ]
                offer["images"] = pictures.get(variant["pk"], [])
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
        **{name: variant[name] for name in FURTHER if name not in MOMENTS},
        **{name: _as_text(variant[name]) for name in MOMENTS},
    }


def is_too_early(offer: Mapping[str, Any], at: datetime) -> bool:
    """Whether the sale of the offer begins only later. Rows indexed before there were windows have none."""
    begins = offer.get("available_from")
    return begins is not None and at < datetime.fromisoformat(begins)


def is_too_late(offer: Mapping[str, Any], at: datetime) -> bool:
    """Whether the sale of the offer has ended."""
    ends = offer.get("available_until")
    return ends is not None and at >= datetime.fromisoformat(ends)


def is_in_window(offer: Mapping[str, Any], at: datetime) -> bool:
    """Whether the offer is on sale at that moment by its own dates."""
    return not is_too_early(offer, at) and not is_too_late(offer, at)


def counted_offers(offers: Sequence[Offer], at: datetime) -> Sequence[Offer]:
    """The offers that a list speaks of: those on sale, or all of them while none is."""
    return [offer for offer in offers if is_in_window(offer, at)] or offers


def _as_text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _load_pictures(variant_ids: Collection[int]) -> dict[int, list[tuple[int, str]]]:
    """Per variant, its further pictures with their texts, in their order."""
    pictures: dict[int, list[tuple[int, str]]] = {}
    rows = VariantImage.objects.filter(variant_id__in=variant_ids).order_by("sort_order", "pk")
    for variant_id, image_id, text in rows.values_list("variant_id", "image_id", "alt_text"):
        pictures.setdefault(variant_id, []).append((image_id, text))
    return pictures


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
