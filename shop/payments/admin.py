"""Payments on the order screen of the admin."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest
from wagtail.admin.ui.components import Component

from shop.core.money import Money, format_money
from shop.customers.selectors import require_user
from shop.orders.admin_extensions import OrderActionView
from shop.orders.models import Order
from shop.orders.transitions import OrderStatus
from shop.payments.gateways.registry import get_gateway
from shop.payments.models import Payment
from shop.payments.services import mark_paid


class MarkPaidForm(forms.Form):
    """Where the money was seen."""

    reference = forms.CharField(
        max_length=255,
        required=False,
        help_text="Kept with the payment. For example: bank statement 27, line 4.",
    )


class MarkPaidView(OrderActionView):
    """The money for an order has come by hand."""

    slug = "mark-paid"
    label = "Mark as paid"
    icon = "check"
    permission = "orders.mark_order_paid"
    position = 10
    form_class = MarkPaidForm
    done_message = "Order {number} is marked as paid."

    @classmethod
    def is_offered(cls, order: Order) -> bool:
        """Payments by hand that are still open, of an order that stands."""
        return order.status not in (OrderStatus.CANCELLED, OrderStatus.EXPIRED) and any(
            payment.status == Payment.Status.PENDING and get_gateway(payment.gateway).confirms_unpaid
            for payment in order.payments.all()
        )

    def get_explanation(self) -> str:
        """Name the amount that must have come."""
        total = format_money(self.order.money("total"))
        return f"Confirm that the whole total of {total} has arrived, by bank transfer or in cash."

    def perform(self, *, order: Order, form: forms.Form, at: datetime) -> None:
        """Enter the payment in full."""
        mark_paid(
            order=order,
            actor=require_user(self.request.user),
            at=at,
            reference=form.cleaned_data["reference"],
        )


class PaymentsPanel(Component):
    """Every attempt to pay for an order, and what its gateway said."""

    template_name = "payments/admin/order_panel.html"

    def __init__(self, order: Order) -> None:
        self.order = order

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        """Two queries, whatever the number of payments."""
        payments = self.order.payments.prefetch_related("events__actor")
        return {"payments": [(payment, _text(payment), _events(payment)) for payment in payments]}


def payments_panel(request: HttpRequest, order: Order) -> PaymentsPanel | None:
    """The panel, for whoever may see payments."""
    is_allowed = request.user.has_perm("payments.view_payment") or request.user.has_perm(
        "payments.change_payment"
    )
    return PaymentsPanel(order) if is_allowed else None


def _text(payment: Payment) -> str:
    return format_money(payment.money())


def _events(payment: Payment) -> list[dict[str, Any]]:
    return [
        {
            "label": event.get_kind_display(),
            "amount": format_money(Money(event.amount, payment.currency)),
            "reason": event.reason,
            "at": event.occurred_at,
            "actor": event.actor,
        }
        for event in payment.events.all()
    ]
