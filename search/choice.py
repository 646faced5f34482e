"""A product page's choice of a variant: what to choose from, what is chosen, and what follows from it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from search.values import AttributeData, ImageData, MediaData, ProductDetail, StockData, VariantData
from shop.cart.limits import describe_moment
from shop.cart.models import MAX_QUANTITY
from shop.core.money import format_money

VARIANT_PARAM = "variant"


@dataclass(frozen=True, slots=True)
class AxisValue:
    """One value to choose; ``url`` leads to the variant that has it and else is closest to the chosen one."""

    slug: str
    name: str
    swatch: str
    url: str
    selected: bool
    is_buyable: bool
    reason: str
    swatch_image: ImageData | None = None

    @property
    def has_swatch(self) -> bool:
        """Whether a colour or a picture is shown in place of the name."""
        return bool(self.swatch or self.swatch_image)


@dataclass(frozen=True, slots=True)
class Axis:
    """An attribute in which the variants differ."""

    slug: str
    name: str
    chosen: str
    values: tuple[AxisValue, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the table of facts; several values of one attribute share it."""

    name: str
    values: tuple[AttributeData, ...]

    @property
    def value(self) -> str:
        """All of it as plain text."""
        return ", ".join(held.value for held in self.values)

    @property
    def is_rich(self) -> bool:
        """Whether it is more than text: a link, formatted text, or a colour."""
        return any(held.url or held.html or held.swatch or held.swatch_image for held in self.values)


@dataclass(frozen=True, slots=True)
class Choice:
    """Everything on a product page that depends on the chosen variant."""

    variant: VariantData | None
    axes: tuple[Axis, ...]
    slides: tuple[MediaData, ...]
    facts: tuple[Fact, ...]
    json: str


def choose_variant(product: ProductDetail, sku: str) -> Choice:
    """
    The choice with the variant ``sku`` chosen; with an unknown or empty SKU, the first that can be bought.
    """
    variant = _find(product.variants, sku)
    return Choice(
        variant=variant,
        axes=tuple(_axes(product, variant)) if variant else (),
        slides=_slides(product, variant),
        facts=tuple(_facts(product.attributes)),
        json=json.dumps([_for_script(held) for held in product.variants], ensure_ascii=False),
    )


def stock_text(stock: StockData) -> str:
    """What the state of the stock means to a shopper."""
    if stock.status == "low":
        return f"Only {stock.available} left"
    return {"in_stock": "In stock", "backorder": "On order, ships later"}.get(stock.status, "Sold out")


def variant_text(variant: VariantData) -> str:
    """Whether and when a variant can be had, as shoppers read it."""
    if variant.availability == "not_available_yet" and variant.available_from:
        return f"On sale from {describe_moment(variant.available_from)}"
    if variant.availability != "available":
        return "No longer on sale"
    text = stock_text(variant.stock)
    if variant.max_per_order and variant.stock.is_buyable:
        text += f", at most {variant.max_per_order} per order"
    return text


def button_text(variant: VariantData) -> str:
    """What the button that would put the variant into the cart says."""
    if variant.stock.is_buyable:
        return "Add to cart"
    return {"not_available_yet": "Not on sale yet", "no_longer_available": "No longer on sale"}.get(
        variant.availability, "Sold out"
    )


def _find(variants: Sequence[VariantData], sku: str) -> VariantData | None:
    wanted = [variant for variant in variants if variant.sku.upper() == sku.upper()]
    buyable = [variant for variant in variants if variant.stock.is_buyable]
    return next(iter((*wanted, *buyable, *variants)), None)


def _axes(product: ProductDetail, chosen: VariantData) -> Iterator[Axis]:
    names: dict[str, str] = {}
    for variant in product.variants:
        names |= {attribute.slug: attribute.name for attribute in variant.attributes}
    combinations = {tuple(sorted(_values(variant).items())) for variant in product.variants}
    if len(combinations) < len(product.variants):
        # Attributes do not tell them apart, so their titles have to.
        yield _title_axis(product, chosen)
        return
    for slug, name in names.items():
        values = list(_axis_values(product, slug, chosen))
        if values:
            picked = next((value.name for value in values if value.selected), "")
            yield Axis(slug, name, picked, tuple(values))


