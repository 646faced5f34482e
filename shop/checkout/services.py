"""
Placing an order, exactly once.

1. In one transaction: the cart is locked, priced anew and compared with what the shopper agreed to; order,
   payment and events are written, the goods reserved, the cart closed. All of it stands, or nothing.
2. A gateway that lives elsewhere is asked outside of any transaction, with the payment's own key.
3. Its answer takes effect in ``finalise_payment``, which may run any number of times. Whatever is killed in
   between, ``payments.reconciliation`` finishes.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction

from shop.cart.contents import load_attributes
from shop.cart.limits import refuse_lines
from shop.cart.models import Cart
from shop.cart.priced import PricedCart, PricedLine
from shop.cart.promoting import shopper_of
from shop.cart.selectors import price_cart
from shop.cart.services import complete_cart, lock_cart
from shop.checkout.errors import (
    CartAlreadyOrdered,
    CartEmpty,
    CartIncomplete,
    GuestsMayNotOrder,
    NotEnoughStock,
    TotalChanged,
    TotalTooLarge,
)
from shop.checkout.snapshot import draft_order
from shop.core.errors import ErrorItem
from shop.core.models import ShopSettings
from shop.core.money import Money
from shop.core.selectors import get_shop_settings
from shop.customers.addresses import PostalAddress
from shop.inventory.services import Demand, InsufficientStock, reserve_stock
from shop.orders.creation import create_order, remember
from shop.orders.models import Order
from shop.orders.selectors import with_parts
from shop.orders.transitions import OrderStatus
from shop.payments.gateways.base import Gateway, GatewayUnavailable
from shop.payments.gateways.registry import get_gateway
from shop.payments.models import Payment
from shop.payments.selectors import get_instructions, get_latest_payment
from shop.payments.services import open_payment, start_payment
from shop.promotions.services import Redeemed, redeem
from shop.shipping.selectors import ShippingOption

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from shop.customers.models import User

logger = logging.getLogger(__name__)

# Far more than any shop sells at once, far less than an amount column holds.
LARGEST_TOTAL: Final = Decimal(10) ** 12


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckoutRequest:
    """What a shopper asks for. ``key`` tells a repeated request from another one for the same cart."""

    cart_id: UUID
    expected_total: Money
    gateway: str
    details: Mapping[str, Any]
    key: str
    user: User | AnonymousUser | None
    locale: str = "en"

    @property
    def fingerprint(self) -> str:
        """What the order keeps of the key: enough to know its own request again."""
        return hashlib.sha256(f"{self.cart_id}:{self.key}".encode()).hexdigest()


@dataclass(frozen=True, kw_only=True, slots=True)
class PlacedOrder:
    """
    An order with everything loaded, and its payment. ``was_there`` tells that an earlier request with the
    same key had placed it; ``client_secret`` is for the gateway's own script in the shopper's browser,
    ``instructions`` for the shopper who pays by hand.
    """

    order: Order
    payment: Payment
    instructions: str
    was_there: bool = False
    client_secret: str = ""


def place_order(request: CheckoutRequest, *, at: datetime) -> PlacedOrder:
    """
    Make an order of a cart; must not be called inside a transaction.

    One cart gives at most one order, whatever the number of clients, keys, retries and processes.

    :raises CartNotFound: for an unknown, foreign or expired cart
    :raises CartAlreadyOrdered: if another request has made an order of it
    :raises CartEmpty: if nothing is in it
    :raises CartIncomplete: naming what is missing: e-mail and, where anything travels, shipping address and
        shipping method
    :raises GuestsMayNotOrder: if the shop wants shoppers to sign in
    :raises NotAvailableYet: naming the lines whose sale has not begun
    :raises NoLongerAvailable: naming those whose sale has ended
    :raises MaxPerOrderExceeded: naming those of which one order may not hold so many
    :raises NotEnoughStock: naming each line with what is available
    :raises TotalChanged: with the totals as they are now
    :raises VoucherUsedUp: if another order has just had the last use of a voucher
    :raises PromotionUsedUp: if another order has just had the last of a promotion
    :raises UnknownGateway: if the shop takes no payments this way
    """
    gateway = get_gateway(request.gateway)
    try:
        placed = _write_order(request, gateway, at=at)
    except IntegrityError:
        # Of two at once, the other has written this cart's order; or the number drawn is another order's.
        placed = _write_order(request, gateway, at=at)
    return _ask_for_money(placed, at=at)


def _ask_for_money(placed: PlacedOrder, *, at: datetime) -> PlacedOrder:
    if placed.payment.answered_at is not None:
        return placed
    try:
        answer = start_payment(payment=placed.payment, at=at)
    except GatewayUnavailable:
        # Nobody knows whether it was charged; the reconciler asks again with the same key.
        logger.warning("%s does not answer about order %s.", placed.payment.gateway, placed.order.number)
        return placed
    found = _load(placed.order, was_there=placed.was_there)
    return replace(found, client_secret=answer.client_secret if answer else "")


@transaction.atomic
def _write_order(request: CheckoutRequest, gateway: Gateway, *, at: datetime) -> PlacedOrder:
    cart = lock_cart(Cart.unread(cart_id=request.cart_id, user=request.user), at=at)
    if cart.is_completed:
        return _find_own_order(request)
    shop = get_shop_settings()
    priced = price_cart(cart, at=at, shop=shop)
    shipping, address = _check(request, priced, shop)
    draft = draft_order(
        priced,
        shop=shop,
        shipping=shipping,
        shipping_address=address,
        attributes=load_attributes(line.variant_id for line in priced.lines),
        checkout_key=request.fingerprint,
        locale=request.locale,
    )
    status = OrderStatus.CONFIRMED if gateway.confirms_unpaid else OrderStatus.PENDING_PAYMENT
    order = create_order(draft=draft, status=status, at=at)
    payment = open_payment(order=order, gateway=gateway, details=request.details, at=at)
    complete_cart(cart=cart, at=at)
    _redeem(order, priced, at=at)
    # Last, because from here on every other shopper of these goods waits for our commit.
    _reserve(order, priced, shop, at=at)
    if payment.status != Payment.Status.PENDING:
        # A gateway of this process has said yes or no already, and the order has followed.
        return _load(order, was_there=False)
    remember(order, payments=[payment])
    return PlacedOrder(order=order, payment=payment, instructions=get_instructions(payment, shop=shop))


def _find_own_order(request: CheckoutRequest) -> PlacedOrder:
    """Answer a repeated request, whose first answer was lost, with the order that it made."""
    order = Order.objects.get(cart_id=request.cart_id)
    if order.checkout_key != request.fingerprint:
        raise CartAlreadyOrdered(order.number)
    return _load(order, was_there=True)


def _load(order: Order, *, was_there: bool) -> PlacedOrder:
    order = with_parts(Order.objects.filter(pk=order.pk)).get()
    payment = get_latest_payment(order)
    if payment is None:
        raise Payment.DoesNotExist(f"Order {order.number} has no payment.")
    payment.order = order
    return PlacedOrder(
        order=order, payment=payment, instructions=get_instructions(payment), was_there=was_there
    )


def _check(
    request: CheckoutRequest, priced: PricedCart, shop: ShopSettings
) -> tuple[ShippingOption | None, PostalAddress | None]:
    """Refuse what cannot be ordered; return what an order that travels cannot be without."""
    if not priced.lines:
        raise CartEmpty
    if priced.cart.user_id is None and not shop.guest_checkout:
        raise GuestsMayNotOrder
    refuse_lines(priced.lines)
    if not priced.available:
        raise NotEnoughStock(_list_short_lines(priced, {}))
    missing = _list_missing(priced)
    if missing:
        raise CartIncomplete(errors=missing)
    if priced.totals.total != request.expected_total:
        raise TotalChanged(totals_as_json(priced))
    if priced.totals.total.amount > LARGEST_TOTAL:
        raise TotalTooLarge
    return priced.shipping, priced.shipping_address if priced.requires_shipping else None


def _list_missing(priced: PricedCart) -> list[ErrorItem]:
    cart, missing = priced.cart, []
    if not cart.email:
        missing.append(ErrorItem("required", "Enter an e-mail address.", "email"))
    if not priced.requires_shipping:
        return missing
    if priced.shipping_address is None:
        missing.append(ErrorItem("required", "Enter the shipping address.", "shipping_address"))
    if not cart.shipping_method_code:
        missing.append(ErrorItem("required", "Choose a shipping method.", "shipping_method"))
    elif priced.shipping_address is not None and priced.shipping is None:
        detail = "This shipping method does not serve the cart any more. Choose another one."
        missing.append(ErrorItem("shipping_method_unavailable", detail, "shipping_method"))
    return missing


def totals_as_json(priced: PricedCart) -> dict[str, Any]:
    """The totals as the contract writes them."""
    names = ("subtotal", "discount", "shipping", "tax", "total")
    return {name: getattr(priced.totals, name).as_json() for name in names}


def _reserve(order: Order, priced: PricedCart, shop: ShopSettings, *, at: datetime) -> None:
    """Hold the goods: for good once the sale stands, otherwise as long as there is time to pay."""
    waits = order.status == OrderStatus.PENDING_PAYMENT
    try:
        reserve_stock(
            owner=order.stock_owner,
            demands=[_demand(line) for line in priced.lines],
            expires_at=at + timedelta(minutes=shop.reservation_minutes) if waits else None,
            at=at,
        )
    except InsufficientStock as short:
        left = {int(line["variant_id"]): int(line["available"]) for line in short.lines}
        raise NotEnoughStock(_list_short_lines(priced, left)) from short


def _redeem(order: Order, priced: PricedCart, *, at: datetime) -> None:
    """Count the order against the limits of its promotions and vouchers."""
    redeem(
        order_id=order.public_id,
        redeemed=[
            Redeemed(promotion_id=one.promotion_id, amount=one.amount + one.shipping, code=one.code)
            for one in priced.discounts
        ],
        shopper=shopper_of(priced.cart, priced.shipping_address),
        at=at,
    )


def _demand(line: PricedLine) -> Demand:
    """What the line takes off the shelves: the parts that the shopper was shown, and the order keeps."""
    parts = tuple((part.variant_id, part.quantity) for part in line.components)
    return Demand(variant_id=line.variant_id, quantity=line.quantity, parts=parts)


def _list_short_lines(priced: PricedCart, left: Mapping[int, int]) -> list[dict[str, Any]]:
    """The lines of which there is too little; ``left`` is what stock said under lock."""
    found = []
    for line in priced.lines:
        available = left.get(line.variant_id, line.available)
        if available < line.quantity:
            found.append(
                {
                    "line": str(line.id),
                    "sku": line.sku,
                    "requested": line.quantity,
                    "available": available,
                }
            )
    return found
