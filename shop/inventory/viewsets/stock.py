"""The stock list, one stock item, and everything that is done to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.views.generic import FormView, TemplateView
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, NumberColumn, StatusTagColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.widgets.button import HeaderButton

from shop.core import clock
from shop.core.errors import ShopError
from shop.inventory.admin_forms import (
    CorrectForm,
    CountForm,
    ReceiveForm,
    ReceiveSkuForm,
    RulesForm,
    ServiceForm,
    StockFilterSet,
)
from shop.inventory.allocation import StockStatus, stock_status
from shop.inventory.models import Reservation, StockItem, StockMovement
from shop.inventory.selectors import list_stock
from shop.inventory.services import adjust_stock, move_stock, set_stock_rules

if TYPE_CHECKING:
    from shop.customers.models import User

MAY_SEE = ("inventory.view_stockitem", "inventory.change_stockitem", "inventory.add_stockmovement")
MAY_CHANGE = "inventory.add_stockmovement"
MOVEMENTS_PER_PAGE = 50
OWNERS_HOOK = "nexus_stock_owners"
"""
``fn(owners: list[str]) -> dict[str, tuple[str, str]]``: the label and admin address of those owners of
reservations that an app knows. Inventory itself knows them by a name such as ``order:<uuid>`` only.
"""


def may_see(request: HttpRequest) -> bool:
    """Whether this person may look at stock."""
    return any(request.user.has_perm(permission) for permission in MAY_SEE)


def item_status(item: StockItem) -> StockStatus:
    """The status of one stock item whose ``free`` is annotated."""
    return stock_status(
        free=getattr(item, "free"),  # noqa: B009 - an annotation of list_stock
        low_from=item.low_stock_threshold,
        allows_backorder=item.allows_backorder,
    )


def _describe(item: StockItem) -> str:
    product = item.variant.product
    parts = [product.title if product else "Deleted product", item.variant.title]
    return ", ".join(part for part in parts if part)


def _with_owners(reservations: list[Reservation]) -> list[dict[str, Any]]:
    owners = [reservation.owner for reservation in reservations]
    known: dict[str, tuple[str, str]] = {}
    for hook in hooks.get_hooks(OWNERS_HOOK):
        known |= hook(owners)
    rows = []
    for reservation in reservations:
        label, url = known.get(reservation.owner, (reservation.owner, ""))
        rows.append({"reservation": reservation, "label": label, "url": url})
    return rows


class MaySeeMixin:
    """Keeps out whoever may not look at stock."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse before anything is read."""
        if not may_see(request):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]


class StockIndexView(MaySeeMixin, generic.IndexView):
    """Every stock item; found by SKU, barcode or the product's title."""

    model = StockItem
    page_title = "Stock"
    header_icon = "table"
    any_permission_required = None
    is_searchable = True
    filterset_class = StockFilterSet
    paginate_by = 50
    default_ordering = "variant__sku"
    results_template_name = "inventory/admin/stock_results.html"
    columns = [
        TitleColumn(
            "sku",
            label="SKU",
            accessor="variant.sku",
            sort_key="variant__sku",
            get_url=lambda item: reverse("stock:item", args=[item.pk]),
        ),
        Column("product", label="Product", accessor=_describe),
        Column("warehouse", label="Warehouse", accessor="warehouse.name", sort_key="warehouse__name"),
        NumberColumn("on_hand", label="On hand", sort_key="on_hand"),
        NumberColumn("reserved", label="Reserved", sort_key="reserved"),
        NumberColumn("free", label="Available", sort_key="free"),
        StatusTagColumn(
            "status",
            label="Status",
            accessor=lambda item: item_status(item).label,
            primary=lambda item: item_status(item) == StockStatus.IN_STOCK,
        ),
    ]

    def get_base_queryset(self) -> QuerySet[StockItem]:
        """Ask the selector: it knows what is available."""
        chosen = self.filters.form.cleaned_data if self.filters and self.filters.form.is_valid() else {}
        warehouse = chosen.get("warehouse")
        return list_stock(
            search=self.search_query,
            warehouse_code=warehouse.code if warehouse else "",
            status=chosen.get("status") or "",
        )

    def search_queryset(self, queryset: QuerySet[StockItem]) -> QuerySet[StockItem]:
        """Nothing more to do: the selector has searched."""
        return queryset

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        """Receiving goods is what this screen is opened for most."""
        if not self.request.user.has_perm(MAY_CHANGE):
            return []
        return [HeaderButton("Receive goods", url=reverse("stock:receive"), icon_name="plus")]


class StockItemView(MaySeeMixin, WagtailAdminTemplateMixin, TemplateView):
    """One SKU in one warehouse: the numbers, who holds how many, and the ledger that explains them."""

    template_name = "inventory/admin/stock_item.html"
    header_icon = "table"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Load everything that the page shows, in a fixed number of queries."""
        item = get_object_or_404(list_stock(), pk=kwargs["pk"])
        self.page_title = item.variant.sku
        movements = Paginator(
            StockMovement.objects.filter(stock_item=item).select_related("actor").order_by("-id"),
            MOVEMENTS_PER_PAGE,
        )
        now = clock.now()
        held = Reservation.objects.filter(stock_item=item, state=Reservation.State.ACTIVE).exclude(
            expires_at__lte=now
        )
        siblings = (
            StockItem.objects.filter(variant=item.variant).exclude(pk=item.pk).select_related("warehouse")
        )
        status = item_status(item)
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {
            "item": item,
            "product": _describe(item),
            "status": status,
            "status_label": status.label,
            "page_obj": movements.get_page(self.request.GET.get("p")),
            "reservations": _with_owners(list(held.order_by("-id")[:MOVEMENTS_PER_PAGE])),
            "siblings": siblings,
            "may_change": self.request.user.has_perm(MAY_CHANGE),
        }

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Home, Stock, this SKU."""
        return [
            *self.breadcrumbs_items,
            {"url": reverse("stock:index"), "label": "Stock"},
            {"url": "", "label": self.page_title},
        ]


