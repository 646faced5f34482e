"""What the index keeps of each variant: everything but its stock, which changes with every order."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from operator import itemgetter
from typing import Any

from django.db.models import QuerySet

from shop.catalogue.bundles import SHIPS_NOTHING
from shop.catalogue.models import Attribute, BundleComponent, ProductVariant, VariantAttribute, VariantImage
from shop.core.models import ShopSettings
from shop.core.together import Row, read_together
from shop.pricing.models import PriceList
from shop.pricing.selectors import (
    PricingContext,
    ask_for_price_groups,
    ask_for_price_turns,
    load_prices,
    lowest_prices_30_days,
    read_price_turns,
)

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
    groups: Mapping[str, Collection[int]]
    """Per currency that the shop has a base price list for, the customer groups with lists of their own."""
    site_id: int | None
    """The shop's site, which lists may be for."""
    turns: Mapping[int, datetime]
    """Per variant, the next moment at which it costs something else by itself."""

    @property
    def ids(self) -> list[int]:
        """The variants' keys."""
        return [variant["pk"] for variant in self.variants]


def ask_for_goods(product_ids: Collection[int], *, at: datetime) -> list[QuerySet[Any, Any]]:
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
        ask_for_price_groups(),
        ShopSettings.objects.filter(site__is_default_site=True).order_by().values_list("site_id"),
        *ask_for_price_turns(product_ids, at=at),
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
    lists, sites, *turns = answers[4:]
    return Goods(
        named,
        of_attributes,
        values,
        of_parts,
        shipped,
        of_pictures,
        groups=_read_groups(lists),
        site_id=next((site_id for (site_id,) in sites), None),
        turns=read_price_turns(turns),
    )


def _read_groups(lists: Iterable[Row]) -> dict[str, set[int]]:
    groups: dict[str, set[int]] = {}
    for currency, kind, _ in sorted(lists, key=itemgetter(0)):
        if kind == PriceList.Kind.BASE:
            groups.setdefault(currency, set())
    for currency, _, group_id in lists:
        if group_id is not None and currency in groups:
            groups[currency].add(group_id)
    return groups


def load_offers(
    product_ids: Collection[int], *, currencies: Iterable[str], at: datetime
) -> dict[str, dict[int, list[Offer]]]:
    """
    Per currency and product, the active variants that have a price for everybody at that moment, in their
    own order.
    """
    goods = read_goods(read_together(*ask_for_goods(product_ids, at=at)))
    return {currency: price_goods(goods, currency=currency, at=at) for currency in currencies}


def price_goods(goods: Goods, *, currency: str, at: datetime) -> dict[int, list[Offer]]:
    """
    Per product, the variants that have a price for everybody in the currency: one SQL statement, four where
    something is reduced.
    """
    prices = load_price_fields(goods.ids, PricingContext(currency=currency, at=at, site_id=goods.site_id))
    offers: dict[int, list[Offer]] = {}
    for variant in goods.variants:
        if fields := prices.get(variant["pk"]):
            offer = _offer(variant, fields, goods.attributes.get(variant["pk"], []))
            offer["prices_until"] = _as_text(goods.turns.get(variant["pk"]))
            offer["requires_shipping"] = variant["pk"] in goods.shipped
            offer["components"] = goods.parts.get(variant["pk"], [])
            offer["images"] = goods.pictures.get(variant["pk"], [])
            offers.setdefault(variant["product_id"], []).append(offer)
    return offers


def load_price_fields(variant_ids: Collection[int], context: PricingContext) -> dict[int, dict[str, Any]]:
    """
    What an offer says of its price, per variant that has one for this shopper: one query, four where
    something is reduced. The lowest price of the 30 days is fixed while a reduction lasts, so it can be kept.
    """
    if not variant_ids:
        return {}
    held = load_prices(variant_ids=variant_ids, context=context)
    quotes = {pk: quote for pk in held.variant_ids if (quote := held.quote(pk)) is not None}
    lowest = lowest_prices_30_days(variant_ids=quotes, context=context, quotes=quotes)
    return {
        pk: {
            "price": f"{quote.amount.amount:f}",
            "compare_at": f"{quote.compare_at.amount:f}" if quote.compare_at else None,
            "lowest": f"{lowest[pk].amount:f}" if pk in lowest else None,
            "is_reduced": quote.is_reduced,
            "tiers": [[quantity, f"{money.amount:f}"] for quantity, money in held.tiers(pk)],
        }
        for pk, quote in quotes.items()
    }


def list_figures(offers: Sequence[Offer], at: datetime) -> dict[str, Any]:
    """What a list says of the price of a product with these offers, as columns of its row."""
    counted = counted_offers(offers, at)
    prices = [Decimal(offer["price"]) for offer in counted]
    cheapest = counted[prices.index(min(prices))]
    return {
        "price_from": min(prices),
        "price_to": max(prices),
        "compare_at_from": Decimal(cheapest["compare_at"]) if cheapest["compare_at"] else None,
        "is_reduced": bool(cheapest.get("is_reduced")),
        "lowest_from": Decimal(cheapest["lowest"]) if cheapest["lowest"] else None,
        "on_sale": any(offer["compare_at"] for offer in counted),
    }


def prices_hold_until(offers: Sequence[Offer]) -> datetime | None:
    """The next moment at which one of the offers costs something else by itself."""
    moments = [offer["prices_until"] for offer in offers if offer.get("prices_until")]
    return min((datetime.fromisoformat(moment) for moment in moments), default=None)


def _offer(variant: Mapping[str, Any], prices: Mapping[str, Any], attributes: list[list[Any]]) -> Offer:
    return {
        "id": variant["pk"],
        "sku": variant["sku"],
        "title": variant["title"] or " / ".join(attribute[2] for attribute in attributes),
        **prices,
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
