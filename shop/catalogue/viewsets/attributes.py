"""Properties of goods."""

from __future__ import annotations

from django.db.models import QuerySet
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet

from shop.catalogue.attributes.usage import with_attribute_counts
from shop.catalogue.models import Attribute


class AttributeIndexView(IndexView):
    """Attributes with who uses them."""

    def get_base_queryset(self) -> QuerySet[Attribute]:
        """Count in the list's own query."""
        return with_attribute_counts(super().get_base_queryset())


class AttributeViewSet(SnippetViewSet):
    """Properties of goods, and their values."""

    model = Attribute
    icon = "list-ul"
    menu_label = "Attributes"
    index_view_class = AttributeIndexView
    list_display = [
        "name",
        "slug",
        Column("kind", label="Kind", accessor="get_kind_display", sort_key="kind"),
        BooleanColumn("makes_variants", label="Makes variants"),
        BooleanColumn("is_filterable", label="Filter"),
        Column("type_count", label="Types", sort_key="type_count"),
        Column("product_count", label="Products", sort_key="product_count"),
        Column("variant_count", label="Variants", sort_key="variant_count"),
    ]
    list_filter = ["kind", "makes_variants", "is_filterable"]
    search_fields = ["name", "slug"]
    search_backend_name = None
    sort_order_field = None
