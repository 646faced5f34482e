"""Collections of products."""

from __future__ import annotations

from wagtail.admin.ui.tables import Column, LiveStatusTagColumn, UpdatedAtColumn
from wagtail.snippets.views.snippets import SnippetViewSet

from shop.catalogue.guard_views import GuardedDeleteView, GuardedUnpublishView
from shop.catalogue.models import ProductCollection


class CollectionViewSet(SnippetViewSet):
    """Products put together by hand, or by a rule."""

    model = ProductCollection
    icon = "list-ul"
    menu_label = "Collections"
    delete_view_class = GuardedDeleteView
    delete_template_name = GuardedDeleteView.template_name
    unpublish_view_class = GuardedUnpublishView
    list_display = [
        "name",
        Column("kind", label="Products come in", accessor="get_kind_display"),
        Column("slug", label="Web address", accessor="url"),
        LiveStatusTagColumn(),
        UpdatedAtColumn(),
    ]
    list_filter = ["kind"]
    search_fields = ["name", "slug"]
    search_backend_name = None
