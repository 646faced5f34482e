"""What ops do to an order on its screen: send, mark as delivered, cancel, leave a note."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.forms import Form

from shop.customers.selectors import require_user
from shop.orders import services
from shop.orders.admin_extensions import OrderActionView
from shop.orders.admin_forms import CancelForm, DeliverForm, NoteForm, ShipForm
from shop.orders.models import Order
from shop.orders.transitions import OrderStatus


class ShipView(OrderActionView):
    """Send a parcel."""

    slug = "ship"
    label = "Send goods"
    icon = "mail"
    permission = "orders.ship_order"
    position = 20
    form_class = ShipForm
    template_name = "orders/admin/ship.html"
    explanation = (
        "Confirm what lies in this parcel. The goods leave the stock, and the buyer gets an e-mail with the "
        "tracking number. What stays open can be sent later in another parcel."
    )
    confirm_label = "Mark as sent"
    done_message = "A parcel of order {number} is on its way. The buyer gets an e-mail."

    @classmethod
    def is_offered(cls, order: Order) -> bool:
        return order.status == OrderStatus.CONFIRMED and any(line.quantity_open for line in order.lines.all())

    def get_form_kwargs(self) -> dict[str, Any]:
        left = [line for line in self.order.lines.all() if line.quantity_open]
        return {
            **super().get_form_kwargs(),
            # What ships nothing lies in no parcel; it is handed over with the last one.
            "lines": [line for line in left if line.requires_shipping] or left,
        }

    def perform(self, *, order: Order, form: Form, at: datetime) -> None:
        assert isinstance(form, ShipForm)  # noqa: S101  # form_class says so; this tells the type checker
        services.ship_order(
            order=order,
            lines=form.shipment_lines(),
            carrier=form.cleaned_data["carrier"],
            tracking_number=form.cleaned_data["tracking_number"],
            tracking_url=form.cleaned_data["tracking_url"],
            actor=require_user(self.request.user),
            at=at,
        )


class DeliverView(OrderActionView):
    """A parcel has arrived."""

    slug = "deliver"
    label = "Mark as delivered"
    icon = "circle-check"
    permission = "orders.ship_order"
    position = 30
    form_class = DeliverForm
    explanation = (
        "Confirm that the parcel has reached the buyer. It shows in the order's timeline and to the buyer."
    )
    done_message = "The parcel of order {number} is marked as delivered."

    @classmethod
    def is_offered(cls, order: Order) -> bool:
        return any(parcel.delivered_at is None for parcel in order.fulfilments.all())

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "order": self.order}

    def perform(self, *, order: Order, form: Form, at: datetime) -> None:
        services.deliver_fulfilment(
            fulfilment=form.cleaned_data["fulfilment"], actor=require_user(self.request.user), at=at
        )


class CancelView(OrderActionView):
    """Call the sale off."""

    slug = "cancel"
    label = "Cancel order"
    icon = "cross"
    permission = "orders.cancel_order"
    position = 90
    form_class = CancelForm
    explanation = (
        "The goods go back on sale, and the buyer gets an e-mail. A cancelled order cannot be taken up again."
    )
    done_message = "Order {number} is cancelled, and its goods are back on sale."
    is_serious = True

    @classmethod
    def is_offered(cls, order: Order) -> bool:
        return order.is_cancellable

    def perform(self, *, order: Order, form: Form, at: datetime) -> None:
        services.cancel_order(
            order=order, actor=require_user(self.request.user), reason=form.cleaned_data["reason"], at=at
        )


class NoteView(OrderActionView):
    """Leave a note for colleagues."""

    slug = "note"
    label = "Add note"
    icon = "edit"
    permission = "orders.add_order_note"
    position = 80
    form_class = NoteForm
    explanation = "Colleagues see it in the order's timeline. The buyer never does."
    confirm_label = "Save note"
    done_message = "The note on order {number} is saved."

    @classmethod
    def is_offered(cls, order: Order) -> bool:
        return True

    def perform(self, *, order: Order, form: Form, at: datetime) -> None:
        services.add_note(
            order=order, author=require_user(self.request.user), text=form.cleaned_data["text"], at=at
        )


ACTIONS: list[type[OrderActionView]] = [ShipView, DeliverView, NoteView, CancelView]
