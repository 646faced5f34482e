"""An order as its page shows it: values made from what `get_order` has loaded, no query of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shop.core.money import Money
from shop.orders.models import Fulfilment, Order, OrderEvent
from shop.orders.selectors import order_address
from shop.orders.transitions import OrderStatus, PaymentStatus

OVER = frozenset({OrderStatus.CANCELLED, OrderStatus.EXPIRED})


@dataclass(frozen=True, slots=True)
class LineOnPage:
    """A line of the order; ``attributes`` is what the shopper chose, in words."""

    title: str
    variant_title: str
    sku: str
    url: str
    image_url: str
    quantity: int
    unit_price: Money
    total: Money
    components: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class TaxOnPage:
    """One rate of tax and what it comes to."""

    name: str
    amount: Money


@dataclass(frozen=True, slots=True)
class TotalsOnPage:
    """The sums, in the shape that `checkout/sums.html` draws."""

    subtotal: Money
    discount: Money
    shipping: Money
    total: Money
    tax_lines: tuple[TaxOnPage, ...]


@dataclass(frozen=True, slots=True)
class DiscountOnPage:
    """What a promotion took off the goods; ``code`` of the voucher that opened it."""

    label: str
    code: str
    amount: Money


@dataclass(frozen=True, slots=True)
class ShippingOnPage:
    """How the goods travel."""

    name: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way; ``at`` is None while it is still to come."""

    name: str
    at: datetime | None
    detail: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class OrderPage:
    """Everything that the template says."""

    number: str
    email: str
    placed_at: datetime
    headline: str
    is_over: bool
    awaits_payment: bool
    note: str
    lines: tuple[LineOnPage, ...]
    totals: TotalsOnPage
    discounts: tuple[DiscountOnPage, ...]
    shipping: ShippingOnPage
    requires_shipping: bool
    prices_include_tax: bool
    steps: tuple[Step, ...]
    shipping_address: Sequence[str]
    billing_address: Sequence[str]


def build_order_page(order: Order) -> OrderPage:
    """The page of an order with everything loaded."""
    goes_to, billed_to = order_address(order, "shipping"), order_address(order, "billing")
    return OrderPage(
        number=order.number,
        email=order.email,
        placed_at=order.placed_at,
        headline=_headline(order),
        is_over=order.status in OVER,
        awaits_payment=order.status not in OVER and order.payment_status == PaymentStatus.UNPAID,
        note=order.note,
        lines=tuple(_lines(order)),
        totals=_totals(order),
        discounts=tuple(
            DiscountOnPage(row.label, row.code, Money.rounded(row.amount, order.currency))
            for row in order.discounts.all()
        ),
        shipping=ShippingOnPage(order.shipping_method_name),
        requires_shipping=_travels(order),
        prices_include_tax=order.prices_include_tax,
        steps=tuple(_steps(order)),
        shipping_address=goes_to.lines() if goes_to else [],
        billing_address=billed_to.lines() if billed_to else [],
    )


def _travels(order: Order) -> bool:
    return any(line.requires_shipping for line in order.lines.all())


def _headline(order: Order) -> str:
    if order.status == OrderStatus.CANCELLED:
        return "This order was cancelled"
    if order.status == OrderStatus.EXPIRED:
        return "This order ran out of time before it was paid"
    if order.status == OrderStatus.PENDING_PAYMENT:
        return "Almost there: your payment is being checked"
    if order.fulfilment_status == "fulfilled":
        return "All of it is on its way" if _travels(order) else "All of it is yours"
    if order.fulfilment_status == "partially_fulfilled":
        return "The first parcel is on its way"
    return "We have your order"


def _lines(order: Order) -> Iterator[LineOnPage]:
    for line in order.lines.all():
        yield LineOnPage(
            title=line.title,
            variant_title=line.variant_title,
            sku=line.sku,
            url=line.url,
            image_url=line.image_url,
            quantity=line.quantity,
            unit_price=Money.rounded(line.unit_price, order.currency),
            total=Money.rounded(line.total, order.currency),
            components=line.components,
        )


def _totals(order: Order) -> TotalsOnPage:
    def money(amount: object) -> Money:
        return Money.rounded(amount, order.currency)  # type: ignore[arg-type]

    return TotalsOnPage(
        subtotal=money(order.subtotal),
        discount=money(order.discount),
        shipping=money(order.shipping),
        total=money(order.total),
        tax_lines=tuple(TaxOnPage(line.name, money(line.amount)) for line in order.tax_lines.all()),
    )


def _steps(order: Order) -> Iterator[Step]:
    happened = {event.kind: event.at for event in order.events.all()}
    yield Step("Placed", order.placed_at)
    if order.status in OVER:
        kind = OrderEvent.Kind.CANCELLED if order.status == OrderStatus.CANCELLED else OrderEvent.Kind.EXPIRED
        yield Step(kind.label, happened.get(kind, order.updated_at))
        return
    yield Step("Paid", happened.get(OrderEvent.Kind.PAID))
    if not _travels(order):
        yield Step("Handed over", happened.get(OrderEvent.Kind.FULFILLED))
        return
    fulfilments = list(order.fulfilments.all())
    for fulfilment in fulfilments:
        yield _shipped(fulfilment)
    if not fulfilments or order.fulfilment_status == "partially_fulfilled":
        yield Step("Sent" if not fulfilments else "The rest sent", None)
    delivered = [fulfilment.delivered_at for fulfilment in fulfilments]
    all_there = bool(delivered) and all(delivered) and order.fulfilment_status == "fulfilled"
    yield Step("Delivered", max(moment for moment in delivered if moment) if all_there else None)


def _shipped(fulfilment: Fulfilment) -> Step:
    detail = f"{fulfilment.carrier} {fulfilment.tracking_number}".strip()
    return Step("Sent", fulfilment.shipped_at, detail, fulfilment.tracking_url)
