from __future__ import annotations

from django.utils.html import escape
from wagtail.documents.rich_text import DocumentLinkHandler
from wagtail.models import Page
from wagtail.rich_text.pages import PageLinkHandler


class PublicPageLinkHandler(PageLinkHandler):
    """
    A link in rich text to another page.

    Wagtail's own writes the address of a draft or a private page into public text; here the words stay
    and the link goes.
    """

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict[str, str]]) -> list[str]:
        """The opening tags for these links, without an address where the page is not public."""
        from content.selectors import list_page_urls

        ids = {int(attrs["id"]) for attrs in attrs_list if attrs.get("id", "").isdigit()}
        urls = list_page_urls(page_ids=ids)
        return [_anchor(urls.get(_key(attrs))) for attrs in attrs_list]

    @classmethod
    def get_many(cls, attrs_list: list[dict[str, str]]) -> list[Page | None]:
        """The pages that may be seen, None in the place of the others."""
        from content.selectors import public_pages

        found = public_pages().in_bulk({_key(attrs) for attrs in attrs_list})
        return [found.get(_key(attrs)) for attrs in attrs_list]


class PublicDocumentLinkHandler(DocumentLinkHandler):
    """A link in rich text to a document; one of a private collection keeps its words only."""

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict[str, str]]) -> list[str]:
        """The opening tags for these links, without an address where the document is not public."""
        from content.selectors import list_document_urls

        urls = list_document_urls(document_ids={_key(attrs) for attrs in attrs_list})
        return [_anchor(urls.get(_key(attrs))) for attrs in attrs_list]


def _key(attrs: dict[str, str]) -> int:
    return int(attrs["id"]) if attrs.get("id", "").isdigit() else 0


def _anchor(url: str | None) -> str:
    return f'<a href="{escape(url)}">' if url else "<a>"
