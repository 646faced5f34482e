"""Carts: begin, fill, address, choose how to ship."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.permissions import AllowAny, BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from shop.cart import services
from shop.cart.api.serializers import (
    AddLineSerializer,
    AddVoucherSerializer,
    CartSerializer,
    ChangeCartSerializer,
    ChangeLineSerializer,
    CreateCartSerializer,
    ShippingOptionsSerializer,
)
from shop.cart.lowest import with_lowest_prices
from shop.cart.models import Cart
from shop.cart.priced import PricedCart
from shop.cart.selectors import get_cart, list_shipping_options, price_cart
from shop.cart.vouchers import add_voucher, remove_voucher
from shop.core import clock
from shop.core.selectors import get_shop_settings

if TYPE_CHECKING:
    from shop.customers.models import User

PRIVATE = {"Cache-Control": "private, no-store"}


class CartView(APIView):
    """For everybody who knows the cart's id; a person's cart only for them."""

    permission_classes: Sequence[type[BasePermission]] = (AllowAny,)

    def get_cart(self, cart_id: UUID) -> Cart:
        return get_cart(cart_id=cart_id, user=self.request.user)

    def handle(self, cart_id: UUID) -> Cart:
        """The cart for a service, which reads it under lock and refuses it to strangers."""
        return Cart.unread(cart_id=cart_id, user=self.request.user)

    def answer(self, priced: PricedCart, *, status: int = status.HTTP_200_OK) -> Response:
        data = CartSerializer(with_lowest_prices(priced)).data
        return Response(data, status=status, headers=PRIVATE)


def _validated(serializer: Any) -> Any:
    serializer.is_valid(raise_exception=True)
    return serializer


class CartListView(CartView):
    """Where carts begin."""

    @extend_schema(
        operation_id="carts_create",
        tags=["cart"],
        request=CreateCartSerializer,
        responses={201: CartSerializer},
    )
    def post(self, request: Request) -> Response:
        """Begin a cart. Its `id` is a secret: whoever knows it can see and change a guest's cart."""
        data = _validated(CreateCartSerializer(data=request.data)).validated_data
        user = request.user if request.user.is_authenticated else None
        now = clock.now()
        shop = get_shop_settings()
        cart = services.create_cart(user=user, at=now, shop=shop, **data)
        return self.answer(price_cart(cart, at=now, shop=shop, lines=[]), status=status.HTTP_201_CREATED)


class CartDetailView(CartView):
    """One cart."""

    @extend_schema(operation_id="carts_read", tags=["cart"], responses=CartSerializer)
    def get(self, request: Request, cart_id: UUID) -> Response:
        """The cart with the prices of this moment, and warnings of what has changed."""
        return self.answer(price_cart(self.get_cart(cart_id), at=clock.now()))

    @extend_schema(
        operation_id="carts_change", tags=["cart"], request=ChangeCartSerializer, responses=CartSerializer
    )
    def patch(self, request: Request, cart_id: UUID) -> Response:
        """Enter e-mail, addresses, shipping method or note."""
        cart = self.handle(cart_id)
        changes = _validated(ChangeCartSerializer(data=request.data)).to_changes()
        return self.answer(services.update_cart(cart=cart, changes=changes, at=clock.now()))


class CartLinesView(CartView):
    """What lies in a cart."""

    @extend_schema(
        operation_id="carts_lines_create",
        tags=["cart"],
        request=AddLineSerializer,
        responses={201: CartSerializer},
    )
    def post(self, request: Request, cart_id: UUID) -> Response:
        """
        Put goods into the cart; the same SKU again adds up.

        409 `not_available_yet` has the moment `available_from`, 409 `no_longer_available` tells that the sale
        has ended, 422 `max_per_order_exceeded` has the limit `max_per_order`.
        """
        cart = self.handle(cart_id)
        data = _validated(AddLineSerializer(data=request.data)).validated_data
        priced = services.add_line(cart=cart, at=clock.now(), **data)
        return self.answer(priced, status=status.HTTP_201_CREATED)


class CartLineView(CartView):
    """One line of a cart."""

    @extend_schema(
        operation_id="carts_lines_change",
        tags=["cart"],
        request=ChangeLineSerializer,
        responses=CartSerializer,
    )
    def patch(self, request: Request, cart_id: UUID, line_id: UUID) -> Response:
        """
        Set the quantity of a line; 0 takes it out.

        422 `max_per_order_exceeded` has the limit `max_per_order`.
        """
        cart = self.handle(cart_id)
        data = _validated(ChangeLineSerializer(data=request.data)).validated_data
        return self.answer(services.set_quantity(cart=cart, line_id=line_id, at=clock.now(), **data))

    @extend_schema(operation_id="carts_lines_delete", tags=["cart"], responses={200: CartSerializer})
    def delete(self, request: Request, cart_id: UUID, line_id: UUID) -> Response:
        """Take a line out; the answer is the cart without it."""
        cart = self.handle(cart_id)
        return self.answer(services.remove_line(cart=cart, line_id=line_id, at=clock.now()))


class CartVouchersView(CartView):
    """The vouchers of a cart."""

    @extend_schema(
        operation_id="carts_vouchers_create",
        tags=["cart"],
        request=AddVoucherSerializer,
        responses={201: CartSerializer},
    )
    def post(self, request: Request, cart_id: UUID) -> Response:
        """
        Enter a voucher. It is kept only if it gives something on what is in the cart.

        422 `voucher_unknown`, `voucher_expired`, `voucher_not_applicable` or `voucher_used_up` says why not.
        """
        cart = self.handle(cart_id)
        data = _validated(AddVoucherSerializer(data=request.data)).validated_data
        priced = add_voucher(cart=cart, at=clock.now(), **data)
        return self.answer(priced, status=status.HTTP_201_CREATED)


class CartVoucherView(CartView):
    """One voucher of a cart."""

    @extend_schema(operation_id="carts_vouchers_delete", tags=["cart"], responses={200: CartSerializer})
    def delete(self, request: Request, cart_id: UUID, code: str) -> Response:
        """Take a voucher out; the answer is the cart without it."""
        return self.answer(remove_voucher(cart=self.handle(cart_id), code=code, at=clock.now()))


class CartShippingMethodsView(CartView):
    """How a cart can be sent."""

    @extend_schema(
        operation_id="carts_shipping_methods",
        tags=["cart"],
        responses=ShippingOptionsSerializer,
    )
    def get(self, request: Request, cart_id: UUID) -> Response:
        """The methods that serve the cart's address, weight and total, with their prices."""
        options = list_shipping_options(self.get_cart(cart_id), at=clock.now())
        page = {"next": None, "previous": None, "results": options}
        return Response(ShippingOptionsSerializer(page).data, headers=PRIVATE)


class CartClaimView(CartView):
    """A guest signs in."""

    permission_classes = (IsAuthenticated,)

    @extend_schema(operation_id="carts_claim", tags=["cart"], request=None, responses=CartSerializer)
    def post(self, request: Request, cart_id: UUID) -> Response:
        """Make a guest's cart the signed-in person's, merged with the one they had."""
        cart = self.get_cart(cart_id)
        return self.answer(services.claim_cart(cart=cart, user=cast("User", request.user), at=clock.now()))
