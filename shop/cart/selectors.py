"""Reads of carts, with prices of the moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shop.cart.contents import image_of, is_in_shop, is_on_sale, list_gifts, list_lines, title_of
from shop.cart.limits import (
    LINE_UNAVAILABLE,
    MAX_PER_ORDER_EXCEEDED,
    NO_LONGER_AVAILABLE,
    NOT_AVAILABLE_YET,
)
from shop.cart.models import MAX_QUANTITY, Cart
from shop.cart.notices import list_warnings
from shop.cart.priced import PricedCart, PricedLine
from shop.cart.promoting import PreparedCart, list_discounts, prepare_cart, shopper_of
from shop.cart.totals import LineInput, LineTotals, Totals, calculate_totals, price_as_shown
from shop.catalogue.bundles import BundlePart, load_parts, requires_shipping, weight_of
from shop.core import clock
from shop.core.errors import ErrorItem, NotFoundError, ShopError
from shop.core.models import ShopSettings
from shop.core.money import Money
from shop.core.selectors import get_shop_settings
from shop.core.together import read_together
from shop.customers.addresses import PostalAddress
from shop.inventory.selectors import read_stock
from shop.pricing.selectors import PricingContext, Quote, quote_prices
from shop.promotions.engine import Outcome
from shop.promotions.selectors import ask_for_stamp, get_snapshot
from shop.promotions.snapshot import Snapshot
from shop.shipping.selectors import ShippingMethodUnavailable, ShippingOption, get_method, list_methods
from shop.tax.calculation import Rate
from shop.tax.selectors import ask_for_rates, read_rates

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from shop.customers.models import User


# What pricing needs of a cart beside its lines.
JOINED = ("user__group", "shipping_address", "billing_address")


class CartNotFound(NotFoundError):
    """There is no such cart, or it is somebody else's."""

    code = "cart_not_found"
    title = "There is no such cart."


class CartNeedsAddress(ShopError):
    """What is asked for depends on where the goods go."""

    code = "shipping_address_required"
    status = 400
    title = "Enter the shipping address first."

    def __init__(self) -> None:
        super().__init__(errors=[ErrorItem("required", self.title, "shipping_address")])


def get_cart(
    *, cart_id: UUID | str, user: User | AnonymousUser | None = None, at: datetime | None = None
) -> Cart:
    """
    Return a guest's cart to whoever knows its id, a person's only to them.

    :raises CartNotFound: for an unknown, foreign or expired cart
    """
    cart = Cart.objects.select_related(*JOINED).filter(pk=cart_id).first()
    if cart is None or not may_see(cart, user) or cart.expires_at <= (at or clock.now()):
        raise CartNotFound
    return cart


def may_see(cart: Cart, user: User | AnonymousUser | None) -> bool:
    """Whether a cart is the caller's: a guest's is, once its id is known."""
    return cart.user_id is None or (user is not None and cart.user_id == user.pk)


def find_open_cart(user: User) -> Cart | None:
    """Return the cart that a person used last and has not ordered yet."""
    carts = Cart.objects.select_related(*JOINED).filter(
        user=user, completed_at__isnull=True, expires_at__gt=clock.now()
    )
    return carts.order_by("-updated_at").first()


def pricing_context(cart: Cart, shop: ShopSettings, *, at: datetime) -> PricingContext:
    """For whom and when this cart's prices are asked."""
    return PricingContext(
        currency=cart.currency,
        at=at,
        customer_group_id=cart.user.group_id if cart.user else None,
        site_id=shop.site_id,
    )


@dataclass(frozen=True, slots=True)
class _Contents:
    """All that was read to price a cart."""

    shop: ShopSettings
    lines: Sequence[Any]
    quotes: dict[int, Quote]
    parts: Mapping[int, Sequence[BundlePart]]
    available: Mapping[UUID, int]
    shipping_address: PostalAddress | None
    billing_address: PostalAddress | None
    rates: dict[str, Rate]
    promotions: Snapshot

    @property
    def buyable(self) -> list[Any]:
        return [line for line in self.lines if line.variant_id in self.quotes]

    def ships(self, line: Any) -> bool:
        """Whether what the line holds travels."""
        return requires_shipping(line.variant, self.parts.get(line.variant_id, ()))

    def weight_of(self, line: Any) -> int:
        """The grams of one piece that travel."""
        return weight_of(line.variant, self.parts.get(line.variant_id, ()))


