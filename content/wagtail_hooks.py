from __future__ import annotations

from wagtail import hooks
from wagtail.rich_text import FeatureRegistry
from wagtail.snippets.models import register_snippet

from content.rich_text import PublicDocumentLinkHandler, PublicPageLinkHandler
from content.viewsets import MenuViewSet

register_snippet(MenuViewSet)


# After Wagtail's own, whose handlers these replace.
@hooks.register("register_rich_text_features", order=100)
def register_public_links(features: FeatureRegistry) -> None:
    """Let no rich text link to what is not public."""
    features.register_link_type(PublicPageLinkHandler)
    features.register_link_type(PublicDocumentLinkHandler)
