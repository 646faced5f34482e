"""The one door through which a cart becomes an order."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, OpenApiTypes, extend_schema
from rest_framework import status
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from shop.checkout.api.serializers import CheckoutAnswerSerializer, CheckoutSerializer
from shop.checkout.services import CheckoutRequest, place_order
from shop.core import clock
from shop.core.api.idempotency import REPLAYED_HEADER, idempotent
from shop.orders.models import Order
from shop.orders.selectors import order_token, order_url

KEY = OpenApiParameter(
    "Idempotency-Key",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    required=True,
    description="1 to 255 printable ASCII characters, such as a UUID; the same when the request is repeated.",
)
SECRETS = ("token", "url")


def without_secrets(answer: dict[str, Any]) -> dict[str, Any]:
    """What of the answer may lie in the database for a day: not what opens the order."""
    order = {name: value for name, value in answer["order"].items() if name not in SECRETS}
    return {**answer, "order": order}


def with_secrets(answer: dict[str, Any]) -> dict[str, Any]:
    """The whole answer again: the token is computed anew from the order's nonce."""
    order = Order.objects.get(number=answer["order"]["number"])
    secrets = {"token": order_token(order), "url": order_url(order)}
    return {**answer, "order": {**answer["order"], **secrets}}


class CheckoutView(APIView):
    """`POST /api/v1/checkout/`."""

    permission_classes = (AllowAny,)

    def idempotency_caller(self, request: Request) -> str | None:
        """
        Guests are told apart by where they call from. It is only about keys: what a guest may see is
        decided by the cart's id, and that a cart is ordered once by the order itself.
        """
        return f"guest:{BaseThrottle().get_ident(request)}"

    @extend_schema(
        operation_id="checkout",
        tags=["checkout"],
        parameters=[KEY],
        request=CheckoutSerializer,
        responses={201: CheckoutAnswerSerializer},
    )
    @idempotent(required=True, keep=without_secrets, restore=with_secrets)
    def post(self, request: Request) -> Response:
        """
        Place the order: all or nothing, and at most once per cart.

        409 `total_changed` has the new `totals`, 409 `insufficient_stock` the `lines` with what is
        `available`, 409 `cart_completed` the order's `number`. 409 `not_available_yet` and
        `no_longer_available` and 422 `max_per_order_exceeded` have the `lines` that cannot be ordered as they
        stand.
        """
        serializer = CheckoutSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        data = serializer.validated_data
        asked = CheckoutRequest(
            cart_id=data["cart"],
            expected_total=data["expected_total"],
            gateway=data["payment"]["gateway"],
            details={name: value for name, value in data["payment"].items() if name != "gateway"},
            key=request.headers["Idempotency-Key"],
            user=request.user,
            locale=getattr(request, "LANGUAGE_CODE", "en"),
        )
        placed = place_order(asked, at=clock.now())
        headers = {"Cache-Control": "private, no-store"}
        if placed.was_there:
            headers[REPLAYED_HEADER] = "true"
        answer = CheckoutAnswerSerializer(placed).data
        return Response(answer, status=status.HTTP_201_CREATED, headers=headers)
