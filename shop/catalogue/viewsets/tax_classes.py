"""Kinds of goods for tax."""

from __future__ import annotations

from wagtail.snippets.views.snippets import SnippetViewSet

from shop.catalogue.guard_views import GuardedDeleteView
from shop.catalogue.models import TaxClass


class TaxClassViewSet(SnippetViewSet):
    """Kinds of goods for tax; the rates are beside the tax app's own screens."""

    model = TaxClass
    icon = "tag"
    menu_label = "Tax classes"
    delete_view_class = GuardedDeleteView
    delete_template_name = GuardedDeleteView.template_name
    list_display = ["name", "code"]
    search_fields = ["name", "code"]
    search_backend_name = None
