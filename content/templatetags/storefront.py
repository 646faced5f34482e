from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from search.values import ProductSummary, VariantData
from shop.core.money import Money, format_money

register = template.Library()

STARS = 5
STAR_WIDTH = 17
FEW_SWATCHES = 6


@register.filter
def money(value: Money | None) -> str:
    """An amount as a reader of the shop's language writes it, with its currency."""
    return format_money(value) if value is not None else ""


@register.filter
def stars(rating: Decimal | int | None) -> list[tuple[int, bool]]:
    """Five stars as ``(offset, shines)``, rounded to whole stars."""
    full = int((Decimal(str(rating or 0)) + Decimal("0.5")).to_integral_value(rounding="ROUND_FLOOR"))
    return [(position * STAR_WIDTH, position < full) for position in range(STARS)]


@register.filter
def has_price_range(product: ProductSummary) -> bool:
    """Whether its variants differ in price, so that a price is a "from"."""
    return product.price_from != product.price_to


@register.simple_tag
def colours(product: ProductSummary) -> list[tuple[str, str]]:
    """The colours that a product comes in, as ``(name, #rrggbb)``, each once, when there are at least two."""
    found: dict[str, str] = {}
    for variant in product.variants:
        for attribute in variant.attributes:
            if attribute.swatch:
                found.setdefault(attribute.value, attribute.swatch)
    return list(found.items())[:FEW_SWATCHES] if len(found) > 1 else []


@register.simple_tag
def json_ld(data: dict[str, Any]) -> SafeString:
    """Structured data for search engines; a data block, which no browser runs."""
    text = json.dumps(data, ensure_ascii=False)
    for character, escaped in (("<", "\\u003C"), (">", "\\u003E"), ("&", "\\u0026")):
        text = text.replace(character, escaped)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')


@register.filter
def stock_text(variant: VariantData) -> str:
    """What the state of the stock means to a shopper."""
    if variant.stock.status == "low":
        return f"Only {variant.stock.available} left"
    return {
        "in_stock": "In stock",
        "backorder": "On order, ships later",
        "out_of_stock": "Sold out",
    }[variant.stock.status]
