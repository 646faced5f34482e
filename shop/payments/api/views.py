"""Where payment gateways call back."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from shop.core import clock
from shop.core.errors import NotFoundError
from shop.payments.gateways.registry import UnknownGateway
from shop.payments.services import handle_webhook


class WebhookView(APIView):
    """Everybody may knock; only what the gateway itself has signed is let in."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    # The signature is over the raw bytes, so no parser may touch them.
    parser_classes = ()

    @extend_schema(
        operation_id="payments_webhook",
        tags=["payments"],
        request={"application/json": OpenApiTypes.BINARY},
        responses={200: {"type": "object", "properties": {"applied": {"type": "integer"}}}},
    )
    def post(self, request: Request, gateway: str) -> Response:
        """Take events of a gateway, each once, in whatever order they come."""
        body = request._request.body
        try:
            applied = handle_webhook(
                gateway=gateway, body=body, headers=dict(request.headers), at=clock.now()
            )
        except UnknownGateway:
            raise NotFoundError from None
        return Response({"applied": applied})
