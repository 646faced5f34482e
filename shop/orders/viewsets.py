"""The order screens as one section of the admin."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.functional import cached_property
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from shop.orders.admin_views import OrderIndexView, OrderView, order_action
from shop.orders.models import Order


class OrderMenuItem(MenuItem):
    """Shown to whoever may see orders."""

    def is_shown(self, request: HttpRequest) -> bool:
        return any(request.user.has_perm(f"orders.{action}_order") for action in ("view", "change"))


class OrderViewSet(ViewSet):
    """Orders are placed by shoppers and moved by actions: there is nothing to add, edit or delete."""

    name = "orders_admin"
    url_prefix = "orders"
    icon = "clipboard-list"
    menu_label = "Orders"
    menu_name = "orders"
    menu_order = 200
    add_to_admin_menu = True
    model = Order

    @cached_property
    def menu_item_class(self) -> type[MenuItem]:
        return OrderMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        names = {
            "index_url_name": self.get_url_name("index"),
            "index_results_url_name": self.get_url_name("index_results"),
        }
        return [
            path("", OrderIndexView.as_view(**names), name="index"),
            path("results/", OrderIndexView.as_view(**names, results_only=True), name="index_results"),
            path("<str:number>/", OrderView.as_view(), name="order"),
            path("<str:number>/<slug:slug>/", order_action, name="action"),
        ]


orders = OrderViewSet()
