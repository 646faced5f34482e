"""The sheet of many products in the admin, and the ways to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.core.exceptions import PermissionDenied
from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.query import PageQuerySet

from shop.catalogue.bulk_actions.views import ProductBulkAction
from shop.catalogue.grid import GridColumns, registered_columns
from shop.catalogue.grid_adjust import ADJUST, answer_adjustment, count_cells, make_adjust_form
from shop.catalogue.grid_search import GridSearch
from shop.catalogue.models import ProductVariant
from shop.catalogue.permissions import reachable_products
from shop.catalogue.product_grid import ProductGrid, find_rows, load_rows, may_open_grid
from shop.core import clock

if TYPE_CHECKING:
    from shop.catalogue.models.variants import ProductVariantQuerySet
    from shop.customers.models import User

# Beyond it the address of ticked products would be too long for some browsers.
MOST_TICKED = 200


class ProductGridView(WagtailAdminTemplateMixin, View):
    """Prices and stock of many products; search, filters and columns stand in the address."""

    template_name = "catalogue/admin/product_grid.html"
    page_title = "Prices and stock"
    header_icon = "table"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Let in who may change any of the columns, or look at variants."""
        self.user = cast("User", request.user)
        if not may_open_grid(self.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def _grid(self, request: HttpRequest, *, is_typed: bool = False) -> ProductGrid:
        return ProductGrid(
            self.user, shown=request.GET.getlist("show"), typed=request.POST if is_typed else None
        )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show one page of what the address asks for."""
        grid, search = self._grid(request), GridSearch(request)
        page = search.page(grid.rows_per_page)
        # Still a query, of which the page is a slice.
        grid.fill(load_rows(cast("ProductVariantQuerySet", page.object_list)))
        return self.render_to_response(self.get_context_data(sheet=grid, search=search, page=page))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save the rows that were sent, or change a column of them first."""
        grid = self._grid(request, is_typed=True)
        grid.fill(find_rows(self.user, request.POST.getlist("row")))
        if not grid.can_edit:
            raise PermissionDenied
        if request.POST.get("action") == ADJUST:
            return answer_adjustment(self, grid)
        saved = grid.save(at=clock.now())
        if not grid.errors:
            text = f"Saved: {count_cells(saved)}." if saved else "Nothing was changed, so nothing was saved."
            messages.success(request, text)
            return redirect(request.get_full_path())
        messages.error(request, "Nothing has been saved yet: please mend the marked cells.")
        return self.render_to_response(self.get_context_data(sheet=grid), status=422)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Lead from the list of products to here."""
        listing = {"url": reverse("products:index"), "label": "Products"}
        return [*self.breadcrumbs_items, listing, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the filters, the pages and what is wrong."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        grid: ProductGrid = context["sheet"]
        search: GridSearch = context.get("search") or GridSearch(self.request)
        page = context["page"] if "page" in context else search.page(grid.rows_per_page)
        context |= {"search": search, "page": page}
        context.setdefault("adjust_form", make_adjust_form(grid))
        context["general_errors"], context["summary"] = grid.list_errors()
        context["media"] = search.media
        context["page_query"] = search.query_with()
        context["bulk_urls"] = self._bulk_urls(search, page)
        return context

    def _bulk_urls(self, search: GridSearch, page: Page[ProductVariant]) -> list[str]:
        """Where the changes begin that reach beyond this page; none where it is the only one."""
        if page.paginator.num_pages == 1 or not search.suits_bulk_actions:
            return []
        asked = self.request.GET.copy()
        for name in ("p", "show", "order"):
            asked.pop(name, None)
        if not search.product_ids:
            asked["id"] = "all"
        asked["next"] = self.request.get_full_path()
        return [
            f"{reverse('wagtail_bulk_action', args=('catalogue', 'productpage', name))}?{asked.urlencode()}"
            for columns in registered_columns()
            if (name := _bulk_action_of(columns, self.user))
        ]


def _bulk_action_of(columns: GridColumns, user: User) -> str:
    return columns.bulk_action if columns.can_edit(user) else ""


class EditPricesAndStock(ProductBulkAction):
    """Leads the ticked products of the list to their prices and stock on one sheet."""

    display_name = "Edit prices and stock"
    aria_label = "Edit prices and stock of the selected products"
    action_type = "edit-grid"
    change = ""
    action_priority = 5

    def list_allowed(self) -> PageQuerySet:
        """Prices and stock may be changed by people who may not edit pages."""
        return reachable_products(self.request.user)

    def _dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Nothing is asked: the sheet shows what is meant."""
        asked = request.GET.copy()
        asked.pop("next", None)
        if "all" in asked.getlist("id"):
            asked.pop("id")
        else:
            # Few are ticked by hand; the filters have done their part by then.
            ticked = [pk for pk in asked.getlist("id") if pk.isdigit()][:MOST_TICKED]
            asked.clear()
            asked.setlist("id", ticked)
        return redirect(f"{reverse('catalogue_grid')}?{asked.urlencode()}")


class GridMenuItem(MenuItem):
    """The sheet in the menu, for those who may open it."""

    def __init__(self, order: int) -> None:
        super().__init__(
            ProductGridView.page_title,
            reverse("catalogue_grid"),
            name="prices-and-stock",
            icon_name="table",
            order=order,
        )

    def is_shown(self, request: HttpRequest) -> bool:
        return may_open_grid(cast("User", request.user))
