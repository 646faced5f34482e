from __future__ import annotations

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from wagtail import hooks
from wagtail.rich_text import FeatureRegistry
from wagtail.snippets.models import register_snippet

from content.cart_context import cart_context
from content.rich_text import PublicDocumentLinkHandler, PublicPageLinkHandler
from content.viewsets import AuthorViewSet, MenuViewSet

register_snippet(MenuViewSet)
register_snippet(AuthorViewSet)
hooks.register("nexus_cart_context", cart_context)


@hooks.register("register_permissions")
def register_permissions() -> QuerySet[Permission]:
    """Let groups be given the right to write HTML by hand."""
    return Permission.objects.filter(content_type__app_label="content", codename="write_raw_html")


# After Wagtail's own, whose handlers these replace.
@hooks.register("register_rich_text_features", order=100)
def register_public_links(features: FeatureRegistry) -> None:
    """Let no rich text link to what is not public."""
    features.register_link_type(PublicPageLinkHandler)
    features.register_link_type(PublicDocumentLinkHandler)
