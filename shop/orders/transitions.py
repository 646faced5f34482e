"""
The three axes of an order's state, and what may follow what. `transition_to` of the order holds the tables.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db import models

from shop.core.errors import ShopError


class OrderStatus(models.TextChoices):
    """Whether the sale stands."""

    PENDING_PAYMENT = "pending_payment", "Waiting for payment"
    CONFIRMED = "confirmed", "Confirmed"
    COMPLETED = "completed", "Completed"
    CANCELLED = "cancelled", "Cancelled"
    EXPIRED = "expired", "Expired"


class PaymentStatus(models.TextChoices):
    """What has come of the money; a projection of the order's payments."""

    UNPAID = "unpaid", "Unpaid"
    AUTHORISED = "authorised", "Authorised"
    PAID = "paid", "Paid"
    PARTIALLY_REFUNDED = "partially_refunded", "Partially refunded"
    REFUNDED = "refunded", "Refunded"
    FAILED = "failed", "Failed"


class FulfilmentStatus(models.TextChoices):
    """What has become of the goods."""

    UNFULFILLED = "unfulfilled", "To be sent"
    PARTIALLY_FULFILLED = "partially_fulfilled", "Partly sent"
    FULFILLED = "fulfilled", "Sent"
    RETURNED = "returned", "Returned"


ORDER_TRANSITIONS: Mapping[str, frozenset[str]] = {
    OrderStatus.PENDING_PAYMENT: frozenset(
        {OrderStatus.CONFIRMED, OrderStatus.CANCELLED, OrderStatus.EXPIRED}
    ),
    OrderStatus.CONFIRMED: frozenset({OrderStatus.COMPLETED, OrderStatus.CANCELLED}),
    OrderStatus.COMPLETED: frozenset(),
    OrderStatus.CANCELLED: frozenset(),
    OrderStatus.EXPIRED: frozenset(),
}

# News of money may come late, at once, or after a failure: only what cannot be is left out.
_MONEY_CAME = frozenset({PaymentStatus.PAID, PaymentStatus.PARTIALLY_REFUNDED, PaymentStatus.REFUNDED})
PAYMENT_TRANSITIONS: Mapping[str, frozenset[str]] = {
    PaymentStatus.UNPAID: _MONEY_CAME | {PaymentStatus.AUTHORISED, PaymentStatus.FAILED},
    PaymentStatus.FAILED: _MONEY_CAME | {PaymentStatus.UNPAID, PaymentStatus.AUTHORISED},
    PaymentStatus.AUTHORISED: _MONEY_CAME | {PaymentStatus.UNPAID, PaymentStatus.FAILED},
    PaymentStatus.PAID: frozenset({PaymentStatus.PARTIALLY_REFUNDED, PaymentStatus.REFUNDED}),
    PaymentStatus.PARTIALLY_REFUNDED: frozenset({PaymentStatus.PAID, PaymentStatus.REFUNDED}),
    PaymentStatus.REFUNDED: frozenset(),
}

FULFILMENT_TRANSITIONS: Mapping[str, frozenset[str]] = {
    FulfilmentStatus.UNFULFILLED: frozenset(
        {FulfilmentStatus.PARTIALLY_FULFILLED, FulfilmentStatus.FULFILLED}
    ),
    FulfilmentStatus.PARTIALLY_FULFILLED: frozenset({FulfilmentStatus.FULFILLED, FulfilmentStatus.RETURNED}),
    FulfilmentStatus.FULFILLED: frozenset({FulfilmentStatus.RETURNED}),
    FulfilmentStatus.RETURNED: frozenset(),
}

TRANSITIONS: Mapping[type[models.TextChoices], tuple[str, Mapping[str, frozenset[str]]]] = {
    OrderStatus: ("status", ORDER_TRANSITIONS),
    PaymentStatus: ("payment_status", PAYMENT_TRANSITIONS),
    FulfilmentStatus: ("fulfilment_status", FULFILMENT_TRANSITIONS),
}


class TransitionNotAllowed(ShopError):
    """The order is in a state from which there is no way to the one asked for."""

    code = "transition_not_allowed"
    status = 409
    title = "The order cannot go from its state to this one."
