"""Who a request's prices are for: found out when the first price is asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from shop.customers.api.authentication import AccessTokenAuthentication
from shop.customers.models import User
from shop.pricing.audience import EVERYBODY, Audience, speak_to
from shop.pricing.selectors import list_offered_currencies

CURRENCY_COOKIE: Final = "nexus_currency"
# Doors that know people by their token only, and currencies by an argument.
APIS: Final = ("/api/", "/graphql/")


class AudienceMiddleware:
    """Speak to the signed-in caller's customer group, and in the currency that the shopper has chosen."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        found: list[Audience] = []

        def find() -> Audience:
            if not found:
                found.append(find_audience(request))
            return found[0]

        with speak_to(find):
            response = self.get_response(request)
        if found:
            # A cache must not hand one shopper's prices to another.
            is_api = request.path.startswith(APIS)
            patch_vary_headers(response, ["Authorization" if is_api else "Cookie"])
            if found[0].customer_group_id is not None and not response.has_header("Cache-Control"):
                response["Cache-Control"] = "private, no-store"
        return response


def find_audience(request: HttpRequest) -> Audience:
    """
    Tell whom the request's prices are for. A token that is stale or forged makes nobody of its bearer, and an
    unknown currency is the shop's own: a catalogue is shown to anybody.
    """
    if request.path.startswith(APIS):
        user = _find_bearer(request) if "Authorization" in request.headers else None
        return Audience(customer_group_id=user.group_id) if user is not None else EVERYBODY
    group_id = None
    if settings.SESSION_COOKIE_NAME in request.COOKIES and hasattr(request, "user"):
        signed_in: User | AnonymousUser = request.user
        group_id = signed_in.group_id if isinstance(signed_in, User) else None
    currency = request.COOKIES.get(CURRENCY_COOKIE, "")
    if currency and currency not in list_offered_currencies():
        currency = ""
    return Audience(customer_group_id=group_id, currency=currency)


def _find_bearer(request: HttpRequest) -> User | None:
    try:
        found = AccessTokenAuthentication().authenticate(Request(request))
    except AuthenticationFailed:
        return None
    return found[0] if found else None  # type: ignore[return-value]  # ours is the only model
