from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import urljoin

from django import template
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe
from wagtail.models import Page

from content.selectors import Byline
from content.shell import Shell
from search import choice
from search.values import CollectionData, Crumb, Facet, ImageData, ProductDetail, ProductSummary, VariantData
from shop.core.money import Money, format_money
from shop.shipping.selectors import ShippingOption

register = template.Library()

STARS = 5
STAR_WIDTH = 17
FEW_SWATCHES = 6
# As in components/facets.html.
FACET_VALUES_SHOWN = 8
AVAILABILITY = {
    "in_stock": "InStock",
    "low": "LimitedAvailability",
    "backorder": "BackOrder",
    "out_of_stock": "OutOfStock",
}


@register.filter
def money(value: Money | None) -> str:
    """An amount as a reader of the shop's language writes it, with its currency."""
    return format_money(value) if isinstance(value, Money) else ""


@register.filter
def stars(rating: Decimal | int | None) -> list[tuple[int, bool]]:
    """Five stars as ``(offset, shines)``, rounded to whole stars."""
    full = int((Decimal(str(rating or 0)) + Decimal("0.5")).to_integral_value(rounding="ROUND_FLOOR"))
    return [(position * STAR_WIDTH, position < full) for position in range(STARS)]


@register.filter
def tint(colour: str | None) -> str:
    """A colour as the classes of the style sheet that mix it, one per channel in sixteen steps."""
    if not colour:
        return ""
    red, green, blue = (round(int(colour[at : at + 2], 16) / 17) for at in (1, 3, 5))
    return f"tint r-{red:x} g-{green:x} b-{blue:x}"


@register.filter
def has_price_range(product: ProductSummary) -> bool:
    """Whether its variants differ in price, so that a price is a "from"."""
    return product.price_from != product.price_to


@register.filter
def shows_rrp(priced: ProductSummary | ProductDetail | VariantData) -> bool:
    """Whether the higher price beside it is the maker's recommendation, and was never the shop's own."""
    return not priced.is_reduced


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
def absolute(path: str) -> str:
    """The address of a page of the shop, with its host: for search engines."""
    return urljoin(settings.SITE_URL, path)


@register.simple_tag
def json_ld(data: dict[str, Any]) -> SafeString:
    """Structured data for search engines; a data block, which no browser runs."""
    text = json.dumps(data, ensure_ascii=False)
    for character, escaped in (("<", "\\u003C"), (">", "\\u003E"), ("&", "\\u0026")):
        text = text.replace(character, escaped)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')


@register.filter
def stock_text(variant: VariantData) -> str:
    """Whether and when the variant can be had."""
    return choice.variant_text(variant)


@register.filter
def button_text(variant: VariantData) -> str:
    """What the button that would put the variant into the cart says."""
    return choice.button_text(variant)


@register.filter
def days(option: ShippingOption) -> str:
    """How long a parcel travels, in words."""
    if option.min_days == option.max_days:
        return f"{option.max_days} working day{'' if option.max_days == 1 else 's'}"
    return f"{option.min_days} to {option.max_days} working days"


@register.filter
def is_narrowed(facet: Facet) -> bool:
    """Whether a value of it is chosen."""
    return any(value.selected for value in facet.values)


@register.filter
def has_later_choice(facet: Facet) -> bool:
    """Whether a value that is folded away is chosen."""
    return any(value.selected for value in facet.values[FACET_VALUES_SHOWN:])


@register.filter
def as_crumbs(place: CollectionData | Page) -> list[Crumb]:
    """The one step from home to a place that stands at the top."""
    name = place.title if isinstance(place, Page) else place.name
    return [Crumb(name, place.url or "")]


@register.simple_tag
def product_data(product: ProductDetail, url: str) -> dict[str, Any]:
    """A product in the words of schema.org, for search engines."""
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Product",
        "name": product.title,
        "description": product.summary,
        "url": url,
        "sku": product.variants[0].sku if product.variants else product.slug,
    }
    if product.image:
        data["image"] = urljoin(url, product.image.url)
    if product.brand:
        data["brand"] = {"@type": "Brand", "name": product.brand.name}
    if product.rating:
        data["aggregateRating"] = {
            "@type": "AggregateRating",
            "ratingValue": str(product.rating),
            "reviewCount": product.review_count,
        }
    data["offers"] = [
        {
            "@type": "Offer",
            "sku": variant.sku,
            "price": variant.price.as_json()["amount"],
            "priceCurrency": variant.price.currency,
            "availability": f"https://schema.org/{AVAILABILITY[variant.stock.status]}",
        }
        for variant in product.variants
    ]
    return data


@register.simple_tag
def film_data(product: ProductDetail, url: str) -> list[dict[str, Any]]:
    """The films of a product in the words of schema.org (VideoObject); none of a draft."""
    if product.published_at is None:
        return []
    films = []
    for media in product.media:
        if media.video is None:
            continue
        film = {
            "@context": "https://schema.org",
            "@type": "VideoObject",
            "name": media.caption or media.image.alt or product.title,
            "description": product.summary or product.title,
            "thumbnailUrl": [urljoin(url, media.image.url)],
            "uploadDate": product.published_at.isoformat(),
        }
        if media.video.url:
            film["contentUrl"] = urljoin(url, media.video.url)
        else:
            film["embedUrl"] = media.video.embed_url
        films.append(film)
    return films


@register.simple_tag
def breadcrumb_data(crumbs: Sequence[Crumb]) -> dict[str, Any]:
    """The way from the front door in the words of schema.org (BreadcrumbList)."""
    steps = [Crumb("Home", "/"), *crumbs]
    return {
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": position,
                "name": crumb.name,
                "item": urljoin(settings.SITE_URL, crumb.url),
            }
            for position, crumb in enumerate(steps, start=1)
        ],
    }


@register.simple_tag
def organization_data(shell: Shell) -> dict[str, Any]:
    """The shop itself in the words of schema.org (Organization)."""
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Organization",
        "name": shell.name,
        "url": urljoin(settings.SITE_URL, "/"),
    }
    if shell.tagline:
        data["slogan"] = shell.tagline
    if shell.logo:
        data["logo"] = urljoin(settings.SITE_URL, shell.logo.url)
    if shell.social:
        data["sameAs"] = [entry.url for entry in shell.social]
    return data


@register.simple_tag
def article_data(page: Page, bylines: Sequence[Byline], picture: ImageData | None) -> dict[str, Any]:
    """An article in the words of schema.org (Article)."""
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Article",
        "headline": page.title,
        "description": page.introduction,
        "url": page.full_url,
        "author": [{"@type": "Person", "name": byline.name} for byline in bylines],
    }
    if page.first_published_at:
        data["datePublished"] = (page.published_on or page.first_published_at.date()).isoformat()
        data["dateModified"] = page.last_published_at.isoformat()
    if picture:
        data["image"] = urljoin(settings.SITE_URL, picture.url)
    return data