def _title_axis(product: ProductDetail, chosen: VariantData) -> Axis:
    values = tuple(
        AxisValue(
            slug=variant.sku,
            name=variant.title or variant.sku,
            swatch="",
            url=_url(variant),
            selected=variant is chosen,
            is_buyable=variant.stock.is_buyable,
            reason=button_text(variant),
        )
        for variant in product.variants
    )
    return Axis("variant", "Variant", chosen.title or chosen.sku, values)


def _axis_values(product: ProductDetail, slug: str, chosen: VariantData) -> Iterator[AxisValue]:
    held: dict[str, AttributeData] = {}
    for variant in product.variants:
        for attribute in variant.attributes:
            if attribute.slug == slug:
                held.setdefault(attribute.value_slug, attribute)
    mine = _values(chosen)
    for value_slug, attribute in held.items():
        target = _closest(product.variants, mine | {slug: value_slug}, slug)
        yield AxisValue(
            slug=value_slug,
            name=attribute.value,
            swatch=attribute.swatch,
            swatch_image=attribute.swatch_image,
            url=_url(target),
            selected=mine.get(slug) == value_slug,
            is_buyable=target.stock.is_buyable,
            reason=button_text(target),
        )


def _closest(variants: Sequence[VariantData], wanted: Mapping[str, str], slug: str) -> VariantData:
    """
    The variant with ``wanted[slug]`` that shares most of the other values; ties go to what can be bought.
    """

    def likeness(variant: VariantData) -> tuple[int, bool]:
        values = _values(variant)
        shared = sum(values.get(name) == value for name, value in wanted.items())
        return shared, variant.stock.is_buyable

    return max((variant for variant in variants if _values(variant).get(slug) == wanted[slug]), key=likeness)


def _values(variant: VariantData) -> dict[str, str]:
    return {attribute.slug: attribute.value_slug for attribute in variant.attributes}


def _url(variant: VariantData) -> str:
    return f"?{VARIANT_PARAM}={variant.sku}#buy"


def _slides(product: ProductDetail, chosen: VariantData | None) -> tuple[MediaData, ...]:
    """The chosen variant's picture, the gallery, and pictures that only other variants have; each once."""
    gallery = {media.image.id: media for media in reversed(product.media)}
    pictures = [variant.image for variant in product.variants if variant.image]
    pictures += [picture for variant in product.variants for picture in variant.images]
    first = [*([chosen.image] if chosen.image else []), *chosen.images] if chosen else []
    slides: dict[int, MediaData] = {}
    for picture in first:
        slides[picture.id] = gallery.get(picture.id) or MediaData(picture)
    for media in product.media:
        slides.setdefault(media.image.id, media)
    for picture in pictures:
        slides.setdefault(picture.id, MediaData(picture))
    return tuple(slides.values())


def _facts(attributes: Sequence[AttributeData]) -> Iterator[Fact]:
    values: dict[str, list[AttributeData]] = {}
    for attribute in attributes:
        values.setdefault(attribute.slug, []).append(attribute)
    for held in values.values():
        yield Fact(held[0].name, tuple(held))


def _for_script(variant: VariantData) -> dict[str, Any]:
    return {
        "sku": variant.sku,
        "values": _values(variant) or {"variant": variant.sku},
        "price": format_money(variant.price),
        "was": format_money(variant.compare_at_price) if variant.compare_at_price else "",
        "rrp": bool(variant.compare_at_price) and not variant.is_reduced,
        "lowest": format_money(variant.lowest_price_30_days) if variant.lowest_price_30_days else "",
        "status": variant.stock.status,
        "stock": variant_text(variant),
        "button": button_text(variant),
        "most": variant.max_per_order or MAX_QUANTITY,
        "buyable": variant.stock.is_buyable,
        "picture": variant.image.id if variant.image else None,
    }
