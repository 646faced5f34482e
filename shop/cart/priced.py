"""A cart with its prices, as values: what every door shows and what checkout agrees on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from shop.cart.models import Cart
from shop.cart.totals import Totals
from shop.catalogue.bundles import BundlePart
from shop.core.money import Money
from shop.customers.addresses import PostalAddress
from shop.shipping.selectors import ShippingOption


@dataclass(frozen=True, slots=True)
class LineImage:
    """A picture of what is bought; ``alt`` says what it shows."""

    url: str
    alt: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class CartWarning:
    """Something that has changed since the shopper chose; ``line`` is the id of the line it is about."""

    code: str
    detail: str
    line: UUID | None = None


@dataclass(frozen=True, slots=True)
class CartVoucher:
    """
    A code in the cart. ``label`` is what its promotion is called; ``refusal`` says why it gives nothing, as
    a code of the contract, or is empty.
    """

    code: str
    label: str = ""
    refusal: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class CartDiscount:
    """What one promotion takes off: goods and shipping; ``code`` where a voucher opened it."""

    promotion_id: int
    name: str
    label: str
    code: str
    amount: Money
    shipping: Money


@dataclass(frozen=True, kw_only=True, slots=True)
class PricedLine:
    """
    A line with its price. ``available`` is how many can be ordered now (0 to 999), beside what the lines
    before it take; a line that cannot be bought any more has no ``unit_price`` and counts nothing.
    ``components`` are the parts of one piece of a bundle.
    """

    id: UUID
    variant_id: int
    product_id: int | None
    revision_id: int | None
    sku: str
    title: str
    variant_title: str
    url: str
    image: LineImage | None
    quantity: int
    available: int
    weight_grams: int
    requires_shipping: bool
    components: Sequence[BundlePart]
    unit_price: Money | None
    compare_at_price: Money | None
    discount: Money
    total: Money
    net: Money
    tax: Money
    gross: Money
    tax_rate: Decimal
    tax_name: str
    price_trace: Sequence[Mapping[str, Any]]
    # Why it cannot be ordered as it stands, beside stock and price: a code of ``shop.cart.limits``, or empty.
    refusal: str = ""
    max_per_order: int | None = None
    is_reduced: bool = False
    lowest_price_30_days: Money | None = None
    # Put in by a promotion for nothing; the shopper cannot change it.
    is_gift: bool = False
    available_from: datetime | None = None

    @property
    def shows_rrp(self) -> bool:
        """Whether the higher price beside it is a recommended one, and was never the shop's own."""
        return self.compare_at_price is not None and not self.is_reduced

    @property
    def orderable(self) -> int:
        """How many one order can have now: what there is, within the limit per order."""
        return self.available if self.max_per_order is None else min(self.available, self.max_per_order)

    @property
    def is_buyable(self) -> bool:
        return self.unit_price is not None


@dataclass(frozen=True, kw_only=True, slots=True)
class PricedCart:
    """A cart as of ``at``. ``shipping`` is the chosen method, if it still serves the cart."""

    cart: Cart
    at: datetime
    currency: str
    prices_include_tax: bool
    lines: Sequence[PricedLine]
    shipping_address: PostalAddress | None
    billing_address: PostalAddress | None
    shipping: ShippingOption | None
    totals: Totals
    warnings: Sequence[CartWarning]
    discounts: Sequence[CartDiscount] = ()
    vouchers: Sequence[CartVoucher] = ()
    # Why each promotion did or did not apply, for staff.
    promotion_trace: Sequence[Mapping[str, Any]] = ()

    @property
    def available(self) -> bool:
        """Whether every line can be ordered as it stands."""
        return all(line.is_buyable and line.orderable >= line.quantity for line in self.lines)

    @property
    def requires_shipping(self) -> bool:
        """Whether anything travels: if not, neither a shipping address nor a method is needed."""
        return any(line.requires_shipping for line in self.lines)

    @property
    def quantity(self) -> int:
        """The number of pieces."""
        return sum(line.quantity for line in self.lines)
