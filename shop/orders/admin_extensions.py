"""
How apps above orders show themselves on the order screen of the admin, without orders knowing them.

``hooks.register("nexus_order_panels")``: ``fn(request, order) -> Component | None``; a panel beside the
order, such as its payments or its e-mails.

``hooks.register("nexus_order_actions")``: ``fn() -> list[type[OrderActionView]]``; things that staff can do
to it.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.views.generic import FormView
from wagtail import hooks
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from shop.core import clock
from shop.core.errors import ErrorItem, ShopError
from shop.orders.models import Order
from shop.orders.selectors import OrderNotFound, get_order_for_staff
from shop.orders.services import lock_order

if TYPE_CHECKING:
    from wagtail.admin.ui.components import Component

PANELS_HOOK = "nexus_order_panels"
ACTIONS_HOOK = "nexus_order_actions"
INDEX_URL_NAME = "orders_admin:index"
ORDER_URL_NAME = "orders_admin:order"
ACTION_URL_NAME = "orders_admin:action"


class OrderChanged(ShopError):
    """Somebody else changed the order since the page was opened."""

    code = "order_changed"
    status = 409
    title = "The order has changed since you opened this page. Look at it again, then confirm."


def get_order_panels(request: HttpRequest, order: Order) -> list[Component]:
    """Every panel that other apps have for this order, in the order of their hooks."""
    panels = [hook(request, order) for hook in hooks.get_hooks(PANELS_HOOK)]
    return [panel for panel in panels if panel is not None]


def get_action_classes() -> list[type[OrderActionView]]:
    """Every action that staff may be offered, in the order in which they are usually taken."""
    found = [action for hook in hooks.get_hooks(ACTIONS_HOOK) for action in hook()]
    return sorted(found, key=lambda action: action.position)


def get_order_or_404(number: str) -> Order:
    """The order, everything loaded, or Django's 404."""
    try:
        return get_order_for_staff(number)
    except OrderNotFound as missing:
        raise Http404 from missing


class OrderActionView(WagtailAdminTemplateMixin, FormView):
    """
    One thing that staff do to an order, on a page that says what will happen and asks to confirm.

    Subclasses name it, say when it is offered, and call one service in ``perform``.
    """

    slug: ClassVar[str]
    label: ClassVar[str]
    """The button on the order screen, for example "Mark as paid"."""
    icon: ClassVar[str] = "check"
    permission: ClassVar[str]
    """``app_label.codename``."""
    position: ClassVar[int] = 100
    explanation: ClassVar[str] = ""
    """What confirming does, for people who do it for the first time."""
    confirm_label: ClassVar[str] = ""
    done_message: ClassVar[str] = ""
    """With ``{number}``, for example "Order {number} is cancelled."."""
    is_serious: ClassVar[bool] = False
    """Whether it cannot be taken back."""

    template_name = "orders/admin/action.html"
    order: Order

    @classmethod
    def is_offered(cls, order: Order) -> bool:
        """Whether the order is in a state for this."""
        raise NotImplementedError

    def perform(self, *, order: Order, form: Form, at: datetime) -> None:
        """
        Call the service.

        :raises ShopError: shown on the form
        """
        raise NotImplementedError

    def get_explanation(self) -> str:
        """What confirming does to this very order."""
        return self.explanation

    @classmethod
    def get_url(cls, order: Order) -> str:
        """Where the page of this action is."""
        return reverse(ACTION_URL_NAME, args=[order.number, cls.slug])

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm(self.permission):
            raise PermissionDenied
        self.order = get_order_or_404(kwargs["number"])
        # A page left open, or a second click: the thing is done, or no longer to be done.
        if not self.is_offered(self.order):
            messages.warning(
                request, f"{self.label}: not possible for order {self.order.number} as it stands now."
            )
            return redirect(ORDER_URL_NAME, self.order.number)
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: Form) -> HttpResponse:
        try:
            with transaction.atomic():
                self._check_unchanged()
                self.perform(order=self.order, form=form, at=clock.now())
        except ShopError as refusal:
            for item in refusal.errors or [ErrorItem(refusal.code, refusal.detail)]:
                field = item.attr if item.attr in form.fields else None
                form.add_error(field, item.detail)
            self.order = get_order_for_staff(self.order.number)
            return self.form_invalid(form)
        messages.success(self.request, self.done_message.format(number=self.order.number))
        return redirect(ORDER_URL_NAME, self.order.number)

    def _check_unchanged(self) -> None:
        seen = parse_datetime(self.request.POST.get("seen", ""))
        if seen != lock_order(self.order).updated_at:
            raise OrderChanged

    def get_page_title(self) -> str:
        return self.label

    def get_page_subtitle(self) -> str:
        return self.order.number

    def get_header_icon(self) -> str:
        return self.icon

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse(INDEX_URL_NAME), "label": "Orders"},
            {"url": reverse(ORDER_URL_NAME, args=[self.order.number]), "label": self.order.number},
            {"url": "", "label": self.label},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **kwargs,
            order=self.order,
            order_url=reverse(ORDER_URL_NAME, args=[self.order.number]),
            seen=self.order.updated_at.isoformat(),
            explanation=self.get_explanation(),
            confirm_label=self.confirm_label or self.label,
            is_serious=self.is_serious,
        )
