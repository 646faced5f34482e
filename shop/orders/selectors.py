"""Reads of orders."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from shop.core.errors import NotFoundError
from shop.customers.addresses import PostalAddress
from shop.orders.identity import make_token, normalise_number, token_matches
from shop.orders.models import Fulfilment, Order, OrderAddress, OrderLine
from shop.orders.transitions import OrderStatus

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from shop.customers.models import User
    from shop.promotions.facts import Shopper


class OrderNotFound(NotFoundError):
    """There is no such order, or it is not the caller's to see."""

    code = "order_not_found"
    title = "There is no such order."


# What an order shows, in one query each. `payments` is the reverse side of payments' own key.
_PARTS = ("lines", "addresses", "tax_lines", "discounts", "events", "payments")


def with_parts(orders: QuerySet[Order]) -> QuerySet[Order]:
    """Load everything that an order shows, its fulfilments with their lines: 9 queries in all."""
    return orders.prefetch_related(*_PARTS, "fulfilments__lines__order_line")


def get_order(*, number: str, user: User | AnonymousUser | None = None, token: str = "") -> Order:
    """
    Return an order to its owner, or to whoever holds its token, everything loaded.

    :raises OrderNotFound: for an unknown number, and as well for one that is somebody else's
    """
    order = with_parts(Order.objects.filter(number=normalise_number(number))).first()
    if order is None:
        raise OrderNotFound
    is_owner = user is not None and user.is_authenticated and order.user_id == user.pk
    if not is_owner and not (token and token_matches(order.token_nonce, token)):
        raise OrderNotFound
    return order


def list_orders_of_stock(owners: Iterable[str]) -> QuerySet[Order]:
    """List the orders for which inventory holds goods under these names (``Order.stock_owner``)."""
    ids = []
    for owner in owners:
        kind, _, name = owner.partition(":")
        # Other holders of stock have names of their own making.
        if kind == "order":
            with suppress(ValueError):
                ids.append(UUID(name))
    return Order.objects.filter(public_id__in=ids)


def get_order_for_staff(number: str) -> Order:
    """
    Return any order, everything loaded.

    :raises OrderNotFound: for an unknown number
    """
    order = with_parts(Order.objects.filter(number=normalise_number(number))).first()
    if order is None:
        raise OrderNotFound
    return order


def find_order_of_cart(cart_id: UUID | str) -> Order | None:
    """Return the one order of a cart, if it has become one."""
    return Order.objects.filter(cart_id=cart_id).first()


def find_order_of_email(*, number: str, email: str) -> Order | None:
    """Return the order if it was placed with this address; addresses are compared without case."""
    return (
        Order.objects.alias(folded=Lower("email"))
        .filter(number=normalise_number(number), folded=email.strip().lower())
        .first()
    )


def list_orders_of(user: User) -> QuerySet[Order]:
    """A person's own orders."""
    return Order.objects.filter(user=user)


def list_orders(
    *,
    search: str = "",
    status: str = "",
    payment_status: str = "",
    fulfilment_status: str = "",
    placed_from: datetime | None = None,
    placed_until: datetime | None = None,
) -> QuerySet[Order]:
    """
    Orders for staff, newest first.

    :param search: part of a number, e-mail address or SKU, or of a name in one of the addresses
    :param placed_until: not part of the answer itself
    """
    orders = Order.objects.all()
    for field, value in (
        ("status", status),
        ("payment_status", payment_status),
        ("fulfilment_status", fulfilment_status),
        ("placed_at__gte", placed_from),
        ("placed_at__lt", placed_until),
    ):
        if value:
            orders = orders.filter(**{field: value})
    for word in search.split():
        names = OrderAddress.objects.filter(Q(first_name__icontains=word) | Q(last_name__icontains=word))
        orders = orders.filter(
            Q(number__icontains=word)
            | Q(email__icontains=word)
            | Q(pk__in=OrderLine.objects.filter(sku__icontains=word).values("order"))
            | Q(pk__in=names.values("order"))
        )
    return orders


def find_ordered_variants(variant_ids: Collection[int]) -> set[int]:
    """Those of the variants that stand on a line of any order, whatever became of it."""
    lines = OrderLine.objects.filter(variant_id__in=variant_ids).order_by()
    return set(lines.values_list("variant_id", flat=True).distinct())


def list_overdue_orders(*, before: datetime) -> QuerySet[Order]:
    """Orders placed before a moment that still wait for their payment, oldest first."""
    return Order.objects.filter(status=OrderStatus.PENDING_PAYMENT, placed_at__lt=before).order_by(
        "placed_at"
    )


def get_fulfilment(*, order: Order, public_id: UUID | str) -> Fulfilment:
    """
    Return one parcel of an order.

    :raises NotFoundError: if the order has no such parcel
    """
    fulfilment = Fulfilment.objects.filter(order=order, public_id=public_id).first()
    if fulfilment is None:
        raise NotFoundError
    return fulfilment


def order_token(order: Order) -> str:
    """The secret that opens this order to whoever holds it. Only for its owner's eyes and mailbox."""
    return make_token(order.token_nonce)


def order_url(order: Order) -> str:
    """The absolute link to the order's page, with its token: for e-mails to the buyer."""
    return f"{settings.SITE_URL}/orders/{order.number}/?{urlencode({'token': order_token(order)})}"


def order_address(order: Order, kind: str) -> PostalAddress | None:
    """The shipping or billing address as a value, from what is loaded."""
    return next((row.as_postal_address() for row in order.addresses.all() if row.kind == kind), None)


def is_first_order(shopper: Shopper) -> bool:
    """Whether nobody of this account or e-mail address has ordered yet; not known of nobody."""
    if shopper.user_id is None and not shopper.email:
        return False
    own = Q(user_id=shopper.user_id) if shopper.user_id is not None else Q(pk__in=())
    if shopper.email:
        own |= Q(folded_email=shopper.email.lower())
    standing = Order.objects.alias(folded_email=Lower("email")).exclude(
        status__in=[OrderStatus.CANCELLED, OrderStatus.EXPIRED]
    )
    return not standing.filter(own).exists()
