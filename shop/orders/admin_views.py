"""The list of orders and the screen of one order, in the admin."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.generic import TemplateView
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn, TitleColumn
from wagtail.admin.utils import get_user_display_name
from wagtail.admin.views import generic
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from shop.core.money import Money, format_money
from shop.inventory.selectors import list_reservations
from shop.orders.admin_extensions import (
    INDEX_URL_NAME,
    ORDER_URL_NAME,
    get_action_classes,
    get_order_or_404,
    get_order_panels,
)
from shop.orders.admin_forms import OrderFilterSet
from shop.orders.labels import FALLEN, fulfilment_label, tax_label
from shop.orders.models import Order, OrderAddress, OrderEvent, OrderLine
from shop.orders.selectors import list_orders, order_address, order_url
from shop.orders.transitions import FulfilmentStatus, OrderStatus, PaymentStatus

SETTLED = (OrderStatus.COMPLETED, *FALLEN)
TO_SEND = (FulfilmentStatus.UNFULFILLED, FulfilmentStatus.PARTIALLY_FULFILLED)


def _buyer(order: Order) -> str:
    address = order_address(order, OrderAddress.Kind.SHIPPING)
    return f"{address.full_name} · {order.email}" if address else order.email


class OrderIndexView(generic.IndexView):
    """Orders, newest first; found by number, e-mail address, SKU or name."""

    model = Order
    any_permission_required = ("view", "change")
    page_title = "Orders"
    header_icon = "clipboard-list"
    is_searchable = True
    filterset_class = OrderFilterSet
    default_ordering = "-placed_at"
    paginate_by = 50
    results_template_name = "orders/admin/index_results.html"
    columns = [
        TitleColumn(
            "number",
            label="Order",
            sort_key="number",
            classname="w-whitespace-nowrap",
            get_url=lambda order: reverse(ORDER_URL_NAME, args=[order.number]),
        ),
        DateColumn("placed_at", label="Placed", sort_key="placed_at"),
        Column("buyer", label="Buyer", accessor=_buyer),
        Column("pieces", label="Pieces"),
        Column(
            "total",
            label="Total",
            accessor=lambda order: format_money(order.money("total")),
            sort_key="total",
        ),
        # Wagtail draws a "primary" tag pale and any other strong: what is left to do must stand out.
        StatusTagColumn(
            "status",
            label="Order",
            accessor="get_status_display",
            primary=lambda order: order.status in SETTLED,
        ),
        StatusTagColumn(
            "payment_status",
            label="Payment",
            accessor="get_payment_status_display",
            primary=lambda order: order.payment_status != PaymentStatus.UNPAID or order.status in FALLEN,
        ),
        StatusTagColumn(
            "fulfilment_status",
            label="Fulfilment",
            accessor=fulfilment_label,
            classname="w-whitespace-nowrap",
            primary=lambda order: order.fulfilment_status not in TO_SEND or order.status in FALLEN,
        ),
    ]

    def get_base_queryset(self) -> QuerySet[Order]:
        orders = list_orders(search=self.search_query)
        return orders.annotate(pieces=Sum("lines__quantity")).prefetch_related("addresses")

    def search_queryset(self, queryset: QuerySet[Order]) -> QuerySet[Order]:
        return queryset


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """Something that happened, or that a colleague wrote."""

    at: datetime
    title: str
    detail: str
    who: str
    is_note: bool = False


@dataclass(frozen=True, slots=True)
class LineRow:
    """One line with its money formatted and the way its price came about."""

    line: OrderLine
    unit_price: str
    discount: str
    net: str
    tax: str
    gross: str
    tax_label: str
    trace: list[dict[str, Any]]


class OrderView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """Everything about one order on one screen."""

    model = Order
    any_permission_required = ("view", "change")
    template_name = "orders/admin/order.html"
    header_icon = "clipboard-list"

    def get(self, request: HttpRequest, *args: Any, number: str, **kwargs: Any) -> HttpResponse:
        """Draw the screen."""
        self.order = get_order_or_404(number)
        return super().get(request, *args, **kwargs)

    def get_page_title(self) -> str:
        return f"Order {self.order.number}"

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse(INDEX_URL_NAME), "label": "Orders"},
            {"url": "", "label": self.order.number},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        order = self.order
        return super().get_context_data(
            **kwargs,
            order=order,
            fulfilment_label=fulfilment_label(order),
            rows=[_line_row(line, order) for line in order.lines.all()],
            amounts=_amounts(order),
            total=format_money(order.money("total")),
            shipping_address=order_address(order, OrderAddress.Kind.SHIPPING),
            billing_address=order_address(order, OrderAddress.Kind.BILLING),
            reservations=list_reservations(order.stock_owner),
            timeline=_timeline(order),
            # The link holds the buyer's token, with which the order can be cancelled: not for mere readers.
            customer_url=order_url(order) if self.request.user.has_perm("orders.cancel_order") else "",
            actions=[
                {
                    "label": action.label,
                    "icon": action.icon,
                    "url": action.get_url(order),
                    "is_serious": action.is_serious,
                }
                for action in get_action_classes()
                if self.request.user.has_perm(action.permission) and action.is_offered(order)
            ],
            panels=get_order_panels(self.request, order),
        )


def order_action(request: HttpRequest, number: str, slug: str) -> HttpResponseBase:
    """The page of one action; which actions there are is known only once every app is loaded."""
    for action in get_action_classes():
        if action.slug == slug:
            return action.as_view()(request, number=number)
    raise Http404


def _line_row(line: OrderLine, order: Order) -> LineRow:
    def text(amount: Any) -> str:
        return format_money(Money(amount, order.currency))

    return LineRow(
        line=line,
        unit_price=text(line.unit_price),
        discount=text(-line.discount) if line.discount else "",
        net=text(line.net),
        tax=text(line.tax),
        gross=text(line.gross),
        tax_label=tax_label(line.tax_name, line.tax_rate),
        trace=[step for step in line.price_trace if isinstance(step, dict)],
    )


def _amounts(order: Order) -> list[tuple[str, str]]:
    rows = [("Subtotal", format_money(order.money("subtotal")))]
    if order.discount:
        rows.append(("Discount", format_money(-order.money("discount"))))
    if order.shipping_method_name:
        rows.append((f"Shipping: {order.shipping_method_name}", format_money(order.money("shipping"))))
    included = "included: " if order.prices_include_tax else ""
    for tax in order.tax_lines.all():
        base, amount = Money(tax.base, order.currency), Money(tax.amount, order.currency)
        label = f"{included}{tax_label(tax.name, tax.rate)} of {format_money(base)}"
        rows.append((label[:1].upper() + label[1:], format_money(amount)))
    return rows


def _timeline(order: Order) -> list[TimelineEntry]:
    """What happened and what colleagues wrote, newest first."""
    events = order.events.select_related("actor")
    entries = [
        TimelineEntry(event.at, event.get_kind_display(), _event_detail(event), _name(event.actor))
        for event in events
    ]
    notes = order.notes.select_related("author")
    entries += [
        TimelineEntry(note.created_at, "Note", note.text, _name(note.author), is_note=True) for note in notes
    ]
    # Reversed after sorting, so that of one moment too (placed, confirmed) the later comes first.
    return sorted(entries, key=lambda entry: entry.at)[::-1]


def _event_detail(event: OrderEvent) -> str:
    data = event.data
    parts = [data.get("carrier"), data.get("tracking_number"), data.get("reason")]
    if event.kind == OrderEvent.Kind.PAYMENT_CHANGED and data.get("payment_status"):
        parts.append(str(PaymentStatus(data["payment_status"]).label))
    return " · ".join(str(part) for part in parts if part)


def _name(user: Any) -> str:
    return get_user_display_name(user) if user else ""
