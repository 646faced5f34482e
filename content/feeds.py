"""Feeds: the journal for readers, and the goods for price comparisons and shopping channels."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time
from io import StringIO
from urllib.parse import urljoin
from xml.sax.saxutils import escape

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, StreamingHttpResponse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import strip_tags
from django.views.decorators.http import require_safe

from content.selectors import ArticleTeaser, list_latest_articles
from content.shell import get_shell
from search.selectors import list_products
from search.selectors.audience import seconds_prices_hold
from search.values import ProductSummary, VariantData
from shop.core.money import Money

ARTICLES = 30
# Shopping channels fetch once an hour or less.
FEED_SECONDS = 900
BATCH = 100
# https://support.google.com/merchants/answer/6324448: what "availability" may say.
AVAILABILITY = {
    "in_stock": "in_stock",
    "low": "in_stock",
    "backorder": "backorder",
    "out_of_stock": "out_of_stock",
}


class JournalFeed(Feed):
    """The newest articles as Atom (RFC 4287)."""

    feed_type = Atom1Feed

    def get_object(self, request: HttpRequest) -> str:
        """The shop's name, which the feed carries."""
        return get_shell(request).name

    def title(self, name: str) -> str:
        """What readers call the feed."""
        return name

    def link(self, name: str) -> str:
        """The shop's front door."""
        return urljoin(settings.SITE_URL, "/")

    def items(self, name: str) -> list[ArticleTeaser]:
        """The newest first."""
        return list_latest_articles(ARTICLES)

    def item_title(self, item: ArticleTeaser) -> str:
        """Its title."""
        return item.title

    def item_description(self, item: ArticleTeaser) -> str:
        """Its introduction."""
        return item.introduction

    def item_link(self, item: ArticleTeaser) -> str:
        """Its address."""
        return urljoin(settings.SITE_URL, item.url)

    def item_pubdate(self, item: ArticleTeaser) -> datetime | None:
        """The day it appeared."""
        return datetime.combine(item.published_on, time(), tzinfo=UTC) if item.published_on else None


@require_safe
def products(request: HttpRequest) -> StreamingHttpResponse:
    """
    Every variant on sale, as shopping channels read it: RSS 2.0 with the fields of Google's product data
    specification (https://support.google.com/merchants/answer/7052112).

    Streamed in batches of 100 products, so that its memory does not grow with the shop.
    """
    response = StreamingHttpResponse(
        _write_feed(get_shell(request).name), content_type="application/rss+xml; charset=utf-8"
    )
    response["Cache-Control"] = f"public, max-age={seconds_prices_hold(at_most=FEED_SECONDS)}"
    return response


def _write_feed(name: str) -> Iterator[str]:
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<rss version="2.0" xmlns:g="http://base.google.com/ns/1.0"><channel>'
        f"<title>{escape(name)}</title><link>{escape(urljoin(settings.SITE_URL, '/'))}</link>"
        f"<description>{escape(name)}</description>\n"
    )
    cursor: str | None = None
    while True:
        listing = list_products(first=BATCH, after=cursor, with_variants=True)
        for product in listing.products:
            for variant in product.variants:
                yield _write_item(product, variant)
        if not listing.page_info.has_next_page:
            break
        cursor = listing.page_info.end_cursor
    yield "</channel></rss>\n"


def _write_item(product: ProductSummary, variant: VariantData) -> str:
    url = urljoin(settings.SITE_URL, product.url)
    image = variant.image or product.image
    fields = {
        "g:id": variant.sku,
        "g:title": f"{product.title}, {variant.title}" if variant.title else product.title,
        "g:description": strip_tags(product.summary) or product.title,
        "g:link": f"{url}?sku={variant.sku}",
        "g:image_link": urljoin(settings.SITE_URL, image.url) if image else "",
        "g:availability": AVAILABILITY[variant.stock.status],
        "g:price": _price(variant.compare_at_price or variant.price),
        "g:sale_price": _price(variant.price) if variant.on_sale else "",
        "g:brand": product.brand.name if product.brand else "",
        "g:gtin": variant.barcode,
        "g:item_group_id": product.slug,
        "g:product_type": product.categories[0].name if product.categories else "",
        "g:shipping_weight": f"{variant.weight_grams} g" if variant.weight_grams else "",
    }
    written = StringIO()
    written.write("<item>")
    for name, text in fields.items():
        if text:
            written.write(f"<{name}>{escape(text)}</{name}>")
    written.write("</item>\n")
    return written.getvalue()


def _price(money: Money) -> str:
    held = money.as_json()
    return f"{held['amount']} {held['currency']}"
