"""Paying by bank transfer or on invoice: the shop's own people are the gateway and say what has happened."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from shop.core.money import Money
from shop.payments.gateways.base import (
    EventKind,
    GatewayAnswer,
    GatewayEvent,
    InvalidWebhook,
    PaymentRequest,
)


class ManualGateway:
    """Asks nobody: an order stands at once, and staff enter the money when it comes."""

    code = "manual"
    name = "Bank transfer"
    is_local = True
    confirms_unpaid = True

    def authorize(self, request: PaymentRequest) -> GatewayAnswer:
        return GatewayAnswer(reference=request.order_number, next_action={"type": "display_instructions"})

    def fetch(self, request: PaymentRequest, *, reference: str) -> GatewayAnswer:
        return self.authorize(request)

    def capture(self, *, reference: str, amount: Money, key: str, at: datetime) -> GatewayAnswer:
        return _said(EventKind.CAPTURED, reference, amount, key, at)

    def void(self, *, reference: str, amount: Money, key: str, at: datetime) -> GatewayAnswer:
        return _said(EventKind.VOIDED, reference, amount, key, at)

    def refund(self, *, reference: str, amount: Money, key: str, at: datetime) -> GatewayAnswer:
        return _said(EventKind.REFUNDED, reference, amount, key, at)

    def parse_webhook(self, *, body: bytes, headers: Mapping[str, str], at: datetime) -> list[GatewayEvent]:
        raise InvalidWebhook("Nobody calls back about bank transfers.")


def _said(kind: EventKind, reference: str, amount: Money, key: str, at: datetime) -> GatewayAnswer:
    event = GatewayEvent(event_id=key, kind=kind, amount=amount, occurred_at=at, reference=reference)
    return GatewayAnswer(reference=reference, events=(event,))