def price_cart(
    cart: Cart, *, at: datetime, shop: ShopSettings | None = None, lines: Sequence[Any] | None = None
) -> PricedCart:
    """
    Compute everything a cart shows from the live catalogue: 8 queries at most, one more with bundles in it,
    up to eight more where promotions are in use, and most of them twice where one gives goods.

    The answer holds for this moment only; whoever acts on it locks the cart first and prices it again.

    :param lines: of ``contents.list_lines``, by whoever has read and perhaps changed them already
    """
    rows = list(list_lines(cart.pk) if lines is None else lines)
    contents = _read(cart, rows, shop or get_shop_settings(), at=at)
    prepared = _prepare(cart, contents, at=at)
    outcome = prepared.basket.work_out(None)
    gifts = list_gifts(cart.pk, outcome.gifts)
    lost: list[str] = []
    if gifts:
        gifts, contents, lost = _add_gifts(cart, contents, gifts, at=at)
    goods = _add_up(contents, outcome, Money.zero(cart.currency))
    shipping = _find_shipping(cart, contents, goods)
    totals = goods
    if shipping is not None:
        if prepared.basket.may_change_shipping:
            outcome = prepared.basket.work_out(shipping.price)
        totals = _add_up(contents, outcome, shipping.price - outcome.shipping_discount)
    sums = {line.key: line for line in totals.lines}
    rows += gifts
    priced = [
        replace(
            _priced_line(line, contents, sums.get(str(line.pk)), cart.currency),
            refusal=_find_refusal(line, at=at),
        )
        for line in rows
    ]
    vouchers = prepared.vouchers_after(outcome)
    return PricedCart(
        cart=cart,
        at=at,
        currency=cart.currency,
        prices_include_tax=contents.shop.prices_include_tax,
        lines=priced,
        shipping_address=contents.shipping_address,
        billing_address=contents.billing_address,
        shipping=shipping,
        totals=totals,
        warnings=list_warnings(cart, rows, priced, shipping=shipping, vouchers=vouchers, lost_gifts=lost),
        discounts=list_discounts(outcome, {line.promotion_id: sums[str(line.pk)].discount for line in gifts}),
        vouchers=vouchers,
        promotion_trace=[step.as_json() for step in outcome.trace],
    )


def _prepare(cart: Cart, contents: _Contents, *, at: datetime) -> PreparedCart:
    return prepare_cart(
        cart,
        lines=contents.buyable,
        quotes=contents.quotes,
        unit_prices={
            str(line.pk): price_as_shown(
                _line_input(line, contents, {}),
                contents.rates,
                prices_include_tax=contents.shop.prices_include_tax,
            )
            for line in contents.buyable
        },
        shopper=shopper_of(cart, contents.shipping_address),
        site_id=contents.shop.site_id,
        snapshot=contents.promotions,
        at=at,
    )


def _add_gifts(
    cart: Cart, contents: _Contents, gifts: Sequence[Any], *, at: datetime
) -> tuple[list[Any], _Contents, list[str]]:
    """Read the cart once more with its gifts, as many of them as there are; name those that have run out."""
    found = _read(cart, [*contents.lines, *gifts], contents.shop, at=at)
    kept, lost = [], []
    for gift in gifts:
        gift.quantity = min(gift.quantity, found.available.get(gift.pk, 0))
        if gift.quantity:
            kept.append(gift)
        else:
            lost.append(title_of(gift))
    return kept, replace(found, lines=[*contents.lines, *kept]), lost


def _read(cart: Cart, lines: Sequence[Any], shop: ShopSettings, *, at: datetime) -> _Contents:
    on_sale = [line for line in lines if is_on_sale(line, at)]
    goes_to = cart.shipping_address.as_postal_address() if cart.shipping_address else None
    billed_to = cart.billing_address.as_postal_address() if cart.billing_address else None
    # What the shopper has chosen decides about prices by quantity, not what is given on top.
    quantities = {line.variant_id: line.quantity for line in reversed(on_sale)}
    quotes = quote_prices(
        variant_ids=quantities, context=pricing_context(cart, shop, at=at), quantities=quantities
    )
    wanted = [line for line in on_sale if line.variant_id in quotes]
    stock = read_stock(quantities, at=at)
    served = stock.serve([(line.variant_id, line.quantity) for line in wanted])
    parts = load_parts(stock.bundle_ids) if stock.bundle_ids else {}
    ships = any(requires_shipping(line.variant, parts.get(line.variant_id, ())) for line in on_sale)
    # What ships nothing is delivered where the buyer lives.
    taxed_at = goes_to if ships else billed_to or goes_to
    rates, promotions = _read_rates_and_promotions(taxed_at, shop, at=at) if on_sale else ({}, Snapshot())
    return _Contents(
        shop=shop,
        lines=lines,
        quotes=quotes,
        parts=parts,
        available=dict(zip((line.pk for line in wanted), served, strict=True)),
        shipping_address=goes_to,
        billing_address=billed_to,
        rates=rates,
        promotions=promotions,
    )


