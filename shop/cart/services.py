"""What shoppers do with a cart. Each locks the cart, so that two tabs never overwrite each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.db import transaction

from shop.cart.contents import is_in_shop, list_lines
from shop.cart.errors import (
    CartCompleted,
    CartFull,
    CurrencyNotSold,
    LineNotFound,
    QuantityTooLarge,
    UnknownSku,
)
from shop.cart.limits import refuse_too_many, refuse_unavailable
from shop.cart.models import LIFETIME, MAX_LINES, MAX_QUANTITY, MAX_VOUCHERS, Cart, CartAddress, CartLine
from shop.cart.priced import PricedCart
from shop.cart.selectors import (
    JOINED,
    CartNeedsAddress,
    CartNotFound,
    find_open_cart,
    may_see,
    price_cart,
)
from shop.core.models import ShopSettings
from shop.core.selectors import get_shop_settings
from shop.customers.addresses import PostalAddress, validate_address
from shop.pricing.selectors import list_offered_currencies
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
    "lock_open_cart",
    "remove_line",
    "set_quantity",
    "touch",
    "update_cart",
]


class _Unchanged(Enum):
    UNCHANGED = "unchanged"


UNCHANGED: Final = _Unchanged.UNCHANGED


@dataclass(frozen=True, kw_only=True, slots=True)
class CartChanges:
    """What ``update_cart`` shall change; everything else stays. ``None`` takes an address or method away."""

    email: _Unchanged | str = UNCHANGED
    note: _Unchanged | str = UNCHANGED
    shipping_address: _Unchanged | PostalAddress | None = UNCHANGED
    billing_address: _Unchanged | PostalAddress | None = UNCHANGED
    shipping_method: _Unchanged | str | None = UNCHANGED
    currency: _Unchanged | str = UNCHANGED


@transaction.atomic
def create_cart(
    *, user: User | None, at: datetime, currency: str = "", shop: ShopSettings | None = None
) -> Cart:
    """
    Begin a cart, in the shop's own currency unless told otherwise.

    :param shop: by whoever has read the settings already
    :raises CurrencyNotSold: if the shop does not offer ``currency``
    """
    shop = shop or get_shop_settings()
    if currency:
        _check_offered(currency, shop)
    return Cart.objects.create(
        user=user,
        email=user.email if user else "",
        currency=currency or shop.default_currency,
        created_at=at,
        updated_at=at,
        expires_at=at + LIFETIME,
    )


def lock_cart(cart: Cart, *, at: datetime) -> Cart:
    """
    Read a cart, locked until the end of the transaction; it may have become an order.

    :param cart: as read before, or ``Cart.unread``: a person's cart is given to nobody else
    :raises CartNotFound: for an unknown, foreign or expired cart
    """
    carts = Cart.objects.select_for_update(of=("self",)).select_related(*JOINED)
    locked = carts.filter(pk=cart.pk).first()
    if locked is None or locked.user_id not in (None, cart.user_id) or locked.expires_at <= at:
        raise CartNotFound
    return locked


def lock_open_cart(cart: Cart, *, at: datetime) -> Cart:
    """
    Read a cart that can still be changed, locked until the end of the transaction.

    :raises CartNotFound: for an unknown, foreign or expired cart
    :raises CartCompleted: if it has become an order
    """
    locked = lock_cart(cart, at=at)
    if locked.is_completed:
        raise CartCompleted
    return locked


def touch(cart: Cart, *, at: datetime) -> None:
    """Write the cart; it lives on for another month."""
    cart.updated_at, cart.expires_at = at, at + LIFETIME
    cart.save()


def _price_and_remember(
    cart: Cart, lines: list[Any], *, at: datetime, touched: Any | None = None
) -> PricedCart:
    """
    Price the cart, then note what the shopper has now been told a piece costs: of one line, or of all.

    The answer itself still warns of what had changed.
    """
    priced = price_cart(cart, at=at, lines=lines)
    changed = []
    # Gifts stand behind the lines that were chosen.
    for row, line in zip(lines, priced.lines, strict=False):
        told = line.unit_price.amount if line.unit_price is not None else row.seen_price
        if touched in (None, row) and row.seen_price != told:
            row.seen_price = told
            changed.append(row)
    saved = [row for row in changed if row is not touched]
    if saved:
        CartLine.objects.bulk_update(saved, ["seen_price"])
    return priced


@transaction.atomic
def add_line(*, cart: Cart, sku: str, quantity: int, at: datetime) -> PricedCart:
    """
    Put goods into a cart; the same SKU again adds up. More than there is in stock is allowed, with a warning.

    :raises UnknownSku: if nothing on sale has the SKU, or it has no price for this cart
    :raises NotAvailableYet: before its sale begins
    :raises NoLongerAvailable: after its sale has ended
    :raises MaxPerOrderExceeded: for more than one order may hold
    :raises QuantityTooLarge: for more than 999 of one thing
    :raises CartFull: for more than 100 different things
    :raises CartCompleted: if the cart has become an order
    """
    locked = lock_open_cart(cart, at=at)
    lines = list_lines(locked.pk, and_sku=sku)
    line = next((held for held in lines if held.variant.sku.upper() == sku.upper()), None)
    if line is None or not is_in_shop(line):
        raise UnknownSku
    refuse_unavailable(line.variant, at=at)
    if len(lines) > MAX_LINES:
        raise CartFull
    if not line.quantity:
        line.added_at = at
    line.quantity += quantity
    if line.quantity > MAX_QUANTITY:
        raise QuantityTooLarge
    refuse_too_many(line.variant, line.quantity)
    priced = _price_and_remember(locked, lines, at=at, touched=line)
    if not priced.lines[lines.index(line)].is_buyable:
        raise UnknownSku
    line.save()
    touch(locked, at=at)
    return priced


@transaction.atomic
def set_quantity(*, cart: Cart, line_id: UUID, quantity: int, at: datetime) -> PricedCart:
    """
    Set how many of a line are wanted; 0 takes the line out.

    :raises LineNotFound: if the cart has no such line
    :raises MaxPerOrderExceeded: for more than one order may hold
    :raises CartCompleted: if the cart has become an order
    """
    locked = lock_open_cart(cart, at=at)
    lines = list_lines(locked.pk)
    line = next((held for held in lines if held.pk == line_id), None)
    if line is None:
        raise LineNotFound
    if quantity == 0:
        line.delete()
        lines = [held for held in lines if held is not line]
        touch(locked, at=at)
        return price_cart(locked, at=at, lines=lines)
    refuse_too_many(line.variant, quantity)
    line.quantity = quantity
    priced = _price_and_remember(locked, lines, at=at, touched=line)
    line.save(update_fields=["quantity", "seen_price"])
    touch(locked, at=at)
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
    Enter e-mail, addresses, shipping method, note or currency. The answer still warns of changed prices; from
    then on they count as seen. In another currency nothing was seen before.

    :raises InvalidAddress: naming each part of an address that cannot be right
    :raises CartNeedsAddress: for a shipping method without an address
    :raises CurrencyNotSold: for a currency that the shop does not offer
    :raises ShippingMethodUnavailable: for a method that does not serve the address, weight or total
    :raises CartCompleted: if the cart has become an order
    """
    locked = lock_open_cart(cart, at=at)
    if changes.email is not UNCHANGED:
        locked.email = changes.email
    if changes.note is not UNCHANGED:
        locked.note = changes.note
    if changes.shipping_method is not UNCHANGED:
        locked.shipping_method_code = changes.shipping_method or ""
    for field in ("shipping_address", "billing_address"):
        _set_address(locked, field, getattr(changes, field))
    rows = list_lines(locked.pk)
    if changes.currency is not UNCHANGED and changes.currency != locked.currency:
        _check_offered(changes.currency, get_shop_settings())
        locked.currency = changes.currency
        for row in rows:
            row.seen_price = None
    touch(locked, at=at)
    priced = _price_and_remember(locked, rows, at=at)
    wants_method = changes.shipping_method is not UNCHANGED and bool(changes.shipping_method)
    # A method chosen while nothing travels is kept for the day that something does.
    if wants_method and priced.shipping is None and (priced.requires_shipping or not priced.lines):
        if priced.shipping_address is None:
            raise CartNeedsAddress
        raise ShippingMethodUnavailable
    return priced


