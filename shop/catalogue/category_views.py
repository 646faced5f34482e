"""The tree of categories: its list, and the door that moves one by dragging."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, reverse
from django.views.generic import View
from wagtail.snippets.views.snippets import CreateView, IndexView

from shop.catalogue.admin_views import MoveCategoryForm
from shop.catalogue.category_tree import load_rows
from shop.catalogue.models import Category
from shop.catalogue.services import move_category
from shop.catalogue.services.categories import CategoryNotMovable
from shop.core import clock
from shop.customers.actors import actor_of

if TYPE_CHECKING:
    pass


class CategoryTreeView(IndexView):
    """Every category on one screen, as a tree that is searched, folded and rearranged."""

    template_name = "catalogue/admin/categories/index.html"
    results_template_name = "catalogue/admin/categories/tree.html"
    paginate_by = None

    def get_base_queryset(self) -> Any:
        """Load none here: the tree is read whole, in queries of its own."""
        return Category.objects.none()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the rows, and what this user may do with them."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        user = self.request.user
        return context | {
            "rows": load_rows(query=self.search_query or ""),
            "query": (self.search_query or "").strip(),
            "may_edit": user.has_perm("catalogue.change_category"),
            "may_add": user.has_perm("catalogue.add_category"),
            "may_move": user.has_perm("catalogue.publish_category"),
            "may_delete": user.has_perm("catalogue.delete_category"),
            "can_order": _has_order_screen(),
            "urls": {
                name: Category.snippet_viewset.get_url_name(name)
                for name in ("list", "add", "edit", "delete", "place")
            },
        }


class CategoryCreateView(CreateView):
    """A new category, inside the one whose "add below" was pressed."""

    def get_initial_form_instance(self) -> Category | None:
        """Begin inside the category that the address names."""
        parent = self.request.GET.get("parent", "")
        above = Category.objects.filter(pk=parent).first() if parent.isdecimal() else None
        return (
            Category(parent=above) if above else cast("Category | None", super().get_initial_form_instance())
        )


def _has_order_screen() -> bool:
    try:
        reverse("catalogue_category_order", args=[0])
    except NoReverseMatch:
        return False
    return True


class PlaceCategoryView(View):
    """
    Moves a category to where it was dropped, and says in JSON how to take that back.

    ``parent`` and ``after`` are those of the move screen, empty for the top and for the first place.
    """

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Move it; refusals are sentences for the person who dragged."""
        user = actor_of(request)
        if not user.has_perm("catalogue.publish_category"):
            return _refused("You may not move categories: it is seen by shoppers at once.", status=403)
        category = get_object_or_404(Category, pk=pk)
        form = MoveCategoryForm(request.POST, category=category)
        if not form.is_valid():
            messages = [str(message) for found in form.errors.values() for message in found]
            return _refused(" ".join(messages), status=409)
        before = category.parent_id, _previous_sibling(category)
        try:
            move_category(category=category, actor=user, at=clock.now(), **form.cleaned_data)
        except CategoryNotMovable as refused:
            return _refused(refused.detail, status=refused.status)
        return JsonResponse(
            {
                "detail": f"“{category.name}” has been moved.",
                "undo": {"parent": before[0] or "", "after": before[1] or ""},
            }
        )


def _previous_sibling(category: Category) -> int | None:
    before = Category.objects.filter(parent=category.parent_id, sort_order__lt=category.sort_order)
    return before.order_by("-sort_order").values_list("pk", flat=True).first()


def _refused(detail: str, *, status: int) -> JsonResponse:
    return JsonResponse({"detail": detail}, status=status)
