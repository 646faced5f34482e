"""Orders for staff: list, read, send, annotate."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from shop.core import clock
from shop.core.api.idempotency import idempotent
from shop.core.api.pagination import CursorPagination
from shop.core.api.permissions import IsStaffWithPermission
from shop.orders import services
from shop.orders.api.serializers import (
    NoteEntrySerializer,
    NoteSerializer,
    OpsOrderSerializer,
    OrderFilterSerializer,
    OrderSummarySerializer,
    ShipOrderSerializer,
)
from shop.orders.selectors import get_order_for_staff, list_orders

if TYPE_CHECKING:
    from shop.customers.models import User

PAGING = {"limit", "cursor"}


class OpsView(APIView):
    """For staff with the permission that the method asks for."""

    permission_classes = (IsStaffWithPermission,)
    read_permission = "orders.view_order"


class OpsOrderListView(OpsView):
    """All orders."""

    pagination_class = CursorPagination
    ordering = ("-placed_at", "-id")

    @extend_schema(
        operation_id="ops_orders_list",
        tags=["ops"],
        parameters=[OrderFilterSerializer],
        responses=OrderSummarySerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """All orders, newest first, by status, date or a word of number, e-mail, name or SKU."""
        asked = {name: value for name, value in request.query_params.items() if name not in PAGING}
        filters = OrderFilterSerializer(data=asked)
        filters.is_valid(raise_exception=True)
        paginator = CursorPagination()
        page = paginator.paginate_queryset(list_orders(**filters.validated_data), request, view=self)
        return paginator.get_paginated_response(OrderSummarySerializer(page, many=True).data)


class OpsOrderDetailView(OpsView):
    """One order."""

    @extend_schema(operation_id="ops_orders_read", tags=["ops"], responses=OpsOrderSerializer)
    def get(self, request: Request, number: str) -> Response:
        """One order with its notes."""
        return Response(OpsOrderSerializer(get_order_for_staff(number)).data)


class OpsFulfilmentsView(OpsView):
    """The parcels of an order."""

    write_permission = "orders.ship_order"

    @extend_schema(
        operation_id="ops_orders_ship",
        tags=["ops"],
        request=ShipOrderSerializer,
        responses={201: OpsOrderSerializer},
    )
    @idempotent(required=False)
    def post(self, request: Request, number: str) -> Response:
        """Send goods: all that is left, or the lines named."""
        order = get_order_for_staff(number)
        serializer = ShipOrderSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        services.ship_order(
            order=order, actor=cast("User", request.user), at=clock.now(), **serializer.to_service()
        )
        answer = OpsOrderSerializer(get_order_for_staff(number)).data
        return Response(answer, status=status.HTTP_201_CREATED)


class OpsNotesView(OpsView):
    """What colleagues tell each other."""

    write_permission = "orders.add_order_note"

    @extend_schema(
        operation_id="ops_orders_note",
        tags=["ops"],
        request=NoteSerializer,
        responses={201: NoteEntrySerializer},
    )
    @idempotent(required=False)
    def post(self, request: Request, number: str) -> Response:
        """Leave a note for colleagues."""
        order = get_order_for_staff(number)
        serializer = NoteSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        note = services.add_note(
            order=order, author=cast("User", request.user), at=clock.now(), **serializer.validated_data
        )
        return Response(NoteEntrySerializer(note).data, status=status.HTTP_201_CREATED)
