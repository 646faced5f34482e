from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from wagtail import hooks
from wagtail.models import Page
from wagtail.rich_text import FeatureRegistry
from wagtail.snippets.models import register_snippet

from content.rich_text import PublicDocumentLinkHandler, PublicPageLinkHandler
from content.shell import get_shell
from content.viewsets import MenuViewSet

register_snippet(MenuViewSet)


# After Wagtail's own, whose handlers these replace.
@hooks.register("register_rich_text_features", order=100)
def register_public_links(features: FeatureRegistry) -> None:
    """Let no rich text link to what is not public."""
    features.register_link_type(PublicPageLinkHandler)
    features.register_link_type(PublicDocumentLinkHandler)


@hooks.register("nexus_product_context")
@hooks.register("nexus_category_context")
@hooks.register("nexus_collection_context")
@hooks.register("nexus_product_index_context")
def add_shell(request: HttpRequest, page: Page) -> dict[str, Any]:
    """Give pages of the catalogue the storefront's frame."""
    return {"shell": get_shell(request)}
