"""Sorts of goods and the attributes that they carry."""

from __future__ import annotations

from django.db.models import QuerySet
from wagtail.admin.ui.tables import Column
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet

from shop.catalogue.attributes.usage import with_type_counts
from shop.catalogue.models import ProductType


class ProductTypeIndexView(IndexView):
    """Types with how many attributes and products they have."""

    def get_base_queryset(self) -> QuerySet[ProductType]:
        """Count in the list's own query."""
        return with_type_counts(super().get_base_queryset())


class ProductTypeViewSet(SnippetViewSet):
    """What goods of one sort have in common."""

    model = ProductType
    icon = "form"
    menu_label = "Product types"
    index_view_class = ProductTypeIndexView
    list_display = [
        "name",
        Column("kind", label="Kind", accessor="get_kind_display", sort_key="kind"),
        Column("attribute_count", label="Attributes", sort_key="attribute_count"),
        Column("product_count", label="Products", sort_key="product_count"),
    ]
    list_filter = ["kind"]
    search_fields = ["name", "slug"]
    search_backend_name = None
    sort_order_field = None
