"""A small API built on the core's conventions, as the tests' public door."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from rest_framework import exceptions, generics, serializers
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from shop.core.api.caching import ETagMixin
from shop.core.api.idempotency import idempotent
from shop.core.api.serializers import MoneyField, QuantityField, StrictSerializer, TextField
from shop.core.api.throttles import RateThrottle
from shop.core.errors import ErrorItem, NotFoundError, ShopError
from shop.core.models import AuditEntry, OutboxEvent
from shop.core.money import Money


class TotalChanged(ShopError):
    code = "total_changed"
    status = 409
    title = "The total has changed."


class LineSerializer(StrictSerializer):
    sku = TextField(max_length=20)
    quantity = QuantityField()


class OrderSerializer(StrictSerializer):
    expected_total = MoneyField()
    note = TextField(multiline=True, required=False, allow_blank=True)
    plain = serializers.CharField(required=False)
    lines = LineSerializer(many=True, required=False)
    cart = TextField(required=False)
    mode = TextField(required=False)


class OrderView(APIView):
    """Count what was really done in audit rows."""

    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]

    def idempotency_caller(self, request: Request) -> str | None:
        return request.data.get("cart") if isinstance(request.data, dict) else None

    @idempotent(required=True)
    def post(self, request: Request) -> Response:
        serializer = OrderSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        AuditEntry.objects.create(action="order", object_type="order", object_id="1")
        hook = self.before_answer
        if hook is not None:
            hook(serializer.validated_data)
        total: Money = serializer.validated_data["expected_total"]
        body = {"number": "NX-1", "total": total.as_json(), "token": "secret"}
        return Response(body, status=201, headers={"Location": "/api/v1/orders/NX-1/"})

    before_answer: ClassVar[Any] = None


class SecretView(OrderView):
    """Keep the answer without its token, and put the token back when it is repeated."""

    post = idempotent(
        required=False,
        keep=lambda data: {name: value for name, value in data.items() if name != "token"},
        restore=lambda data: {**data, "token": "derived"},
    )(OrderView.post.__wrapped__)


class EchoView(APIView):
    permission_classes = [AllowAny]

    def post(self, request: Request) -> Response:
        serializer = OrderSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        return Response(OrderSerializer(serializer.validated_data).data)


TOO_LONG = DjangoValidationError("Too long.", code="max_length")
RAISED: dict[str, Any] = {
    "shop": lambda: TotalChanged(
        "It is 12.00 EUR now.",
        errors=[ErrorItem("changed", "New total.", "expected_total")],
        totals={"a": 1},
    ),
    "not-found": NotFoundError,
    "http404": Http404,
    "denied": PermissionDenied,
    "invalid": lambda: DjangoValidationError(
        {"name": [DjangoValidationError("Too long.", code="max_length")]}
    ),
    "throttled": lambda: exceptions.Throttled(wait=2.3),
    "database": lambda: OperationalError("server closed the connection at 10.0.0.1"),
    "nul": lambda: ValueError("A string literal cannot contain NUL (0x00) characters."),
    "surrogate": "\ud800".encode,
    "token": lambda: exceptions.AuthenticationFailed(
        {"detail": "Token is expired", "code": "token_not_valid"}
    ),
    "fault": lambda: ZeroDivisionError("our own fault"),
}


class RaisingView(APIView):
    permission_classes = [AllowAny]

    def get(self, request: Request, kind: str) -> Response:
        raise RAISED[kind]()


class PrivateView(APIView):
    permission_classes = [IsAuthenticated]

    def get(self, request: Request) -> Response:
        return Response({})


class EventSerializer(serializers.ModelSerializer):
    class Meta:
        model = OutboxEvent
        fields = ["id", "key"]


class EventList(ETagMixin, generics.ListAPIView):
    permission_classes = [AllowAny]
    serializer_class = EventSerializer
    queryset = OutboxEvent.objects.all()
    ordering = ("-created_at", "key")


class ThrottledView(APIView):
    permission_classes = [AllowAny]

    class Throttle(RateThrottle):
        scope = "test"

    throttle_classes = [Throttle]

    def get(self, request: Request) -> Response:
        return Response({})


def post_order(key: str, body: dict[str, Any]) -> Response:
    """Send an order to the view itself: tests of the core alone do not load the middleware's apps."""
    request = APIRequestFactory().post(
        "/api/v1/orders/",
        data=json.dumps(body),
        content_type="application/json",
        headers={"Idempotency-Key": key},
    )
    response: Response = OrderView.as_view()(request)
    return response


def page(request: HttpRequest, kind: str) -> HttpResponse:
    raise RAISED[kind]()


urlpatterns = [
    path("api/v1/orders/", OrderView.as_view()),
    path("api/v1/secrets/", SecretView.as_view()),
    path("api/v1/echo/", EchoView.as_view()),
    path("api/v1/raise/<kind>/", RaisingView.as_view()),
    path("api/v1/private/", PrivateView.as_view()),
    path("api/v1/events/", EventList.as_view()),
    path("api/v1/throttled/", ThrottledView.as_view()),
    path("page/<kind>/", page),
]
handler400 = "shop.core.api.problems.bad_request"
handler403 = "shop.core.api.problems.permission_denied"
handler404 = "shop.core.api.problems.page_not_found"
handler500 = "shop.core.api.problems.server_error"
