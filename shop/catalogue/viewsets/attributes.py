"""Properties of goods."""

from __future__ import annotations

from wagtail.snippets.views.snippets import SnippetViewSet

from shop.catalogue.guard_views import GuardedDeleteView
from shop.catalogue.models import Attribute


class AttributeViewSet(SnippetViewSet):
    """Properties of goods, and their values."""

    model = Attribute
    icon = "list-ul"
    menu_label = "Attributes"
    delete_view_class = GuardedDeleteView
    delete_template_name = GuardedDeleteView.template_name
    list_display = ["name", "slug", "kind", "makes_variants", "is_filterable"]
    list_filter = ["kind", "makes_variants", "is_filterable"]
    search_fields = ["name", "slug"]
    search_backend_name = None
    sort_order_field = None
