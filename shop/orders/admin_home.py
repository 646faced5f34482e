"""What the admin's home page says of orders."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from wagtail.admin.site_summary import SummaryItem

from shop.orders.admin_extensions import INDEX_URL_NAME
from shop.orders.selectors import list_orders
from shop.orders.transitions import FulfilmentStatus, OrderStatus

TO_SEND = {"status": OrderStatus.CONFIRMED.value, "fulfilment_status": FulfilmentStatus.UNFULFILLED.value}


class OrdersToSendItem(SummaryItem):
    """How many orders wait to be sent, with a link to them."""

    order = 50
    template_name = "orders/admin/home_summary.html"

    def is_shown(self) -> bool:
        """To whoever may see orders."""
        return self.request.user.has_perm("orders.view_order") or self.request.user.has_perm(
            "orders.change_order"
        )

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        orders = list_orders(status=TO_SEND["status"], fulfilment_status=TO_SEND["fulfilment_status"])
        return {
            "count": orders.count(),
            "url": f"{reverse(INDEX_URL_NAME)}?{urlencode(TO_SEND)}",
        }
