from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.site_summary import SummaryItem
from wagtail.admin.ui.components import Component

from shop.inventory.viewsets.stock import OWNERS_HOOK
from shop.orders.admin_actions import ACTIONS
from shop.orders.admin_extensions import ACTIONS_HOOK, ORDER_URL_NAME, OrderActionView
from shop.orders.admin_home import OrdersToSendItem
from shop.orders.replay_views import ReplayView
from shop.orders.sales_panel import SalesPanel
from shop.orders.selectors import list_orders_of_stock
from shop.orders.viewsets import OrderViewSet, orders


@hooks.register("register_admin_viewset")
def register_orders() -> OrderViewSet:
    """The order screens."""
    return orders


@hooks.register(ACTIONS_HOOK)
def register_actions() -> list[type[OrderActionView]]:
    """What can be done to an order."""
    return ACTIONS


@hooks.register("register_permissions")
def register_order_permissions() -> QuerySet[Permission]:
    """What can be ticked for a group."""
    codenames = (
        "view_order",
        "change_order",
        "ship_order",
        "cancel_order",
        "mark_order_paid",
        "add_order_note",
    )
    return Permission.objects.filter(content_type__app_label="orders", codename__in=codenames)


@hooks.register(OWNERS_HOOK)
def name_stock_owners(owners: list[str]) -> dict[str, tuple[str, str]]:
    """For which orders stock is held."""
    orders = list_orders_of_stock(owners)
    return {
        order.stock_owner: (order.number, reverse(ORDER_URL_NAME, args=[order.number])) for order in orders
    }


@hooks.register("construct_homepage_summary_items")
def add_orders_to_send(request: HttpRequest, items: list[SummaryItem]) -> None:
    """How many orders wait, on the home page."""
    items.append(OrdersToSendItem(request))


@hooks.register("construct_homepage_panels")
def show_sales(request: HttpRequest, panels: list[Component]) -> None:
    """How goods sell, for those who work on them or may see orders."""
    if SalesPanel.is_shown_to(request.user):
        panels.append(SalesPanel())


@hooks.register("register_admin_urls")
def register_replay_urls() -> list[URLPattern]:
    """The dry run of a promotion on orders of the past."""
    return [path("promotions/dry-run/<int:pk>/", ReplayView.as_view(), name="promotions_replay")]
