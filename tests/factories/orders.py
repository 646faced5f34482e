"""Orders, placed the way shoppers place them."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from rest_framework.test import APIClient

from shop.cart.priced import PricedCart
from shop.catalogue.models import ProductVariant
from shop.checkout.services import CheckoutRequest, PlacedOrder, place_order
from shop.core import clock
from shop.core.money import Money
from shop.customers.models import User
from shop.orders.models import Order
from shop.payments.gateways.base import (
    EventKind,
    GatewayAnswer,
    GatewayEvent,
    GatewayUnavailable,
    InvalidWebhook,
    PaymentRequest,
    UnknownPayment,
)
from shop.payments.gateways.registry import use_gateway
from tests.factories.cart import ready_cart


def place(
    priced: PricedCart, *, gateway: str = "manual", key: str = "", at: datetime | None = None
) -> PlacedOrder:
    """Order a cart for the total it shows."""
    request = CheckoutRequest(
        cart_id=priced.cart.pk,
        expected_total=priced.totals.total,
        gateway=gateway,
        details={},
        key=key or uuid.uuid4().hex,
        user=priced.cart.user,
    )
    return place_order(request, at=at or clock.now())


def placed_order(
    lines: Sequence[tuple[ProductVariant, int]] = (), *, user: User | None = None, at: datetime | None = None
) -> Order:
    """A confirmed order that waits for its bank transfer."""
    return place(ready_cart(lines, user=user), at=at).order


def checkout_body(priced: PricedCart, **changes: Any) -> dict[str, Any]:
    """What a client posts to order a cart."""
    return {
        "cart": str(priced.cart.pk),
        "expected_total": priced.totals.total.as_json(),
        "payment": {"gateway": "manual"},
        **changes,
    }


def post_checkout(
    priced: PricedCart, *, key: str = "", client: APIClient | None = None, **changes: Any
) -> Any:
    """Order a cart over HTTP."""
    body = checkout_body(priced, **changes)
    headers = {"Idempotency-Key": key or uuid.uuid4().hex}
    return (client or APIClient()).post("/api/v1/checkout/", body, format="json", headers=headers)


class RemoteGateway:
    """
    A gateway elsewhere, with a ledger of its own, that does what a test tells it.

    ``fail_before`` loses the request, ``fail_after`` the answer; ``declines`` says no.
    """

    code = "remote"
    name = "Card"
    is_local = False
    confirms_unpaid = False

    def __init__(self) -> None:
        self.ledger: dict[str, list[GatewayEvent]] = {}
        self.fail_before = self.fail_after = self.declines = False
        self.calls: list[str] = []

    def authorize(self, request: PaymentRequest) -> GatewayAnswer:
        self.calls.append("authorize")
        if self.fail_before:
            raise GatewayUnavailable
        if request.key not in self.ledger:
            kind = EventKind.FAILED if self.declines else EventKind.AUTHORISED
            self._write(request.key, kind, request.amount, request.at)
        if self.fail_after:
            raise GatewayUnavailable
        return self._answer(request.key)

    def fetch(self, request: PaymentRequest, *, reference: str) -> GatewayAnswer:
        self.calls.append("fetch")
        if self.fail_before:
            raise GatewayUnavailable
        if request.key not in self.ledger:
            raise UnknownPayment
        return self._answer(request.key)

    def capture(self, *, reference: str, amount: Money, key: str, at: datetime) -> GatewayAnswer:
        return self._move(EventKind.CAPTURED, reference, amount, at)

    def void(self, *, reference: str, amount: Money, key: str, at: datetime) -> GatewayAnswer:
        return self._move(EventKind.VOIDED, reference, amount, at)

    def refund(self, *, reference: str, amount: Money, key: str, at: datetime) -> GatewayAnswer:
        return self._move(EventKind.REFUNDED, reference, amount, at)

    def parse_webhook(self, *, body: bytes, headers: Mapping[str, str], at: datetime) -> list[GatewayEvent]:
        if headers.get("X-Signature") != "valid":
            raise InvalidWebhook
        return self.ledger[body.decode()]

    def kinds(self) -> list[str]:
        """Everything that ever happened, over all payments."""
        return [event.kind.value for events in self.ledger.values() for event in events]

    def _move(self, kind: EventKind, reference: str, amount: Money, at: datetime) -> GatewayAnswer:
        key = reference.removeprefix("re_")
        if kind not in [event.kind for event in self.ledger.get(key, [])]:
            self._write(key, kind, amount, at)
        return self._answer(key)

    def _write(self, key: str, kind: EventKind, amount: Money, at: datetime) -> None:
        events = self.ledger.setdefault(key, [])
        events.append(
            GatewayEvent(
                event_id=f"{key}:{kind}", kind=kind, amount=amount, occurred_at=at, reference=f"re_{key}"
            )
        )

    def _answer(self, key: str) -> GatewayAnswer:
        return GatewayAnswer(reference=f"re_{key}", events=tuple(self.ledger[key]))


@contextmanager
def remote_gateway() -> Iterator[RemoteGateway]:
    """Have a gateway elsewhere that the shop takes money by, as ``remote``."""
    with use_gateway(RemoteGateway()) as gateway:
        assert isinstance(gateway, RemoteGateway)
        yield gateway