def _read_rates_and_promotions(
    taxed_at: PostalAddress | None, shop: ShopSettings, *, at: datetime
) -> tuple[dict[str, Rate], Snapshot]:
    """Two small questions in one statement: what taxes there are, and whether promotions have changed."""
    rates = ask_for_rates(
        country=taxed_at.country if taxed_at else shop.default_country,
        region=taxed_at.region if taxed_at else "",
        at=at,
    )
    rate_rows, stamp = read_together(rates, ask_for_stamp())
    return read_rates(rate_rows, at=at), get_snapshot(stamp)


def _find_shipping(cart: Cart, contents: _Contents, goods: Totals) -> ShippingOption | None:
    travels = [line for line in contents.buyable if contents.ships(line)]
    if not cart.shipping_method_code or contents.shipping_address is None or not travels:
        return None
    try:
        return get_method(
            code=cart.shipping_method_code,
            country=contents.shipping_address.country,
            weight_grams=sum(contents.weight_of(line) * line.quantity for line in travels),
            subtotal=goods.subtotal - goods.discount,
        )
    except ShippingMethodUnavailable:
        return None


def _add_up(contents: _Contents, outcome: Outcome, shipping: Money) -> Totals:
    """Add up, with the discounts that promotions make of it; gifts cost nothing."""
    inputs = [_line_input(line, contents, outcome.discounts) for line in contents.buyable]
    return calculate_totals(
        lines=inputs,
        shipping=shipping,
        rates=contents.rates,
        prices_include_tax=contents.shop.prices_include_tax,
        rounding=contents.shop.tax_rounding,
        currency=shipping.currency,
    )


def _line_input(line: Any, contents: _Contents, discounts: Mapping[str, Money]) -> LineInput:
    quote = contents.quotes[line.variant_id]
    return LineInput(
        key=str(line.pk),
        unit_price=quote.amount,
        includes_tax=quote.includes_tax,
        quantity=line.quantity,
        tax_class=line.variant.tax_class.code,
        discount=discounts.get(str(line.pk)),
        is_free=line.is_gift,
    )


def _priced_line(line: Any, contents: _Contents, sums: LineTotals | None, currency: str) -> PricedLine:
    variant, zero = line.variant, Money.zero(currency)
    quote = contents.quotes.get(line.variant_id)
    return PricedLine(
        id=line.pk,
        variant_id=line.variant_id,
        product_id=variant.product_id,
        revision_id=variant.product.live_revision_id if variant.product else None,
        sku=variant.sku,
        title=title_of(line),
        variant_title=variant.title,
        url=(variant.product.url or "") if is_in_shop(line) else "",
        image=image_of(line),
        quantity=line.quantity,
        available=min(contents.available[line.pk], MAX_QUANTITY) if sums else 0,
        weight_grams=contents.weight_of(line),
        requires_shipping=contents.ships(line),
        components=contents.parts.get(line.variant_id, ()),
        unit_price=sums.unit_price if sums else None,
        compare_at_price=quote.compare_at if quote else None,
        is_reduced=quote.is_reduced if quote else False,
        discount=sums.discount if sums else zero,
        total=sums.total if sums else zero,
        net=sums.net if sums else zero,
        tax=sums.tax if sums else zero,
        gross=sums.gross if sums else zero,
        tax_rate=sums.tax_rate if sums else Decimal(0),
        tax_name=sums.tax_name if sums else "",
        price_trace=quote.trace_as_json() if quote else [],
        max_per_order=variant.max_per_order,
        is_gift=line.is_gift,
        available_from=variant.available_from,
    )


def _find_refusal(line: Any, *, at: datetime) -> str:
    """Why a line cannot be ordered as it stands, beside stock and price."""
    variant = line.variant
    if not is_in_shop(line):
        return LINE_UNAVAILABLE
    if variant.is_too_early(at):
        return NOT_AVAILABLE_YET
    if variant.is_too_late(at):
        return NO_LONGER_AVAILABLE
    over = variant.max_per_order is not None and line.quantity > variant.max_per_order
    return MAX_PER_ORDER_EXCEEDED if over else ""


def list_shipping_options(cart: Cart, *, at: datetime) -> list[ShippingOption]:
    """
    List the methods that serve the cart's address, weight and total; none while nothing in it travels.

    :raises CartNeedsAddress: while the cart has no shipping address, and needs one
    """
    priced = price_cart(cart, at=at)
    if priced.lines and not priced.requires_shipping:
        return []
    if priced.shipping_address is None:
        raise CartNeedsAddress
    return list_methods(
        country=priced.shipping_address.country,
        weight_grams=sum(line.weight_grams * line.quantity for line in priced.lines if line.is_buyable),
        subtotal=priced.totals.subtotal - priced.totals.discount,
    )
