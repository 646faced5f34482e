"""What shoppers do with a cart. Each locks the cart, so that two tabs never overwrite each other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.db import transaction

from shop.cart.models import LIFETIME, MAX_LINES, MAX_QUANTITY, Cart, CartAddress, CartLine
from shop.cart.priced import PricedCart
from shop.cart.selectors import CartNeedsAddress, CartNotFound, find_open_cart, may_see, price_cart
from shop.catalogue.selectors import VariantNotFound, get_sellable_variant
from shop.core.errors import ErrorItem, NotFoundError, ShopError
from shop.core.selectors import get_shop_settings
from shop.customers.addresses import PostalAddress, validate_address
from shop.pricing.selectors import PricingContext, list_serving_price_lists
from shop.shipping.selectors import ShippingMethodUnavailable

if TYPE_CHECKING:
    from shop.customers.models import User

__all__ = [
    "UNCHANGED",
    "CartChanges",
    "CartCompleted",
    "LineNotFound",
    "UnknownSku",
    "add_line",
    "claim_cart",
    "complete_cart",
    "create_cart",
    "delete_expired_carts",
    "lock_cart",
    "remove_line",
    "set_quantity",
    "update_cart",
]


class _Unchanged(Enum):
    UNCHANGED = "unchanged"


UNCHANGED: Final = _Unchanged.UNCHANGED


class CartCompleted(ShopError):
    """The cart has become an order; nothing in it can be changed any more."""

    code = "cart_completed"
    status = 409
    title = "This cart has been ordered already. Start a new one to order more."


class LineNotFound(NotFoundError):
    """The cart has no such line."""

    code = "line_not_found"
    title = "The cart has no such line."


class CurrencyNotSold(ShopError):
    """The shop has no prices in this currency."""

    code = "currency_not_sold"
    status = 400
    title = "The shop has no prices in this currency."

    def __init__(self) -> None:
        super().__init__(errors=[ErrorItem(self.code, self.title, "currency")])


class UnknownSku(ShopError):
    """Nothing on sale has this SKU."""

    code = "unknown_sku"
    status = 400
    title = "There is nothing on sale with this SKU."

    def __init__(self) -> None:
        super().__init__(errors=[ErrorItem(self.code, self.title, "sku")])


class QuantityTooLarge(ShopError):
    """More of one thing than a cart may hold."""

    code = "quantity_too_large"
    status = 400
    title = f"A cart holds at most {MAX_QUANTITY} of one thing."

    def __init__(self) -> None:
        super().__init__(errors=[ErrorItem(self.code, self.title, "quantity")])


class CartFull(ShopError):
    """More different things than a cart may hold."""

    code = "cart_full"
    status = 400
    title = f"A cart holds at most {MAX_LINES} different things."


@dataclass(frozen=True, kw_only=True, slots=True)
class CartChanges:
    """What ``update_cart`` shall change; everything else stays. ``None`` takes an address or method away."""

    email: str | _Unchanged = UNCHANGED
    note: str | _Unchanged = UNCHANGED
    shipping_address: PostalAddress | None | _Unchanged = UNCHANGED
    billing_address: PostalAddress | None | _Unchanged = UNCHANGED
    shipping_method: str | None | _Unchanged = UNCHANGED


@transaction.atomic
def create_cart(*, user: User | None, at: datetime, currency: str = "") -> Cart:
    """
    Begin a cart, in the shop's own currency unless told otherwise.

    :raises CurrencyNotSold: if no price list serves the shopper in ``currency``
    """
    shop = get_shop_settings()
    group_id = user.group_id if user else None
    context = PricingContext(
        currency=currency or shop.default_currency, at=at, customer_group_id=group_id, site_id=shop.site_id
    )
    if currency and currency != shop.default_currency and not list_serving_price_lists(context).exists():
        raise CurrencyNotSold
    return Cart.objects.create(
        user=user,
        email=user.email if user else "",
        currency=context.currency,
        created_at=at,
        updated_at=at,
        expires_at=at + LIFETIME,
    )


def lock_cart(cart: Cart) -> Cart:
    """
    Read the cart anew, locked until the end of the transaction.

    :raises CartNotFound: when it has been deleted, or now belongs to somebody else
    """
    locked = Cart.objects.select_for_update(of=("self",)).select_related("user").filter(pk=cart.pk).first()
    if locked is None or (locked.user_id != cart.user_id and locked.user_id is not None):
        raise CartNotFound
    return locked


def _change(cart: Cart, at: datetime, change: Callable[[Cart], Any]) -> PricedCart:
    """Lock, change, and price the result; refused for a cart that has become an order."""
    locked = lock_cart(cart)
    if locked.is_completed:
        raise CartCompleted
    change(locked)
    locked.updated_at, locked.expires_at = at, at + LIFETIME
    locked.save()
    return price_cart(locked, at=at)


def _remember_price(priced: PricedCart, line_id: UUID | None = None) -> None:
    """Note what the shopper has just been told a piece costs, for one line or all."""
    for line in priced.lines:
        if line.unit_price is not None and line_id in (None, line.id):
            CartLine.objects.filter(pk=line.id).exclude(seen_price=line.unit_price.amount).update(
                seen_price=line.unit_price.amount
            )


@transaction.atomic
def add_line(*, cart: Cart, sku: str, quantity: int, at: datetime) -> PricedCart:
    """
    Put goods into a cart; the same SKU again adds up. More than there is in stock is allowed, with a warning.

    :raises UnknownSku: if nothing on sale has the SKU, or it has no price for this cart
    :raises QuantityTooLarge: for more than 999 of one thing
    :raises CartFull: for more than 100 different things
    :raises CartCompleted: if the cart has become an order
    """
    try:
        variant = get_sellable_variant(sku)
    except VariantNotFound:
        raise UnknownSku from None

    def add(locked: Cart) -> None:
        line = CartLine.objects.filter(cart=locked, variant=variant).first()
        if line is None:
            if locked.lines.count() >= MAX_LINES:
                raise CartFull
            line = CartLine(cart=locked, variant=variant, quantity=0, added_at=at)
        line.quantity += quantity
        if line.quantity > MAX_QUANTITY:
            raise QuantityTooLarge
        line.save()

    priced = _change(cart, at, add)
    added = next(line for line in priced.lines if line.variant_id == variant.pk)
    if not added.is_buyable:
        raise UnknownSku
    _remember_price(priced, added.id)
    return priced


@transaction.atomic
def set_quantity(*, cart: Cart, line_id: UUID, quantity: int, at: datetime) -> PricedCart:
    """
    Set how many of a line are wanted; 0 takes the line out.

    :raises LineNotFound: if the cart has no such line
    :raises CartCompleted: if the cart has become an order
    """

    def change(locked: Cart) -> None:
        line = CartLine.objects.filter(cart=locked, pk=line_id).first()
        if line is None:
            raise LineNotFound
        if quantity == 0:
            line.delete()
            return
        line.quantity = quantity
        line.save(update_fields=["quantity"])

    priced = _change(cart, at, change)
    _remember_price(priced, line_id)
    return priced


def remove_line(*, cart: Cart, line_id: UUID, at: datetime) -> PricedCart:
    """
    Take a line out.

    :raises LineNotFound: if the cart has no such line
    :raises CartCompleted: if the cart has become an order
    """
    return set_quantity(cart=cart, line_id=line_id, quantity=0, at=at)


@transaction.atomic
def update_cart(*, cart: Cart, changes: CartChanges, at: datetime) -> PricedCart:
    """
    Enter e-mail, addresses, shipping method or note. The answer still warns of changed prices; from then on
    they count as seen.

    :raises InvalidAddress: naming each part of an address that cannot be right
    :raises CartNeedsAddress: for a shipping method without an address
    :raises ShippingMethodUnavailable: for a method that does not serve the address, weight or total
    :raises CartCompleted: if the cart has become an order
    """
    addresses = {
        kind: validate_address(address, attr_prefix=f"{kind}_address.")
        if isinstance(address, PostalAddress)
        else address
        for kind, address in (
            (CartAddress.Kind.SHIPPING, changes.shipping_address),
            (CartAddress.Kind.BILLING, changes.billing_address),
        )
    }

    def change(locked: Cart) -> None:
        if changes.email is not UNCHANGED:
            locked.email = changes.email
        if changes.note is not UNCHANGED:
            locked.note = changes.note
        if changes.shipping_method is not UNCHANGED:
            locked.shipping_method_code = changes.shipping_method or ""
        for kind, address in addresses.items():
            if address is None:
                CartAddress.objects.filter(cart=locked, kind=kind).delete()
            elif isinstance(address, PostalAddress):
                CartAddress.objects.update_or_create(cart=locked, kind=kind, defaults=address.as_json())

    priced = _change(cart, at, change)
    if changes.shipping_method is not UNCHANGED and changes.shipping_method and priced.shipping is None:
        if priced.shipping_address is None:
            raise CartNeedsAddress
        raise ShippingMethodUnavailable
    _remember_price(priced)
    return priced


@transaction.atomic
def claim_cart(*, cart: Cart, user: User, at: datetime) -> PricedCart:
    """
    Make a guest's cart the person's own, and put what lies in the cart they had into it.

    Claiming one's own cart again merges nothing.

    :raises CartNotFound: if it is somebody else's by now
    :raises CartCompleted: if it has become an order
    """
    former = find_open_cart(user) if cart.user_id is None else None
    # By primary key, so that two devices which claim at once cannot deadlock.
    ids = sorted({cart.pk, *([former.pk] if former else [])})
    locked = {one.pk: one for one in Cart.objects.select_for_update().filter(pk__in=ids).order_by("pk")}
    mine = locked.get(cart.pk)
    if mine is None or not may_see(mine, user):
        raise CartNotFound
    old = locked.get(former.pk) if former else None

    def claim(claimed: Cart) -> None:
        claimed.user = user
        claimed.email = claimed.email or user.email
        if old is not None and not old.is_completed and old.user_id == user.pk:
            _merge(old, into=claimed)

    return _change(mine, at, claim)


def _merge(old: Cart, *, into: Cart) -> None:
    held = {line.variant_id: line for line in into.lines.all()}
    for line in old.lines.all():
        same = held.get(line.variant_id)
        if same is not None:
            same.quantity = min(same.quantity + line.quantity, MAX_QUANTITY)
            same.save(update_fields=["quantity"])
        elif len(held) < MAX_LINES:
            line.cart = into
            line.save(update_fields=["cart"])
            held[line.variant_id] = line
    kinds = set(into.addresses.values_list("kind", flat=True))
    old.addresses.exclude(kind__in=kinds).update(cart=into)
    into.note = into.note or old.note
    old.delete()


def complete_cart(*, cart: Cart, at: datetime) -> None:
    """Close a cart that has become an order; the caller holds its lock."""
    cart.completed_at = cart.updated_at = at
    cart.save(update_fields=["completed_at", "updated_at"])


def delete_expired_carts(*, at: datetime, limit: int = 1000) -> int:
    """Delete carts that nobody has touched for 30 days, at most ``limit``; return how many."""
    expired = Cart.objects.filter(expires_at__lte=at).order_by("expires_at")
    doomed = list(expired.values_list("pk", flat=True)[:limit])
    Cart.objects.filter(pk__in=doomed, expires_at__lte=at).delete()
    return len(doomed)
