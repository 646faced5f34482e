"""What search engines are told: every public address and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import index, sitemap
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe
from wagtail.models import Page

from content.models import ArticlePage, HomePage, LandingPage
from content.selectors import public_pages
from search.models import ProductIndex
from search.selectors import list_categories, list_collections
from search.selectors.images import find_list_pictures
from shop.catalogue.models import ProductPage
from shop.core.selectors import get_shop_settings

# https://www.sitemaps.org/protocol.html: at most 50,000 addresses in one file.
MOST_IN_ONE = 50_000
TEMPLATE = "nexus/sitemap.xml"
PRIVATE = ("/admin/", "/api/", "/cart/", "/checkout/", "/docs/", "/graphql/", "/orders/", "/search/")


class PageSitemap(Sitemap):
    """Editorial pages."""

    limit = MOST_IN_ONE

    def items(self) -> Sequence[Page]:
        """Public pages below the site's root without second addresses; products have a list of their own."""
        pages: Any = public_pages().filter(depth__gt=1, alias_of__isnull=True)
        hidden = [
            key
            for model in (HomePage, LandingPage, ArticlePage)
            for key in model.objects.filter(is_hidden_from_search_engines=True).values_list("pk", flat=True)
        ]
        return list(pages.not_type(ProductPage).exclude(pk__in=hidden).order_by("path"))

    def location(self, item: Page) -> str:
        """The page's address on this site."""
        return item.get_url() or "/"

    def lastmod(self, item: Page) -> datetime | None:
        """When it was last published."""
        return item.last_published_at


class ProductSitemap(Sitemap):
    """Products that can be bought."""

    limit = MOST_IN_ONE

    def items(self) -> Any:
        """Address, last publication and picture, by product."""
        entries = ProductIndex.objects.filter(currency=get_shop_settings().default_currency)
        return entries.order_by("product_id").values_list("url", "product__last_published_at", "image_id")

    def get_urls(self, *args: Any, **kwargs: Any) -> list[dict[str, Any]]:
        """The addresses with their pictures (https://www.google.com/schemas/sitemap-image/1.1)."""
        urls: list[dict[str, Any]] = super().get_urls(*args, **kwargs)
        pictures = find_list_pictures({entry["item"][2] for entry in urls if entry["item"][2]})
        for entry in urls:
            picture = pictures.get(entry["item"][2])
            entry["picture"] = urljoin(settings.SITE_URL, picture) if picture else ""
        return urls

    def location(self, item: tuple[str, datetime | None, int | None]) -> str:
        """The product's address on this site."""
        return item[0]

    def lastmod(self, item: tuple[str, datetime | None, int | None]) -> datetime | None:
        """When it was last published."""
        return item[1]


class ShelfSitemap(Sitemap):
    """Categories and collections."""

    limit = MOST_IN_ONE

    def items(self) -> Sequence[str]:
        """Their addresses."""
        categories = [category.url for category in list_categories(with_counts=False)]
        return categories + [collection.url for collection in list_collections()]

    def location(self, item: str) -> str:
        """The address itself."""
        return item


SITEMAPS: dict[str, Any] = {
    "pages": PageSitemap,
    "shelves": ShelfSitemap,
    "products": ProductSitemap,
}


@require_safe
def sitemap_xml(request: HttpRequest) -> HttpResponse:
    """One list of every public address, or a list of lists once they are more than one file may hold."""
    if ProductIndex.objects.count() < MOST_IN_ONE - 5_000:
        return _drawn(sitemap(request, sitemaps=SITEMAPS, template_name=TEMPLATE))
    return _drawn(index(request, sitemaps=SITEMAPS, sitemap_url_name="sitemap-section"))


@require_safe
def sitemap_section(request: HttpRequest, section: str) -> HttpResponse:
    """One list of a large shop."""
    return _drawn(sitemap(request, sitemaps=SITEMAPS, section=section, template_name=TEMPLATE))


@require_safe
def robots_txt(request: HttpRequest) -> HttpResponse:
    """What crawlers may read, and where the sitemap is."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in PRIVATE), ""]
    lines.append(f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def _drawn(response: TemplateResponse) -> HttpResponse:
    # Drawn here, so that no middleware takes it for a page of the storefront.
    return response.render()
