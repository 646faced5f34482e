"""Who makes the goods."""

from __future__ import annotations

from wagtail.snippets.views.snippets import SnippetViewSet

from shop.catalogue.guard_views import GuardedDeleteView
from shop.catalogue.models import Brand


class BrandViewSet(SnippetViewSet):
    """Who makes the goods."""

    model = Brand
    icon = "tag"
    menu_label = "Brands"
    delete_view_class = GuardedDeleteView
    delete_template_name = GuardedDeleteView.template_name
    list_display = ["name", "slug"]
    search_fields = ["name", "slug"]
    search_backend_name = None
