"""
What a gateway is: the trade's verbs, over values. A gateway knows no model of the shop.

`tests/payments/test_gateway_contract.py` runs against every gateway that is registered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from django.db import models

from shop.core.money import Money


class EventKind(models.TextChoices):
    """What a gateway can say has happened to a payment."""

    ACTION_REQUIRED = "action_required", "Shopper must act"
    AUTHORISED = "authorised", "Authorised"
    CAPTURED = "captured", "Captured"
    REFUNDED = "refunded", "Refunded"
    VOIDED = "voided", "Voided"
    FAILED = "failed", "Failed"


class GatewayUnavailable(Exception):
    """No answer: nobody knows whether the gateway did it. Ask again with the same key."""


class UnknownPayment(Exception):
    """The gateway has never heard of this payment: the request did not reach it."""


class InvalidWebhook(Exception):
    """The signature is wrong or too old, or the body is not the gateway's."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PaymentRequest:
    """
    What shall be paid. ``key`` is the payment's own: whoever sends it twice asks for one payment.

    ``details`` is what the shopper's client sent along, unchecked.
    """

    key: str
    order_number: str
    amount: Money
    email: str
    at: datetime
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class GatewayEvent:
    """One fact, by the gateway's word. ``event_id`` is its own id for it: the same fact may be told often."""

    event_id: str
    kind: EventKind
    amount: Money
    occurred_at: datetime
    reference: str = ""
    reason: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class GatewayAnswer:
    """What came of a request: the gateway's name for the payment, and what happened, if anything."""

    reference: str
    events: Sequence[GatewayEvent] = ()
    client_secret: str = ""
    next_action: Mapping[str, Any] | None = None


class Gateway(Protocol):
    """
    :ivar is_local: nothing leaves the process, so that it may be asked inside a transaction
    :ivar confirms_unpaid: its orders stand at once, the money follows (bank transfer)
    :raises GatewayUnavailable: from every verb, when no answer came in time
    """

    code: str
    name: str
    is_local: bool
    confirms_unpaid: bool

    def authorize(self, request: PaymentRequest) -> GatewayAnswer:
        """Ask for the money. The same ``request.key`` again gives the same payment."""
        ...

    def fetch(self, request: PaymentRequest, *, reference: str) -> GatewayAnswer:
        """
        Tell what has become of a payment, by its reference or (when that never arrived) its key.

        :raises UnknownPayment: when the request never reached the gateway
        """
        ...

    def capture(self, *, reference: str, amount: Money, key: str, at: datetime) -> GatewayAnswer:
        """Take money that was authorised."""
        ...

    def void(self, *, reference: str, amount: Money, key: str, at: datetime) -> GatewayAnswer:
        """Let go of a payment that has not been captured."""
        ...

    def refund(self, *, reference: str, amount: Money, key: str, at: datetime) -> GatewayAnswer:
        """Give captured money back."""
        ...

    def parse_webhook(self, *, body: bytes, headers: Mapping[str, str], at: datetime) -> list[GatewayEvent]:
        """
        Read events out of a raw request.

        :raises InvalidWebhook: unless the gateway itself has signed it, recently
        """
        ...
