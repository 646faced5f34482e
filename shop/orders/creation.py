"""Writing an order: the only place that inserts one. Part of `services` in rank, apart for its length."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from shop.core.money import Money
from shop.orders.drafts import OrderDraft
from shop.orders.identity import make_nonce, make_number
from shop.orders.models import Order, OrderAddress, OrderDiscount, OrderEvent, OrderLine, OrderTaxLine
from shop.orders.services import publish_event
from shop.orders.transitions import OrderStatus

_AMOUNTS = ("subtotal", "discount", "shipping", "shipping_gross", "tax", "total")
_LINE_AMOUNTS = ("unit_price", "discount", "total", "net", "tax", "gross")


@transaction.atomic
def create_order(*, draft: OrderDraft, status: OrderStatus, at: datetime) -> Order:
    """
    Write an order with its lines, addresses, tax lines and first events, and record ``order.placed``.

    The order comes back with all of these loaded, so that the answer needs no further query.

    :param status: pending payment, or confirmed at once where the gateway asks for no payment up front
    :raises IntegrityError: if the cart has an order, or (once in 10^12) the number is taken; try anew
    """
    order = Order.objects.create(
        number=make_number(draft.number_prefix),
        token_nonce=make_nonce(),
        cart_id=draft.cart_id,
        checkout_key=draft.checkout_key,
        user_id=draft.user_id,
        email=draft.email,
        currency=draft.currency,
        locale=draft.locale,
        status=status,
        prices_include_tax=draft.prices_include_tax,
        shipping_method_code=draft.shipping_method_code,
        shipping_method_name=draft.shipping_method_name,
        note=draft.note,
        promotion_trace=list(draft.promotion_trace),
        placed_at=at,
        updated_at=at,
        **_columns(draft, _AMOUNTS),
    )
    kinds = [OrderEvent.Kind.PLACED]
    if status == OrderStatus.CONFIRMED:
        kinds.append(OrderEvent.Kind.CONFIRMED)
    events = [OrderEvent(order=order, kind=kind, at=at) for kind in kinds]
    remember(
        order,
        lines=OrderLine.objects.bulk_create(_lines(order, draft)),
        addresses=OrderAddress.objects.bulk_create(_addresses(order, draft)),
        tax_lines=OrderTaxLine.objects.bulk_create(_tax_lines(order, draft)),
        discounts=OrderDiscount.objects.bulk_create(_discounts(order, draft)) if draft.discounts else [],
        events=OrderEvent.objects.bulk_create(events),
        fulfilments=[],
        payments=[],
    )
    for kind in kinds:
        publish_event(order, kind, at=at)
    return order


def _columns(source: Any, names: tuple[str, ...]) -> dict[str, Any]:
    amounts: dict[str, Money] = {name: getattr(source, name) for name in names}
    return {name: money.amount for name, money in amounts.items()}


def _lines(order: Order, draft: OrderDraft) -> list[OrderLine]:
    return [
        OrderLine(
            order=order,
            position=position,
            variant_id=line.variant_id,
            revision_id=line.revision_id,
            sku=line.sku,
            title=line.title,
            variant_title=line.variant_title,
            attributes=list(line.attributes),
            url=line.url,
            image_url=line.image_url,
            quantity=line.quantity,
            tax_rate=line.tax_rate,
            tax_name=line.tax_name,
            price_trace=list(line.price_trace),
            requires_shipping=line.requires_shipping,
            components=list(line.components),
            is_gift=line.is_gift,
            **_columns(line, _LINE_AMOUNTS),
        )
        for position, line in enumerate(draft.lines)
    ]


def _addresses(order: Order, draft: OrderDraft) -> list[OrderAddress]:
    addresses = []
    for kind, value in (
        (OrderAddress.Kind.SHIPPING, draft.shipping_address),
        (OrderAddress.Kind.BILLING, draft.billing_address),
    ):
        if value is not None:
            address = OrderAddress(order=order, kind=kind)
            address.set_postal_address(value)
            addresses.append(address)
    return addresses


def _tax_lines(order: Order, draft: OrderDraft) -> list[OrderTaxLine]:
    return [
        OrderTaxLine(
            order=order,
            position=position,
            name=line.name,
            rate=line.rate,
            base=line.base.amount,
            amount=line.amount.amount,
        )
        for position, line in enumerate(draft.tax_lines)
    ]


def _discounts(order: Order, draft: OrderDraft) -> list[OrderDiscount]:
    return [
        OrderDiscount(
            order=order,
            position=position,
            promotion_id=discount.promotion_id,
            name=discount.name,
            label=discount.label,
            code=discount.code,
            **_columns(discount, ("amount", "shipping")),
        )
        for position, discount in enumerate(draft.discounts)
    ]


def remember(order: Order, **loaded: list[Any]) -> None:
    """Hand rows just written over as if they had been prefetched: ``remember(order, lines=[…])``."""
    cache: dict[str, Any] = getattr(order, "_prefetched_objects_cache", {})
    for name, rows in loaded.items():
        queryset = getattr(order, name).all()
        queryset._result_cache = rows
        queryset._prefetch_done = True
        cache[name] = queryset
    order._prefetched_objects_cache = cache  # type: ignore[attr-defined]
