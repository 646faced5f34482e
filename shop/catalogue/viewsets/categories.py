"""The tree of categories."""

from __future__ import annotations

from django.urls import URLPattern, path
from wagtail.snippets.views.snippets import SnippetViewSet

from shop.catalogue.category_views import CategoryCreateView, CategoryTreeView, PlaceCategoryView
from shop.catalogue.guard_views import GuardedDeleteView, GuardedUnpublishView, RefileProductsView
from shop.catalogue.models import Category


class CategoryViewSet(SnippetViewSet):
    """Categories: drafts and revisions of their words, and a place in the tree that has none."""

    model = Category
    icon = "folder-open-inverse"
    menu_label = "Categories"
    index_view_class = CategoryTreeView
    add_view_class = CategoryCreateView
    index_template_name = CategoryTreeView.template_name
    index_results_template_name = CategoryTreeView.results_template_name
    delete_view_class = GuardedDeleteView
    delete_template_name = GuardedDeleteView.template_name
    unpublish_view_class = GuardedUnpublishView
    list_display = ["name"]
    search_fields = ["name", "slug"]
    search_backend_name = None
    ordering = ["tree_order"]
    # Positions count per parent: the sheet that Wagtail offers for one flat list would mix them up.
    sort_order_field = None

    def get_urlpatterns(self) -> list[URLPattern]:
        """Add the doors of the tree and of the guard."""
        return [
            *super().get_urlpatterns(),
            path("place/<int:pk>/", PlaceCategoryView.as_view(), name="place"),
            path("refile/<int:pk>/", RefileProductsView.as_view(), name="refile"),
        ]
