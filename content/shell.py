"""
The frame around every page of the storefront: brand, menus, footer.

It is the same for everybody, so it is kept in the cache and thrown away whenever something that it
shows changes; that leaves a page its queries for its own content.
"""

from __future__ import annotations

import hashlib
import logging
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest
from django.utils.safestring import SafeString
from wagtail.models import Site

from content.models import BrandSettings, ErrorPages, MenuItem
from content.pictures import load_pictures
from content.sections import expand_rich_text
from content.selectors import list_page_urls
from search.selectors import list_categories
from search.values import CategoryData, ImageData
from shop.core.selectors import get_shop_settings
from shop.pricing import audience
from shop.pricing.middleware import CURRENCY_COOKIE
from shop.pricing.selectors import list_offered_currencies

logger = logging.getLogger(__name__)

CACHE_KEY = "content.shell"
GENERATION_KEY = "content.shell.generation"
# Only bounds how long a second process without a shared cache could show an old menu.
CACHE_SECONDS = 60
BROKEN_KEY = "content.broken"
CART_COUNT_COOKIE = "nexus_cart_count"
DEFAULT_ACCENT = "#1F3596"


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """A link of a menu, with those below it."""

    title: str
    url: str
    children: tuple[MenuEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class Notice:
    """What an error page says; the template has words of its own where these are empty."""

    heading: str = ""
    text: str = ""
    links: tuple[MenuEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class Shell:
    """What the base template draws around a page."""

    name: str
    tagline: str
    announcement: str
    logo: ImageData | None
    accent: str
    footer_html: SafeString
    social: tuple[MenuEntry, ...]
    main: tuple[MenuEntry, ...]
    footer: tuple[MenuEntry, ...]
    not_found: Notice
    broken: Notice
    currencies: tuple[str, ...] = ()
    currency: str = ""
    cart_count: int = 0

    @property
    def has_theme(self) -> bool:
        """Whether the brand has a colour of its own."""
        return self.accent != DEFAULT_ACCENT

    @property
    def theme_version(self) -> str:
        """Changes with the colours, so that the stylesheet made from them can be kept for good."""
        return hashlib.sha256(self.accent.encode()).hexdigest()[:8]


def get_shell(request: HttpRequest) -> Shell:
    """The frame for this request's host; two reads of the cache, or a handful of queries after a change."""
    kept: Shell | None = getattr(request, "_nexus_shell", None)
    if kept is None:
        shell = _load_shell(request)
        chosen = audience.current().currency if CURRENCY_COOKIE in request.COOKIES else ""
        currency = chosen or (shell.currencies[0] if shell.currencies else "")
        kept = replace(shell, cart_count=_cart_count(request), currency=currency)
        request._nexus_shell = kept  # type: ignore[attr-defined]
    return kept


def get_broken_notice(request: HttpRequest) -> Notice:
    """What to say when something breaks: from the cache alone, and nothing when that is away too."""
    try:
        kept: Notice | None = cache.get(f"{BROKEN_KEY}.{request.get_host()}")
    except Exception:
        logger.warning("The cache could not be asked for the words of the error page.", exc_info=True)
        kept = None
    return kept or Notice()


def forget_shell() -> None:
    """Throw all kept frames away, now and after the transaction that changes what they show."""
    cache.delete(GENERATION_KEY)
    # Once more after the commit: somebody may have kept the old state in between.
    transaction.on_commit(lambda: cache.delete(GENERATION_KEY))


def _load_shell(request: HttpRequest) -> Shell:
    generation = cache.get(GENERATION_KEY)
    if generation is None:
        generation = uuid.uuid4().hex
        cache.set(GENERATION_KEY, generation, None)
    # By host rather than by site: finding the site costs a query.
    key = f"{CACHE_KEY}.{generation}.{request.get_host()}"
    shell: Shell | None = cache.get(key)
    if shell is None:
        shell = _build_shell(Site.find_for_request(request))
        cache.set(key, shell, CACHE_SECONDS)
        # For good, because it is read when the database is away.
        cache.set(f"{BROKEN_KEY}.{request.get_host()}", shell.broken, None)
    return shell


def list_menu(*, handle: str) -> tuple[MenuEntry, ...]:
    """The entries of one menu whose targets are live and public."""
    return _list_menus((handle,))[handle]


def _build_shell(site: Site | None) -> Shell:
    # Not `for_site`, which writes a row on the first read.
    brand = BrandSettings.objects.filter(site=site).first() or BrandSettings()
    errors = ErrorPages.objects.select_related("not_found_menu").filter(site=site).first() or ErrorPages()
    handle = errors.not_found_menu.handle if errors.not_found_menu else ""
    menus = _list_menus(tuple({"main", "footer", handle} - {""}))
    pictures = load_pictures([brand.logo_id])
    social = [
        MenuEntry(title, url)
        for title, url in (
            ("Instagram", brand.instagram_url),
            ("Mastodon", brand.mastodon_url),
            ("YouTube", brand.youtube_url),
        )
        if url
    ]
    return Shell(
        name=brand.name or get_shop_settings().shop_name,
        tagline=brand.tagline,
        announcement=brand.announcement,
        logo=pictures.get(brand.logo_id or 0),
        accent=brand.accent_colour or DEFAULT_ACCENT,
        footer_html=expand_rich_text([brand.footer_text])[0],
        social=tuple(social),
        main=menus["main"],
        footer=menus["footer"],
        not_found=Notice(errors.not_found_heading, errors.not_found_text, menus.get(handle, ())),
        broken=Notice(errors.broken_heading, errors.broken_text),
        currencies=tuple(list_offered_currencies()),
    )


def _list_menus(handles: Sequence[str]) -> dict[str, tuple[MenuEntry, ...]]:
    items = list(
        MenuItem.objects.filter(menu__handle__in=handles)
        .select_related("menu", "page")
        .order_by("menu_id", "sort_order", "pk")
    )
    urls = list_page_urls(page_ids={item.page_id for item in items if item.page_id})
    categories = list_categories(with_counts=False)
    return {
        handle: _entries((item for item in items if item.menu.handle == handle), urls, categories)
        for handle in handles
    }


def _entries(
    items: Iterable[MenuItem], urls: Mapping[int, str], categories: Sequence[CategoryData]
) -> tuple[MenuEntry, ...]:
    by_id = {category.id: category for category in categories}
    entries: dict[str, MenuEntry] = {}
    for item in items:
        entry = _entry(item, urls, by_id, categories)
        if entry is None:
            continue
        if not item.group:
            entries[f"{item.pk}"] = entry
            continue
        # Links with one heading stand together where the first of them stands.
        heading = entries.get(item.group) or MenuEntry(item.group, "")
        entries[item.group] = replace(heading, children=(*heading.children, entry))
    return tuple(entries.values())


def _entry(
    item: MenuItem,
    urls: Mapping[int, str],
    by_id: Mapping[int, CategoryData],
    categories: Sequence[CategoryData],
) -> MenuEntry | None:
    if item.page:
        url = urls.get(item.page_id, "")
        return MenuEntry(item.title or item.page.title, url) if url else None
    if item.category_id:
        category = by_id.get(item.category_id)
        if category is None:
            return None
        return MenuEntry(item.title or category.name, category.url, _below(category, categories))
    return MenuEntry(item.title, item.url)


def _below(category: CategoryData, categories: Sequence[CategoryData]) -> tuple[MenuEntry, ...]:
    return tuple(
        MenuEntry(child.name, child.url, _below(child, categories))
        for child in categories
        if child.parent == category.slug
    )


def _cart_count(request: HttpRequest) -> int:
    """How many things are in the cart, as the last answer that changed it told the browser."""
    raw = request.COOKIES.get(CART_COUNT_COOKIE, "")
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) <= 5 else 0  # noqa: PLR2004
