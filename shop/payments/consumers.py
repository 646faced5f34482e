"""What payments do when something has happened to an order."""

from __future__ import annotations

from collections.abc import Iterable

from shop.core import clock
from shop.core.models import OutboxEvent
from shop.core.outbox import TryLater, consumer
from shop.payments.gateways.base import GatewayUnavailable
from shop.payments.models import Payment
from shop.payments.services import give_back


@consumer("order.cancelled", name="payments.give_back_cancelled", external=True)
@consumer("order.expired", name="payments.give_back_expired", external=True)
def give_back_payments_of_order(event: OutboxEvent) -> None:
    """An order that has ended lets go of its payments."""
    _give_back(Payment.objects.filter(order_id=event.payload["order_id"]).select_related("order"))


@consumer("payment.unwanted", name="payments.give_back_unwanted", external=True)
def give_back_unwanted_payment(event: OutboxEvent) -> None:
    """Money that came for an order that had ended goes back."""
    _give_back(Payment.objects.filter(pk=event.payload["payment_id"]).select_related("order"))


def _give_back(payments: Iterable[Payment]) -> None:
    for payment in payments:
        try:
            give_back(payment=payment, at=clock.now())
        except GatewayUnavailable as down:
            raise TryLater(f"{payment.gateway} does not answer.") from down
