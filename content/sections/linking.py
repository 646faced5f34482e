"""Links of blocks and of rich texts: noted first, then shown where their targets are public."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from wagtail.rich_text.rewriters import FIND_A_TAG as A_TAG
from wagtail.rich_text.rewriters import EmbedRewriter, LinkRewriter, MultiRuleRewriter, extract_attrs

from content.sections.values import Found, Link, Raw, Wanted


def items(value: Any) -> Iterable[Any]:
    """The entries of a stored list, which older data holds bare and newer data in ``{"value": …}``."""
    for item in value or []:
        yield item["value"] if isinstance(item, Mapping) and "value" in item and "type" in item else item


def want_link(link: Raw | None, wanted: Wanted) -> None:
    if link and link.get("page"):
        wanted.pages.add(link["page"])
    if link and link.get("category"):
        wanted.categories.add(link["category"])


def want_rich_text(source: str, wanted: Wanted) -> None:
    for found in A_TAG.findall(source):
        attrs = extract_attrs(found)
        target = attrs.get("id", "")
        if target.isdigit() and attrs.get("linktype") == "page":
            wanted.pages.add(int(target))
        elif target.isdigit() and attrs.get("linktype") == "document":
            wanted.documents.add(int(target))


def find_link(link: Raw | None, found: Found) -> Link | None:
    if not link or not link.get("text"):
        return None
    if link.get("page"):
        url = found.pages.get(link["page"], "")
    elif link.get("category"):
        category = found.categories.get(link["category"])
        url = category.url if category else ""
    else:
        url = link.get("url") or ""
    return Link(link["text"], url) if url else None


def show_rich_text(source: str, found: Found) -> SafeString:
    def page(attrs: Mapping[str, str]) -> str:
        return _anchor(found.pages.get(int(attrs["id"])) if attrs.get("id", "").isdigit() else None)

    def document(attrs: Mapping[str, str]) -> str:
        return _anchor(found.documents.get(int(attrs["id"])) if attrs.get("id", "").isdigit() else None)

    rewrite = MultiRuleRewriter(
        [LinkRewriter(rules={"page": page, "document": document}), EmbedRewriter(rules={})]
    )
    # Rich text was cleaned to the features of its block when it was saved.
    return mark_safe(rewrite(source or ""))


def _anchor(url: str | None) -> str:
    return f'<a href="{escape(url)}">' if url else "<a>"
