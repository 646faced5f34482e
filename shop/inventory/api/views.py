"""Stock for staff and integrators: read it, and enter movements into the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from shop.core import clock
from shop.core.api.idempotency import idempotent
from shop.core.api.pagination import CursorPagination
from shop.core.api.permissions import IsStaffWithPermission
from shop.core.api.serializers import StrictSerializer
from shop.inventory.api.serializers import (
    MovementFilterSerializer,
    MovementInputSerializer,
    MovementSerializer,
    StockFilterSerializer,
    StockItemSerializer,
)
from shop.inventory.selectors import list_movements, list_stock
from shop.inventory.services import move_stock

if TYPE_CHECKING:
    from shop.customers.models import User

PAGING = {"limit", "cursor"}


class StockOpsView(APIView):
    """Staff who may look at stock may read, who may receive goods may write."""

    permission_classes = (IsStaffWithPermission,)
    read_permission = "inventory.view_stockitem"
    write_permission = "inventory.add_stockmovement"
    pagination_class = CursorPagination

    def asked(self, request: Request, serializer_class: type[StrictSerializer]) -> dict[str, Any]:
        """
        Return the filters of the query string.

        :raises rest_framework.exceptions.ValidationError: for an unknown name or a wrong value
        """
        given = {name: value for name, value in request.query_params.items() if name not in PAGING}
        filters = serializer_class(data=given)
        filters.is_valid(raise_exception=True)
        return filters.validated_data


class StockListView(StockOpsView):
    """What lies where."""

    ordering = ("pk",)

    @extend_schema(
        operation_id="ops_stock_list",
        tags=["ops"],
        parameters=[StockFilterSerializer],
        responses=StockItemSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """List the stock of every SKU in every warehouse, or of the ones asked for."""
        asked = self.asked(request, StockFilterSerializer)
        items = list_stock(
            sku=asked.get("sku", ""),
            warehouse_code=asked.get("warehouse", ""),
            status=asked.get("status", ""),
        )
        paginator = CursorPagination()
        page = paginator.paginate_queryset(items, request, view=self)
        return paginator.get_paginated_response(StockItemSerializer(page, many=True).data)


class MovementListView(StockOpsView):
    """The ledger."""

    ordering = ("-pk",)

    @extend_schema(
        operation_id="ops_stock_movements_list",
        tags=["ops"],
        parameters=[MovementFilterSerializer],
        responses=MovementSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """List what came and went, the latest first."""
        asked = self.asked(request, MovementFilterSerializer)
        movements = list_movements(
            sku=asked.get("sku", ""),
            warehouse_code=asked.get("warehouse", ""),
            reference=asked.get("reference", ""),
        )
        paginator = CursorPagination()
        page = paginator.paginate_queryset(movements, request, view=self)
        return paginator.get_paginated_response(MovementSerializer(page, many=True).data)

    @extend_schema(
        operation_id="ops_stock_move",
        tags=["ops"],
        request=MovementInputSerializer,
        responses={201: MovementSerializer},
    )
    @idempotent(required=False)
    def post(self, request: Request) -> Response:
        """
        Enter a movement.

        400 `unknown_stock` or `invalid_movement` says which input is wrong; 409 `stock_below_reserved`: less
        would be left than is promised to orders.
        """
        serializer = MovementInputSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        movement = move_stock(actor=cast("User", request.user), at=clock.now(), **serializer.validated_data)
        return Response(MovementSerializer(movement).data, status=status.HTTP_201_CREATED)
