"""The tree of categories."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, QuerySet
from django.urls import reverse
from wagtail.admin.ui.menus import MenuItem
from wagtail.admin.ui.tables import Column, LiveStatusTagColumn, TitleColumn, UpdatedAtColumn
from wagtail.snippets.views.snippets import IndexView as SnippetIndexView
from wagtail.snippets.views.snippets import SnippetViewSet

from shop.catalogue.models import Category


class CategoryTitleColumn(TitleColumn):
    """The name, set in by its depth."""

    cell_template_name = "catalogue/admin/_category_title.html"

    def get_cell_context_data(self, instance: Category, parent_context: dict[str, Any]) -> dict[str, Any]:
        """Add the dashes before the name."""
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        context["indent"] = "\u2014 " * (instance.depth - 1)
        return context


class CategoryIndexView(SnippetIndexView):
    """Categories in the order of the tree, with a way to move each."""

    default_ordering = "tree_order"

    def get_base_queryset(self) -> QuerySet[Category]:
        """Count products, drafts included."""
        return (
            super()
            .get_base_queryset()
            .annotate(product_count=Count("product_categories__page", distinct=True))
        )

    def _get_title_column(self, field_name: str, column_class: type = TitleColumn, **kwargs: Any) -> Any:
        return super()._get_title_column(field_name, CategoryTitleColumn, **kwargs)

    def get_list_more_buttons(self, instance: Category) -> list[Any]:
        """Add "Move" for those who may."""
        buttons: list[Any] = super().get_list_more_buttons(instance)
        if self.request.user.has_perm("catalogue.publish_category"):
            buttons.append(
                MenuItem(
                    "Move",
                    url=reverse("catalogue_move_category", args=[instance.pk]),
                    icon_name="arrow-right-full",
                    priority=25,
                )
            )
        return buttons


class CategoryViewSet(SnippetViewSet):
    """The tree of categories."""

    model = Category
    icon = "folder-open-inverse"
    menu_label = "Categories"
    index_view_class = CategoryIndexView
    list_display = [
        "name",
        Column("slug", label="Web address", accessor="url"),
        Column("product_count", label="Products"),
        LiveStatusTagColumn(),
        UpdatedAtColumn(),
    ]
    search_fields = ["name", "slug"]
    search_backend_name = None
    ordering = ["tree_order"]
    list_per_page = 200
    # Positions count per parent: the sheet that Wagtail offers for one flat list would mix them up.
    sort_order_field = None
