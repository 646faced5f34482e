"""Orders for those who placed them: read, track, cancel, find again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from shop.core import clock
from shop.core.api.idempotency import idempotent
from shop.core.api.pagination import CursorPagination
from shop.core.api.throttles import RateThrottle
from shop.orders import services
from shop.orders.api.serializers import (
    CancelOrderSerializer,
    FindOrderSerializer,
    OrderSerializer,
    OrderSummarySerializer,
    TrackingSerializer,
)
from shop.orders.models import Order
from shop.orders.selectors import get_order, list_orders_of
from shop.orders.tracking import list_steps

if TYPE_CHECKING:
    from shop.customers.models import User

PRIVATE = {"Cache-Control": "private, no-store"}
TOKEN = OpenApiParameter(
    "token", str, description="The order's secret, for whoever is not signed in as its owner"
)


class OrderFindThrottle(RateThrottle):
    """Nobody tries numbers and addresses by the thousand."""

    scope = "order_find"


class OrderView(APIView):
    """For the order's owner, or anybody who holds its token; to all others it does not exist."""

    permission_classes = (AllowAny,)

    def get_order(self, number: str) -> Order:
        token = self.request.query_params.get("token", "")
        return get_order(number=number, user=self.request.user, token=token)

    def idempotency_caller(self, request: Request) -> str | None:
        return request.query_params.get("token")


class OrderDetailView(OrderView):
    """One order."""

    @extend_schema(operation_id="orders_read", tags=["orders"], parameters=[TOKEN], responses=OrderSerializer)
    def get(self, request: Request, number: str) -> Response:
        """The order as it was agreed on, with what has happened to it."""
        return Response(OrderSerializer(self.get_order(number)).data, headers=PRIVATE)


class OrderCancelView(OrderView):
    """The end of an order."""

    @extend_schema(
        operation_id="orders_cancel",
        tags=["orders"],
        parameters=[TOKEN],
        request=CancelOrderSerializer,
        responses=OrderSerializer,
    )
    @idempotent(required=False)
    def post(self, request: Request, number: str) -> Response:
        """Cancel the order while nothing of it has been sent."""
        order = self.get_order(number)
        serializer = CancelOrderSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        actor = request.user if request.user.is_authenticated else None
        services.cancel_order(order=order, actor=actor, at=clock.now(), **serializer.validated_data)
        return Response(OrderSerializer(self.get_order(number)).data, headers=PRIVATE)


class OrderTrackingView(OrderView):
    """The way of an order to its buyer."""

    @extend_schema(
        operation_id="orders_tracking", tags=["orders"], parameters=[TOKEN], responses=TrackingSerializer
    )
    def get(self, request: Request, number: str) -> Response:
        """The timeline: placed, paid, packed, shipped, delivered."""
        order = self.get_order(number)
        answer = {
            "number": order.number,
            "status": order.status,
            "fulfilment_status": order.fulfilment_status,
            "timeline": [_step(step) for step in list_steps(order)],
        }
        return Response(answer, headers=PRIVATE)


def _step(step: Any) -> dict[str, Any]:
    shown = {"kind": step.kind, "at": step.at}
    if step.kind in ("shipped", "delivered"):
        shown |= {
            "carrier": step.carrier,
            "tracking_number": step.tracking_number,
            "tracking_url": step.tracking_url,
        }
    return shown


class OrderFindView(APIView):
    """For buyers who have lost the link."""

    permission_classes = (AllowAny,)
    throttle_classes = (OrderFindThrottle,)

    @extend_schema(
        operation_id="orders_find", tags=["orders"], request=FindOrderSerializer, responses={202: None}
    )
    def post(self, request: Request) -> Response:
        """Have the order's link sent to its e-mail address. The answer never tells whether there is one."""
        serializer = FindOrderSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        services.request_order_link(at=clock.now(), **serializer.validated_data)
        detail = "If there is such an order, its link is on the way to its e-mail address."
        return Response({"detail": detail}, status=status.HTTP_202_ACCEPTED, headers=PRIVATE)


class MyOrdersView(APIView):
    """The signed-in person's orders."""

    permission_classes = (IsAuthenticated,)
    pagination_class = CursorPagination
    ordering = ("-placed_at", "-id")

    @extend_schema(operation_id="me_orders", tags=["orders"], responses=OrderSummarySerializer(many=True))
    def get(self, request: Request) -> Response:
        """The signed-in person's own orders, newest first."""
        paginator = CursorPagination()
        page = paginator.paginate_queryset(list_orders_of(cast("User", request.user)), request, view=self)
        response = paginator.get_paginated_response(OrderSummarySerializer(page, many=True).data)
        response["Cache-Control"] = PRIVATE["Cache-Control"]
        return response