def _check_offered(currency: str, shop: ShopSettings) -> None:
    if currency != shop.default_currency and currency not in list_offered_currencies(shop):
        raise CurrencyNotSold


def _set_address(cart: Cart, field: str, value: _Unchanged | PostalAddress | None) -> None:
    if value is UNCHANGED:
        return
    held: CartAddress | None = getattr(cart, field)
    if value is None:
        setattr(cart, field, None)
        if held is not None:
            held.delete()
        return
    address = held or CartAddress()
    address.set_postal_address(validate_address(value, attr_prefix=f"{field}."))
    address.save()
    setattr(cart, field, address)


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
    carts = Cart.objects.select_for_update(of=("self",)).select_related(*JOINED)
    locked = {one.pk: one for one in carts.filter(pk__in=ids).order_by("pk")}
    mine = locked.get(cart.pk)
    if mine is None or not may_see(mine, user):
        raise CartNotFound
    if mine.is_completed:
        raise CartCompleted
    old = locked.get(former.pk) if former else None
    mine.user = user
    mine.email = mine.email or user.email
    if old is not None and not old.is_completed and old.user_id == user.pk:
        _merge(old, into=mine)
    touch(mine, at=at)
    return price_cart(mine, at=at)


def _merge(old: Cart, *, into: Cart) -> None:
    held = {line.variant_id: line for line in into.lines.select_related("variant")}
    for line in old.lines.all():
        same = held.get(line.variant_id)
        if same is not None:
            most = same.variant.max_per_order or MAX_QUANTITY
            # Two carts that each kept to the limit do not break it together.
            same.quantity = max(min(same.quantity + line.quantity, most), same.quantity)
            same.save(update_fields=["quantity"])
        elif len(held) < MAX_LINES:
            line.cart = into
            line.save(update_fields=["cart"])
            held[line.variant_id] = line
    into.note = into.note or old.note
    into.voucher_codes = list(dict.fromkeys([*into.voucher_codes, *old.voucher_codes]))[:MAX_VOUCHERS]
    taken = {"shipping_address": old.shipping_address, "billing_address": old.billing_address}
    _delete_carts([old.pk], keep=[row.pk for name, row in taken.items() if row and not getattr(into, name)])
    for name, row in taken.items():
        if row is not None and getattr(into, name) is None:
            setattr(into, name, row)


def complete_cart(*, cart: Cart, at: datetime) -> None:
    """Close a cart that has become an order; the caller holds its lock."""
    cart.completed_at = cart.updated_at = at
    cart.save(update_fields=["completed_at", "updated_at"])


def delete_expired_carts(*, at: datetime, limit: int = 1000) -> int:
    """Delete carts that nobody has touched for 30 days, at most ``limit``; return how many."""
    expired = Cart.objects.filter(expires_at__lte=at).order_by("expires_at")
    doomed = list(expired.values_list("pk", flat=True)[:limit])
    _delete_carts(doomed)
    return len(doomed)


@transaction.atomic
def _delete_carts(ids: Sequence[UUID], *, keep: Sequence[int] = ()) -> None:
    """Delete carts with their lines, and their addresses but those to keep."""
    carts = Cart.objects.filter(pk__in=ids)
    pairs = carts.values_list("shipping_address", "billing_address")
    addresses = {pk for pair in pairs for pk in pair if pk is not None} - set(keep)
    carts.delete()
    CartAddress.objects.filter(pk__in=addresses).delete()
