"""An order before it is written: plain values, so that orders need to know nothing of carts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from shop.core.money import Money
from shop.customers.addresses import PostalAddress


@dataclass(frozen=True, kw_only=True, slots=True)
class DraftLine:
    """
    One line as agreed on. ``total`` is what was shown, ``gross`` what is owed, tax included.

    ``components`` are the parts of one piece of a bundle: ``variant_id``, ``sku``, ``title``, ``quantity``
    and ``requires_shipping`` of each.
    """

    variant_id: int
    revision_id: int | None
    sku: str
    title: str
    variant_title: str
    attributes: Sequence[Mapping[str, str]]
    url: str
    image_url: str
    quantity: int
    unit_price: Money
    discount: Money
    total: Money
    net: Money
    tax: Money
    gross: Money
    tax_rate: Decimal
    tax_name: str
    price_trace: Sequence[Any] = field(default_factory=list)
    requires_shipping: bool = True
    components: Sequence[Mapping[str, Any]] = field(default_factory=list)
    is_gift: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class DraftDiscount:
    """What one promotion takes off goods and shipping; ``code`` where a voucher opened it."""

    promotion_id: int
    name: str
    label: str
    code: str
    amount: Money
    shipping: Money


@dataclass(frozen=True, kw_only=True, slots=True)
class DraftTaxLine:
    """The tax of one rate over everything."""

    name: str
    rate: Decimal
    base: Money
    amount: Money


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderDraft:
    """Everything that ``create_order`` writes; no shipping address and method where nothing travels."""

    cart_id: UUID
    number_prefix: str
    checkout_key: str = ""
    user_id: int | None = None
    email: str
    currency: str
    locale: str = "en"
    note: str = ""
    prices_include_tax: bool
    shipping_method_code: str
    shipping_method_name: str
    subtotal: Money
    discount: Money
    shipping: Money
    shipping_gross: Money
    tax: Money
    total: Money
    lines: Sequence[DraftLine]
    tax_lines: Sequence[DraftTaxLine]
    shipping_address: PostalAddress | None
    billing_address: PostalAddress | None
    discounts: Sequence[DraftDiscount] = ()
    promotion_trace: Sequence[Mapping[str, Any]] = ()
