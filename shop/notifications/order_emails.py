"""What e-mails about an order say: everything formatted for reading, from the order's own snapshot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch

from shop.core.money import Money, format_money
from shop.orders.labels import tax_label
from shop.orders.models import Fulfilment, FulfilmentLine, Order, OrderAddress, OrderLine
from shop.orders.selectors import order_token, order_url
from shop.orders.transitions import PaymentStatus
from shop.payments.selectors import get_instructions, get_latest_payment

# What an e-mail holds in place of its order's token until it is sent, so that neither the mailbox nor a
# leaked database opens an order.
TOKEN_PLACEHOLDER = "token-goes-here"  # noqa: S105


def fill_in_token(text: str, order_number: str) -> str:
    """The words as they go out, with the order's token in its link."""
    if TOKEN_PLACEHOLDER not in text:
        return text
    order = Order.objects.filter(number=order_number).first()
    return text.replace(TOKEN_PLACEHOLDER, order_token(order)) if order else text


@dataclass(frozen=True, slots=True)
class PartText:
    """So many of a part lie in all pieces of a bundle together."""

    quantity: int
    title: str


@dataclass(frozen=True, slots=True)
class LineText:
    """One line of the order as the buyer reads it."""

    title: str
    variant: str
    sku: str
    quantity: int
    unit_price: str
    total: str
    parts: Sequence[PartText] = ()


@dataclass(frozen=True, slots=True)
class AmountText:
    """One line below the goods, for example "Shipping" and "€4.90"."""

    label: str
    amount: str


def get_order_for_email(order_id: int) -> Order:
    """Load an order with all that its e-mails show."""
    parcels = Prefetch(
        "fulfilments",
        Fulfilment.objects.prefetch_related(
            Prefetch("lines", FulfilmentLine.objects.select_related("order_line"))
        ),
    )
    return Order.objects.prefetch_related("lines", "tax_lines", "addresses", "payments", parcels).get(
        pk=order_id
    )


def order_context(order: Order, *, fulfilment: Fulfilment | None = None) -> dict[str, Any]:
    """The context of the order templates; with ``fulfilment``, of the parcel that went out."""
    addresses = {address.kind: address.as_postal_address() for address in order.addresses.all()}
    shipping = addresses.get(OrderAddress.Kind.SHIPPING)
    known_as = shipping or addresses.get(OrderAddress.Kind.BILLING)
    payment = get_latest_payment(order)
    return {
        "order": order,
        "greeting_name": known_as.first_name if known_as else "",
        "lines": [_line_text(line, line.quantity, order.locale) for line in order.lines.all()],
        "amounts": list(_amounts(order)),
        "total": format_money(order.money("total"), order.locale),
        "shipping_address": shipping.lines() if shipping else [],
        "billing_address": _other_address(addresses),
        "order_url": order_url(order).replace(order_token(order), TOKEN_PLACEHOLDER),
        "fulfilment": fulfilment,
        "parcel_lines": _parcel_lines(fulfilment, order) if fulfilment else [],
        "payment_instructions": get_instructions(payment) if payment else "",
        "is_unpaid": order.payment_status == PaymentStatus.UNPAID,
    }


def _line_text(line: OrderLine, quantity: int, locale: str) -> LineText:
    def text(amount: Any) -> str:
        return format_money(Money(amount, line.order.currency), locale)

    return LineText(
        title=line.title,
        variant=line.variant_title,
        sku=line.sku,
        quantity=quantity,
        unit_price=text(line.unit_price),
        total=text(line.total),
        parts=[PartText(part["quantity"] * quantity, part["title"]) for part in line.components],
    )


def _parcel_lines(fulfilment: Fulfilment, order: Order) -> list[LineText]:
    by_id = {line.pk: line for line in order.lines.all()}
    return [
        _line_text(by_id[packed.order_line_id], packed.quantity, order.locale)
        for packed in fulfilment.lines.all()
    ]


def _amounts(order: Order) -> list[AmountText]:
    def text(money: Money) -> str:
        return format_money(money, order.locale)

    rows = [AmountText("Subtotal", text(order.money("subtotal")))]
    if order.discount:
        rows.append(AmountText("Discount", text(-order.money("discount"))))
    if order.shipping_method_name:
        rows.append(AmountText(f"Shipping ({order.shipping_method_name})", text(order.money("shipping"))))
    included = "incl. " if order.prices_include_tax else ""
    for tax in order.tax_lines.all():
        label = included + tax_label(tax.name, tax.rate)
        rows.append(AmountText(label, text(Money(tax.amount, order.currency))))
    return rows


def _other_address(addresses: dict[str, Any]) -> list[str]:
    """The billing address, unless it is the one the goods go to."""
    billing = addresses.get(OrderAddress.Kind.BILLING)
    if billing is None or billing == addresses.get(OrderAddress.Kind.SHIPPING):
        return []
    return list(billing.lines())
