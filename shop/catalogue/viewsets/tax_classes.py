"""Kinds of goods for tax."""

from __future__ import annotations

from wagtail.snippets.views.snippets import SnippetViewSet

from shop.catalogue.models import TaxClass


class TaxClassViewSet(SnippetViewSet):
    """Kinds of goods for tax; the rates are beside the tax app's own screens."""

    model = TaxClass
    icon = "tag"
    menu_label = "Tax classes"
    list_display = ["name", "code"]
    search_fields = ["name", "code"]
    search_backend_name = None