class StockFormView(WagtailAdminTemplateMixin, FormView):
    """One change of stock: a form, one service, back to the stock item."""

    template_name = "wagtailadmin/generic/form.html"
    header_icon = "table"
    submit_button_label: ClassVar[str] = "Save"
    heading: ClassVar[str]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse whoever may not change stock, before anything is read."""
        if not request.user.has_perm(MAY_CHANGE):
            raise PermissionDenied
        self.item: StockItem | None = (
            get_object_or_404(list_stock(), pk=kwargs["pk"]) if "pk" in kwargs else None
        )
        return super().dispatch(request, *args, **kwargs)

    def perform(self, form: ServiceForm, *, actor: User) -> StockItem:
        """
        Call the service.

        :raises ShopError: shown on the form
        """
        raise NotImplementedError

    def form_valid(self, form: ServiceForm) -> HttpResponse:
        """Do it, or show beside the fields why not."""
        try:
            item = self.perform(form, actor=cast("User", self.request.user))
        except ShopError as refusal:
            form.add_refusal(refusal)
            return self.form_invalid(form)
        item = StockItem.objects.select_related("variant").get(pk=item.pk)
        messages.success(self.request, f"{item.variant.sku}: {item.on_hand} on hand now.")
        return redirect("stock:item", item.pk)

    def get_page_title(self) -> str:
        return self.heading

    def get_page_subtitle(self) -> str:
        return f"{self.item.variant.sku}, {self.item.warehouse.name}" if self.item else ""

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Home, Stock, the SKU if there is one, this form."""
        trail = [*self.breadcrumbs_items, {"url": reverse("stock:index"), "label": "Stock"}]
        if self.item:
            trail.append({"url": reverse("stock:item", args=[self.item.pk]), "label": self.item.variant.sku})
        return [*trail, {"url": "", "label": self.heading}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what Wagtail's form template asks for."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {
            "action_url": self.request.get_full_path(),
            "submit_button_label": self.submit_button_label,
            "submit_button_active_label": "Saving…",
            "media": context["form"].media,
        }

    @property
    def place(self) -> dict[str, Any]:
        """The stock item in the words of the services."""
        if self.item is None:
            raise PermissionDenied
        return {"variant_id": self.item.variant_id, "warehouse": self.item.warehouse}


class ReceiveView(StockFormView):
    """Goods have come; without a stock item in the address they are named by SKU."""

    heading = "Receive goods"
    submit_button_label = "Receive"

    def get_form_class(self) -> type[ServiceForm]:
        return ReceiveForm if self.item else ReceiveSkuForm

    def perform(self, form: ServiceForm, *, actor: User) -> StockItem:
        """Enter a receipt."""
        data = form.cleaned_data
        place = self.place if self.item else {"sku": data["sku"], "warehouse": data["warehouse"]}
        return move_stock(
            **place,
            kind=StockMovement.Kind.RECEIPT,
            quantity=data["quantity"],
            reference=data["reference"],
            actor=actor,
        ).stock_item


class CountView(StockFormView):
    """Somebody has counted."""

    heading = "Count"
    form_class = CountForm

    def get_initial(self) -> dict[str, Any]:
        return {"counted": self.item.on_hand, "seen": self.item.on_hand} if self.item else {}

    def perform(self, form: ServiceForm, *, actor: User) -> StockItem:
        """Enter the difference to what was seen."""
        return adjust_stock(**self.place, **form.cleaned_data, actor=actor)


class CorrectView(StockFormView):
    """Something is gone or has turned up."""

    heading = "Correct"
    form_class = CorrectForm

    def perform(self, form: ServiceForm, *, actor: User) -> StockItem:
        """Enter a correction."""
        return move_stock(
            **self.place, **form.cleaned_data, kind=StockMovement.Kind.CORRECTION, actor=actor
        ).stock_item


class RulesView(StockFormView):
    """When the item is low, and whether it is sold beyond what there is."""

    heading = "Rules"
    form_class = RulesForm

    def get_initial(self) -> dict[str, Any]:
        if self.item is None:
            return {}
        return {
            "allows_backorder": self.item.allows_backorder,
            "low_stock_threshold": self.item.low_stock_threshold,
        }

    def perform(self, form: ServiceForm, *, actor: User) -> StockItem:
        """Set the rules."""
        return set_stock_rules(**self.place, **form.cleaned_data, actor=actor)


class StockMenuItem(MenuItem):
    """Shown to whoever may look at stock."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Ask the permissions."""
        return may_see(request)


class StockViewSet(ViewSet):
    """The stock list and everything that is done to one stock item."""

    name = "stock"
    url_prefix = "stock/items"
    icon = "table"
    menu_label = "Stock"
    menu_item_class = StockMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        """One address per thing that can be done."""
        names = {
            "index_url_name": self.get_url_name("index"),
            "index_results_url_name": self.get_url_name("index_results"),
        }
        return [
            path("", StockIndexView.as_view(**names), name="index"),
            path("results/", StockIndexView.as_view(**names, results_only=True), name="index_results"),
            path("receive/", ReceiveView.as_view(), name="receive"),
            path("<int:pk>/", StockItemView.as_view(), name="item"),
            path("<int:pk>/receive/", ReceiveView.as_view(), name="receive_item"),
            path("<int:pk>/count/", CountView.as_view(), name="count"),
            path("<int:pk>/correct/", CorrectView.as_view(), name="correct"),
            path("<int:pk>/rules/", RulesView.as_view(), name="rules"),
        ]
