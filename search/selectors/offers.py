"""What the index keeps of each variant: everything but its stock, which changes with every order."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import Any

from django.db.models import QuerySet

from shop.catalogue.bundles import SHIPS_NOTHING
from shop.catalogue.models import Attribute, BundleComponent, ProductVariant, VariantAttribute, VariantImage
from shop.core.money import Money
from shop.core.together import Row, read_together
from shop.pricing.models import PriceList
from shop.pricing.selectors import PricingContext, Quote, lowest_prices_30_days, quote_prices

MOMENTS = ("available_from", "available_until")
# Columns of a variant that an offer keeps as they are, moments as texts.
FURTHER = ("weight_grams", "length_mm", "width_mm", "height_mm", "max_per_order", *MOMENTS)
KIND = "product__product_type__kind"
VARIANT = ("product_id", "sort_order", "pk", "sku", "title", "image_id", "barcode", KIND)
ATTRIBUTE_ORDER = ("variant_id", "attribute__sort_order", "attribute__name", "pk")
ATTRIBUTE = (
    "attribute_id",
    "value_id",
    "attribute__slug",
    "attribute__name",
    "value__label",
    "value__slug",
    "attribute__kind",
    "value__swatch",
    "attribute__unit",
    "value__swatch_image_id",
)
PART = (
    "bundle_id",
    "sort_order",
    "pk",
    "component__sku",
    "component__product__title",
    "component__title",
    "quantity",
    "component__product__product_type__kind",
)
Offer = dict[str, Any]
"""A variant as JSON, as `_offer` makes it."""


def ask_for_currencies() -> QuerySet[Any, Any]:
    """Every currency that the shop has a base price list in use for."""
    lists = PriceList.objects.filter(kind=PriceList.Kind.BASE, is_active=True)
    rows: QuerySet[Any, Any] = lists.order_by().values_list("currency").distinct()
    return rows


@dataclass(frozen=True, slots=True)
class Goods:
    """The active variants of some products in their own order, and what is known of each but its price."""

    variants: Sequence[Mapping[str, Any]]
    attributes: Mapping[int, list[list[Any]]]
    """Per variant, the fields of `AttributeData` in their order, the swatch's picture by its key."""
    values: Mapping[int, list[tuple[int, int]]]
    """Per variant, the chosen values that products are filtered by: attribute and value."""
    parts: Mapping[int, list[list[Any]]]
    """Per bundle, SKU, title and quantity of what is in it."""
    shipped: Collection[int]
    pictures: Mapping[int, list[tuple[int, str]]]
    """Per variant, its further pictures with their texts, in their order."""

    @property
    def ids(self) -> list[int]:
        """The variants' keys."""
        return [variant["pk"] for variant in self.variants]


def ask_for_goods(product_ids: Collection[int]) -> list[QuerySet[Any, Any]]:
    """The questions whose answers `read_goods` makes sense of, for `read_together`."""
    active = {"variant__product_id__in": product_ids, "variant__archived_at__isnull": True}
    return [
        ProductVariant.objects.active()
        .filter(product_id__in=product_ids)
        .order_by()
        .values_list(*VARIANT, *FURTHER),
        VariantAttribute.objects.filter(**active).order_by().values_list(*ATTRIBUTE_ORDER, *ATTRIBUTE),
        BundleComponent.objects.filter(bundle__product_id__in=product_ids).order_by().values_list(*PART),
        VariantImage.objects.filter(**active)
        .order_by()
        .values_list("variant_id", "sort_order", "pk", "image_id", "alt_text"),
    ]


def in_order(row: Row) -> tuple[Any, ...]:
    """What rows of (owner, place, key, …) are sorted by; what nobody has put in a place stands at the end."""
    return (row[0], row[1] is None, row[1] or 0, row[2])


def read_goods(answers: Sequence[Sequence[Row]]) -> Goods:
    """What the database answered to `ask_for_goods`."""
    variants, parts, pictures = (sorted(answers[place], key=in_order) for place in (0, 2, 3))
    named = [dict(zip((*VARIANT, *FURTHER), row, strict=True)) for row in variants]
    of_attributes: dict[int, list[list[Any]]] = {}
    values: dict[int, list[tuple[int, int]]] = {}
    attributes = sorted(answers[1], key=itemgetter(*range(len(ATTRIBUTE_ORDER))))
    for variant_id, _, _, _, attribute_id, value_id, *fields in attributes:
        of_attributes.setdefault(variant_id, []).append(fields)
        if fields[4] in Attribute.LIST_KINDS and value_id is not None:
            values.setdefault(variant_id, []).append((attribute_id, value_id))
    of_parts: dict[int, list[list[Any]]] = {}
    shipped = {variant["pk"] for variant in named if variant[KIND] not in SHIPS_NOTHING}
    shipped -= {row[0] for row in parts}
    for bundle_id, _, _, sku, product_title, title, quantity, kind in parts:
        of_parts.setdefault(bundle_id, []).append(
            [sku, f"{product_title or ''} {title}".strip() or sku, quantity]
        )
        if kind not in SHIPS_NOTHING:
            shipped.add(bundle_id)
    of_pictures: dict[int, list[tuple[int, str]]] = {}
    for variant_id, _, _, image_id, text in pictures:
        of_pictures.setdefault(variant_id, []).append((image_id, text))
    return Goods(named, of_attributes, values, of_parts, shipped, of_pictures)


def load_offers(
    product_ids: Collection[int], *, currencies: Iterable[str], at: datetime
) -> dict[str, dict[int, list[Offer]]]:
    """
    Per currency and product, the active variants that have a price for everybody at that moment, in their
    own order.
    """
    goods = read_goods(read_together(*ask_for_goods(product_ids)))
    return {currency: price_goods(goods, currency=currency, at=at) for currency in currencies}


def price_goods(goods: Goods, *, currency: str, at: datetime) -> dict[int, list[Offer]]:
    """Per product, the variants that have a price for everybody in the currency: one SQL statement."""
    ids, context = goods.ids, PricingContext(currency=currency, at=at)
    quotes = quote_prices(variant_ids=ids, context=context) if ids else {}
    # Fixed while a reduction lasts, so it can be kept beside the price.
    reduced = [variant_id for variant_id, quote in quotes.items() if quote.is_reduced]
    lowest = lowest_prices_30_days(variant_ids=reduced, context=context) if reduced else {}
    offers: dict[int, list[Offer]] = {}
    for variant in goods.variants:
        if quote := quotes.get(variant["pk"]):
            offer = _offer(variant, quote, lowest.get(variant["pk"]), goods.attributes.get(variant["pk"], []))
            offer["requires_shipping"] = variant["pk"] in goods.shipped
            offer["components"] = goods.parts.get(variant["pk"], [])
            offer["images"] = goods.pictures.get(variant["pk"], [])
            offers.setdefault(variant["product_id"], []).append(offer)
    return offers


def _offer(
    variant: Mapping[str, Any], quote: Quote, lowest: Money | None, attributes: list[list[Any]]
) -> Offer:
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
