"""Home, landing pages, journal and menus."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from wagtail.models import Page, Site

from content.demo.loading.media import MediaLibrary
from content.demo.loading.source import days_ago, read
from content.models import ArticleIndexPage, ArticlePage, HomePage, LandingPage, Menu, MenuItem
from shop.catalogue.models import Category, ProductIndexPage, ProductPage


def load_site() -> tuple[Site, HomePage, ProductIndexPage]:
    """Return the site with its home page and product folder, made on the first call."""
    title = read("content")["home"]["title"]
    home = HomePage.objects.first()
    if home is None:
        root = Page.get_first_root_node()
        # The page that Wagtail's own migrations leave behind would keep the slug "home".
        for leftover in root.get_children().type(Page).exact_type(Page):
            leftover.delete()
        home = root.add_child(instance=HomePage(title=title, slug="home"))
        home.save_revision().publish()
    site = Site.objects.filter(is_default_site=True).first() or Site(is_default_site=True)
    site.hostname, site.port, site.root_page, site.site_name = "localhost", 8000, home, title
    site.save()
    folder = ProductIndexPage.objects.child_of(home).first()
    if folder is None:
        folder = home.add_child(instance=ProductIndexPage(title="Products", slug="products"))
        folder.save_revision().publish()
    return site, home, folder


class Editor:
    """Writes the demo's blocks in the form that the pages keep."""

    def __init__(self, media: MediaLibrary) -> None:
        self.media = media
        self.products = dict(ProductPage.objects.values_list("slug", "pk"))
        self.categories = dict(Category.objects.values_list("slug", "pk"))
        self.pages: dict[str, int] = {}
        self.writers: dict[str, Callable[[dict[str, Any]], Any]] = {
            "hero": self._hero,
            "image_text": self._image_text,
            "product_grid": self._product_grid,
            "category_tiles": self._category_tiles,
            "paragraph": lambda block: {"text": block["html"]},
            "quote": lambda block: {"quote": block["text"], "attribution": block.get("attribution", "")},
            "faq": self._faq,
        }

    def write(self, blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return the stored form of a stream of blocks."""
        return [
            {"type": block["type"], "id": str(uuid.uuid4()), "value": self.writers[block["type"]](block)}
            for block in blocks
        ]

    def _image(self, block: dict[str, Any]) -> int | None:
        return self.media.get(block["image"], block["image_alt"]).pk if block.get("image") else None

    def _link(self, block: dict[str, Any]) -> dict[str, Any]:
        return {
            "text": block.get("link_label", ""),
            "page": self.pages.get(block.get("link_page", "")),
            "category": self.categories.get(block.get("link_category", "")),
            "url": "",
        }

    def _hero(self, block: dict[str, Any]) -> dict[str, Any]:
        return {
            "eyebrow": block.get("eyebrow", ""),
            "heading": block["heading"],
            "text": block["text"],
            "image": self._image(block),
            "links": [self._link(block)] if block.get("link_label") else [],
            "tone": block.get("tone", "accent"),
        }

    def _image_text(self, block: dict[str, Any]) -> dict[str, Any]:
        return {
            "image": self._image(block),
            "eyebrow": block.get("eyebrow", ""),
            "heading": block["heading"],
            "text": block["text_html"],
            "link": self._link(block),
            "image_side": block["image_side"],
        }

    def _product_grid(self, block: dict[str, Any]) -> dict[str, Any]:
        return {
            "heading": block["heading"],
            "text": block.get("text", ""),
            "products": [self.products[slug] for slug in block["products"]],
            "link": self._link(block),
            "layout": block.get("layout", "grid"),
        }

    def _category_tiles(self, block: dict[str, Any]) -> dict[str, Any]:
        tiles = [
            {"category": self.categories[slug], "image": None, "label": ""} for slug in block["categories"]
        ]
        return {"heading": block.get("heading", ""), "tiles": tiles}

    def _faq(self, block: dict[str, Any]) -> dict[str, Any]:
        items = [{"question": item["question"], "answer": item["answer_html"]} for item in block["items"]]
        return {"heading": block.get("heading", ""), "items": items}


def load_pages(home: HomePage, media: MediaLibrary) -> Editor:
    """Make the landing pages and the journal, then fill the home page, which may link to them."""
    content, editor = read("content"), Editor(media)
    for row in content["landing_pages"]:
        page = LandingPage.objects.filter(slug=row["slug"]).first()
        if page is None:
            page = home.add_child(
                instance=LandingPage(
                    title=row["title"],
                    slug=row["slug"],
                    introduction=row.get("intro", ""),
                    search_description=row.get("intro", "")[:300],
                )
            )
        editor.pages[row["slug"]] = page.pk
    journal = ArticleIndexPage.objects.first() or home.add_child(
        instance=ArticleIndexPage(
            title="Journal", slug="journal", introduction="From the workshop, the loom and the garden gate."
        )
    )
    if journal.live_revision_id is None:
        journal.save_revision().publish()
    editor.pages["journal"] = journal.pk
    for position, row in enumerate(content["articles"]):
        page = ArticlePage.objects.filter(slug=row["slug"]).first()
        if page is None:
            page = journal.add_child(
                instance=ArticlePage(
                    title=row["title"],
                    slug=row["slug"],
                    introduction=row["intro"],
                    published_on=days_ago(9 + 16 * position).date(),
                )
            )
        editor.pages[row["slug"]] = page.pk
    _fill(LandingPage, content["landing_pages"], editor)
    _fill(ArticlePage, content["articles"], editor)
    if not home.body:
        home.body = editor.write(content["home"]["blocks"])
        home.search_description = read("shop")["tagline"]
        home.save_revision().publish()
    return editor


def _fill(model: type[LandingPage] | type[ArticlePage], rows: list[dict[str, Any]], editor: Editor) -> None:
    """Write the bodies once every page has a key that links can name."""
    for row in rows:
        page = model.objects.get(slug=row["slug"])
        if page.body:
            continue
        page.body = editor.write(row["blocks"])
        if isinstance(page, ArticlePage):
            page.lead_image = _first_image(row["blocks"], editor.media)
        page.save_revision().publish()


def _first_image(blocks: list[dict[str, Any]], media: MediaLibrary) -> Any:
    block = next((block for block in blocks if block.get("image")), None)
    return media.get(block["image"], block["image_alt"]) if block else None


def load_menus(editor: Editor) -> None:
    """Make the bar at the top and the columns at the foot."""
    menus = read("content")["menus"]
    main, made = Menu.objects.get_or_create(handle="main", defaults={"name": "Main menu"})
    if made:
        # A category unfolds what is below it by itself; pages stand together under one heading.
        links = [
            (row["label"], child)
            for row in menus["main"]
            for child in (row["children"] if "page" in row and row["children"] else [row])
        ]
        for position, (group, row) in enumerate(links):
            heading = group if "page" in row else ""
            MenuItem.objects.create(menu=main, sort_order=position, group=heading, **_target(row, editor))
    footer, made = Menu.objects.get_or_create(handle="footer", defaults={"name": "Footer"})
    if made:
        links = [(column["label"], row) for column in menus["footer"] for row in column["children"]]
        for position, (group, row) in enumerate(links):
            MenuItem.objects.create(menu=footer, sort_order=position, group=group, **_target(row, editor))


def _target(row: dict[str, Any], editor: Editor) -> dict[str, Any]:
    return {
        "title": row["label"],
        "page_id": editor.pages[row["page"]] if "page" in row else None,
        "category_id": editor.categories[row["category"]] if "category" in row else None,
        "url": row.get("url", ""),
    }
