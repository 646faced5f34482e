"""
"This cart, at that time": a cart that is made, priced like every other, and undone again.

It goes through the carts' own arithmetic in a transaction that is rolled back, so that nothing can differ.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F

from shop.cart.models import MAX_QUANTITY, Cart, CartAddress, CartLine
from shop.cart.priced import PricedCart
from shop.cart.selectors import price_cart
from shop.catalogue.models import ProductVariant
from shop.core.errors import ErrorItem, ShopError
from shop.customers.models import CustomerGroup, User
from shop.orders.models import Order, OrderAddress
from shop.promotions.models import Promotion
from shop.promotions.services import normalise_code
from shop.promotions.words import describe_promotion

# Beyond what any real change adds, so that no process takes the tried state for a real one.
APART = 1_000_000


class UnknownGoods(ShopError):
    """Some SKUs, or the order or cart to load, are not there."""

    code = "unknown_goods"
    title = "Some of what is named is not in the shop."


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """What is to be tried: ``quantities`` by SKU; a customer, or else a group."""

    quantities: Mapping[str, int]
    at: datetime
    currency: str
    country: str = ""
    customer: User | None = None
    group: CustomerGroup | None = None
    vouchers: Sequence[str] = ()
    shipping_method: str = ""
    drafts: Collection[int] = ()


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of one promotion, with what it says."""

    promotion_id: int
    name: str
    outcome: str
    reason: str
    amount: str
    sentences: Sequence[str]


@dataclass(frozen=True, slots=True)
class Answer:
    """The cart as it would be, and every promotion of carts with why it did or did not apply."""

    priced: PricedCart
    tried: Sequence[Tried]


def simulate(question: Question) -> Answer:
    """
    Price the cart; nothing of it remains.

    :raises UnknownGoods: for SKUs that the shop does not have, or quantities that no cart may hold
    """
    with transaction.atomic():
        if question.drafts:
            Promotion.objects.filter(pk__in=question.drafts).update(
                is_active=True, version=F("version") + APART
            )
        cart = _make_cart(question)
        priced = price_cart(cart, at=question.at)
        tried = _list_tried(question, priced)
        transaction.set_rollback(True)
    return Answer(priced=priced, tried=tried)


def _make_cart(question: Question) -> Cart:
    user = question.customer
    if user is None and question.group is not None:
        user = User.objects.create(email=f"{uuid4()}@simulation.invalid", group=question.group)
    address = None
    if question.country:
        address = CartAddress.objects.create(
            first_name="-", last_name="-", line1="-", city="-", country=question.country
        )
    cart = Cart.objects.create(
        user=user,
        currency=question.currency,
        shipping_address=address,
        shipping_method_code=question.shipping_method,
        voucher_codes=[normalise_code(code) for code in question.vouchers],
        expires_at=question.at + timedelta(days=1),
    )
    errors = []
    for sku, quantity in question.quantities.items():
        variant = ProductVariant.objects.with_sku(sku).first()
        if variant is None:
            errors.append(ErrorItem("unknown_sku", f"There is no SKU {sku}.", "lines"))
        elif not 1 <= quantity <= MAX_QUANTITY:
            errors.append(ErrorItem("invalid_quantity", f"{sku}: from 1 to {MAX_QUANTITY} pieces.", "lines"))
        else:
            CartLine.objects.create(cart=cart, variant=variant, quantity=quantity, added_at=question.at)
    if errors:
        raise UnknownGoods(errors[0].detail, errors=errors)
    return cart


def _list_tried(question: Question, priced: PricedCart) -> list[Tried]:
    steps = {step["promotion"]: step for step in priced.promotion_trace}
    promotions = Promotion.objects.filter(kind=Promotion.Kind.CART, is_active=True)
    found = []
    for promotion in promotions:
        step = steps.get(promotion.name)
        found.append(
            Tried(
                promotion_id=promotion.pk,
                name=promotion.name,
                outcome="applied" if step and step["outcome"] == "applied" else "not applied",
                reason=step["reason"] if step else _why_not(promotion, question),
                amount=f"{step['amount']['amount']} {step['amount']['currency']}" if step else "",
                sentences=describe_promotion(promotion),
            )
        )
    return sorted(found, key=lambda one: one.outcome != "applied")


def _why_not(promotion: Promotion, question: Question) -> str:
    """Why a promotion was not even worked out."""
    if not promotion.is_running_at(question.at):
        return "At that moment it is not valid."
    if promotion.needs_voucher:
        codes = [normalise_code(code) for code in question.vouchers]
        if not promotion.vouchers.filter(code__in=codes).exists():
            return "None of its vouchers is entered."
        return "Its voucher cannot be used here: see the vouchers above."
    if promotion.max_uses is not None and promotion.uses >= promotion.max_uses:
        return "It has been used by as many orders as may."
    return "The goods that it asks for are not in the cart, or it cannot be read, or is of another site."


def load_quantities(source: str) -> tuple[dict[str, int], User | None, str]:
    """
    The goods of an order by its number, or of a cart by its id, with the customer and the country.

    :raises UnknownGoods: if there is neither
    """
    order = Order.objects.select_related("user").filter(number=source.strip().upper()).first()
    if order is not None:
        lines = order.lines.filter(is_gift=False).values_list("sku", "quantity")
        address = order.addresses.filter(kind=OrderAddress.Kind.SHIPPING).first()
        return dict(lines), order.user, address.country if address else ""
    try:
        cart = Cart.objects.select_related("user", "shipping_address").filter(pk=UUID(source.strip())).first()
    except ValueError:
        cart = None
    if cart is None:
        detail = "There is no order of this number, and no cart of this id."
        raise UnknownGoods(detail, errors=[ErrorItem("unknown_source", detail, "source")])
    held = cart.lines.values_list("variant__sku", "quantity")
    return dict(held), cart.user, cart.shipping_address.country if cart.shipping_address else ""
