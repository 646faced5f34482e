"""The ledger, to look something up."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from wagtail.admin.ui.tables import Column, DateColumn, NumberColumn, TitleColumn, UserColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.widgets.button import HeaderButton

from shop.inventory.admin_forms import MovementFilterSet
from shop.inventory.models import StockMovement
from shop.inventory.viewsets.stock import MaySeeMixin, StockMenuItem


class MovementIndexView(MaySeeMixin, generic.IndexView):
    """The whole ledger, newest first; found by SKU or reference."""

    model = StockMovement
    page_title = "Movements"
    header_icon = "history"
    any_permission_required = None
    is_searchable = True
    filterset_class = MovementFilterSet
    paginate_by = 50
    default_ordering = "-id"
    results_template_name = "inventory/admin/movement_results.html"
    columns = [
        DateColumn("at", label="When"),
        TitleColumn(
            "sku",
            label="SKU",
            accessor="stock_item.variant.sku",
            get_url=lambda movement: reverse("stock:item", args=[movement.stock_item_id]),
        ),
        Column("warehouse", label="Warehouse", accessor="stock_item.warehouse.name"),
        Column("kind", label="Kind", accessor="get_kind_display"),
        Column("quantity", label="Pieces", accessor=lambda movement: f"{movement.quantity:+d}"),
        NumberColumn("balance_after", label="On hand after"),
        Column(
            "reference", label="Reference", accessor=lambda movement: movement.reference or movement.reason
        ),
        UserColumn("actor", label="By"),
    ]

    def get_base_queryset(self) -> QuerySet[StockMovement]:
        """Load what the columns show."""
        return StockMovement.objects.select_related(
            "stock_item__variant", "stock_item__warehouse", "actor__wagtail_userprofile"
        )

    def search_queryset(self, queryset: QuerySet[StockMovement]) -> QuerySet[StockMovement]:
        """Find by a part of the SKU or the beginning of the reference."""
        typed = self.search_query.strip()
        if not typed:
            return queryset
        return queryset.filter(Q(stock_item__variant__sku__icontains=typed) | Q(reference__istartswith=typed))

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        """A ledger is not edited."""
        return []


class MovementViewSet(ViewSet):
    """The ledger, to look something up."""

    name = "stock_movements"
    url_prefix = "stock/movements"
    icon = "history"
    menu_label = "Movements"
    menu_item_class = StockMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        """The list, and the list alone for searching as one types."""
        names = {
            "index_url_name": self.get_url_name("index"),
            "index_results_url_name": self.get_url_name("index_results"),
        }
        return [
            path("", MovementIndexView.as_view(**names), name="index"),
            path("results/", MovementIndexView.as_view(**names, results_only=True), name="index_results"),
        ]
