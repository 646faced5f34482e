"""Orders as the checkout leaves them, for tests of what comes after."""

from __future__ import annotations

import uuid
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from shop.catalogue.models import ProductVariant
from shop.core import clock
from shop.core.money import Money, split_gross
from shop.customers.addresses import PostalAddress
from shop.inventory.services import Demand, reserve_stock
from shop.orders.creation import create_order
from shop.orders.drafts import DraftLine, DraftTaxLine, OrderDraft
from shop.orders.models import Order
from shop.orders.transitions import OrderStatus
from shop.payments.gateways.registry import get_gateway
from shop.payments.services import open_payment
from tests.factories.catalogue import ProductFactory, VariantFactory
from tests.factories.customers import berlin_address
from tests.factories.inventory import StockItemFactory

VAT = Decimal(19)
TRACE = {
    "price_list": "retail",
    "kind": "base",
    "amount": {"amount": "39.90", "currency": "EUR"},
    "min_quantity": 1,
    "outcome": "won",
    "reason": "The base price; no other list was cheaper.",
}


def place_order(
    *,
    quantities: tuple[int, ...] = (2, 1),
    email: str = "ada@example.com",
    address: PostalAddress | None = None,
    at: datetime | None = None,
    skus: tuple[str, ...] = (),
    **draft: Any,
) -> Order:
    """A confirmed order, to be paid by hand, whose goods (39.90 each, 19 % included) are held."""
    moment = at or clock.now()
    variants = [
        _variant(skus[index] if index < len(skus) else None, on_hand=10) for index in range(len(quantities))
    ]
    lines = [_line(variant, quantity) for variant, quantity in zip(variants, quantities, strict=True)]
    subtotal = Money.sum([line.total for line in lines], "EUR")
    shipping = Money(Decimal("4.90"), "EUR")
    total = subtotal + shipping
    net, tax = split_gross(total, VAT)
    where = address or berlin_address()
    values = {
        "cart_id": uuid.uuid4(),
        "number_prefix": "NX",
        "email": email,
        "currency": "EUR",
        "prices_include_tax": True,
        "shipping_method_code": "standard",
        "shipping_method_name": "Standard parcel",
        "subtotal": subtotal,
        "discount": Money.zero("EUR"),
        "shipping": shipping,
        "shipping_gross": shipping,
        "tax": tax,
        "total": total,
        "lines": lines,
        "tax_lines": [DraftTaxLine(name="VAT", rate=VAT, base=net, amount=tax)],
        "shipping_address": where,
        "billing_address": where,
        **draft,
    }
    with transaction.atomic():
        order = create_order(draft=OrderDraft(**values), status=OrderStatus.CONFIRMED, at=moment)
        demands = [Demand(variant_id=line.variant_id, quantity=line.quantity) for line in lines]
        reserve_stock(owner=order.stock_owner, demands=demands, expires_at=None, at=moment)
        open_payment(order=order, gateway=get_gateway("manual"), details={}, at=moment)
    return Order.objects.get(pk=order.pk)


def _variant(sku: str | None, *, on_hand: int) -> ProductVariant:
    names = {"sku": sku} if sku else {}
    variant = VariantFactory(product=ProductFactory(title="Oak lamp"), title="Small, natural", **names)
    StockItemFactory(variant=variant, on_hand=on_hand)
    return variant


def _line(variant: ProductVariant, quantity: int) -> DraftLine:
    unit = Money(Decimal("39.90"), "EUR")
    gross = unit * quantity
    net, tax = split_gross(gross, VAT)
    return DraftLine(
        variant_id=variant.pk,
        revision_id=None,
        sku=variant.sku,
        title="Oak lamp",
        variant_title=variant.title,
        attributes=[],
        url="/products/oak-lamp/",
        image_url="",
        quantity=quantity,
        unit_price=unit,
        discount=Money.zero("EUR"),
        total=gross,
        net=net,
        tax=tax,
        gross=gross,
        tax_rate=VAT,
        tax_name="VAT",
        price_trace=[TRACE],
    )
