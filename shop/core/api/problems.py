"""
Every error of the API as ``application/problem+json`` (RFC 9457).

One body for all: ``{type, title, status, detail, code, errors: [{code, detail, attr}]}`` and what the
error adds to it. ``code`` is stable; ``type`` is ``about:blank`` as the RFC asks where the title says it all.
"""

from __future__ import annotations

import logging
import math
import sys
from collections.abc import Callable, Iterator, Sequence
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation, TooManyFieldsSent
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import DataError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.views import defaults
from django.views.decorators.csrf import csrf_exempt
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import set_rollback

from shop.core.errors import ErrorItem, ShopError

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
# How long a client waits before it asks a shop again whose database is away, in seconds.
DATABASE_RETRY_AFTER = 5

_TITLES = {
    400: "The request is not valid.",
    401: "Sign in first.",
    403: "You may not do this.",
    404: "Not found.",
    405: "This method is not allowed here.",
    406: "This cannot be answered in the format asked for.",
    413: "The request is too large.",
    415: "This content type is not understood.",
    429: "Too many requests.",
    500: "Something went wrong on our side.",
    503: "The shop is not available for a moment.",
}


class ProblemRenderer(JSONRenderer):
    """JSON under the media type of RFC 9457."""

    media_type = MEDIA_TYPE


def problem_body(
    *, status: int, code: str, detail: str, title: str = "", errors: Sequence[ErrorItem] = (), **extra: Any
) -> dict[str, Any]:
    """Return the body of a problem. The standard members win over ``extra`` of the same name."""
    return {
        **extra,
        "type": "about:blank",
        "title": title or _TITLES.get(status) or HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        "errors": [item.as_json() for item in errors],
    }


def problem_response(request: HttpRequest | None = None, **members: Any) -> HttpResponse:
    """Return a problem as a plain Django response, for code outside of DRF's views."""
    body = ProblemRenderer().render(problem_body(**members))
    response = HttpResponse(body, status=members["status"], content_type=MEDIA_TYPE)
    response["Cache-Control"] = "no-store"
    return response


class _TooLarge(exceptions.APIException):
    status_code = 413
    default_code = "too_large"
    default_detail = "The request is larger than this shop accepts."


class _Unreadable(exceptions.ParseError):
    default_detail = "The request could not be read."


_TRANSLATIONS: tuple[tuple[tuple[type[Exception], ...], Callable[[], exceptions.APIException]], ...] = (
    ((Http404,), exceptions.NotFound),
    ((PermissionDenied,), exceptions.PermissionDenied),
    ((RequestDataTooBig, TooManyFieldsSent), _TooLarge),
    ((UnreadablePostError, SuspiciousOperation), _Unreadable),
)


def exception_handler(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Answer what a view raised; ``None`` lets Django log it and answer 500."""
    described = _describe(exc)
    if described is None:
        return None
    members, headers = described
    set_rollback()
    # content_type, not a renderer: content negotiation may not have happened yet.
    response = Response(problem_body(**members), status=members["status"], headers=headers)
    response.content_type = MEDIA_TYPE
    response["Cache-Control"] = "no-store"
    return response


def _describe(exc: Exception) -> tuple[dict[str, Any], dict[str, str]] | None:
    """Return the members of the problem and its headers, or ``None`` for a fault of our own."""
    if isinstance(exc, ShopError):
        members = {"title": exc.title, "detail": exc.detail, "code": exc.code, "status": exc.status}
        return {**exc.extra, **members, "errors": exc.errors}, _shop_error_headers(exc)
    if isinstance(exc, OperationalError | InterfaceError):
        logger.error("The database is not available: %s", exc)
        return _unavailable()
    exc = _as_api_exception(exc)
    if not isinstance(exc, exceptions.APIException):
        return None
    if isinstance(exc, exceptions.ValidationError):
        items = tuple(flatten_errors(exc.get_full_details()))
        detail = items[0].detail if len(items) == 1 else _TITLES[400]
        return {"status": exc.status_code, "code": "invalid", "detail": detail, "errors": items}, {}
    code, detail = _code_and_detail(exc)
    return {"status": exc.status_code, "code": code, "detail": detail}, _headers(exc)


def _code_and_detail(exc: exceptions.APIException) -> tuple[str, str]:
    if isinstance(exc.detail, exceptions.ErrorDetail):
        return exc.detail.code or exc.default_code, str(exc.detail)
    if isinstance(exc.detail, dict):
        # simplejwt raises dictionaries: {"detail": …, "code": …}.
        return str(exc.detail.get("code", exc.default_code)), str(
            exc.detail.get("detail", exc.default_detail)
        )
    return exc.default_code, str(exc.default_detail)


def _unavailable() -> tuple[dict[str, Any], dict[str, str]]:
    members = {"status": 503, "code": "unavailable", "detail": "Please try again in a few seconds."}
    return members, {"Retry-After": str(DATABASE_RETRY_AFTER)}


def _as_api_exception(exc: Exception) -> Exception:
    """Translate what Django and the database driver raise about a request into DRF's words."""
    if isinstance(exc, DjangoValidationError):
        return exceptions.ValidationError(_django_details(exc))
    for kinds, translate in _TRANSLATIONS:
        if isinstance(exc, kinds):
            return translate()
    if isinstance(exc, DataError) or _is_unstorable_text(exc):
        # Serializers refuse these; this is the net below them.
        return exceptions.ParseError("A value has a size or characters that cannot be stored.")
    return exc


def _is_unstorable_text(exc: Exception) -> bool:
    if isinstance(exc, UnicodeEncodeError):
        return "surrogates" in exc.reason
    return isinstance(exc, ValueError) and "NUL (0x00)" in str(exc)


def _django_details(exc: DjangoValidationError) -> Any:
    if hasattr(exc, "error_dict"):
        return {
            field: [exceptions.ErrorDetail(str(e.messages[0]), e.code or "invalid") for e in errors]
            for field, errors in exc.error_dict.items()
        }
    return [exceptions.ErrorDetail(str(e.messages[0]), e.code or "invalid") for e in exc.error_list]


def _headers(exc: exceptions.APIException) -> dict[str, str]:
    headers = {}
    # DRF's views put these two on the exception.
    challenge, wait = getattr(exc, "auth_header", None), getattr(exc, "wait", None)
    if challenge:
        headers["WWW-Authenticate"] = str(challenge)
    if isinstance(exc, exceptions.Throttled):
        headers["Retry-After"] = str(max(1, math.ceil(wait or 1)))
    return headers


def _shop_error_headers(exc: ShopError) -> dict[str, str]:
    retry_after = exc.extra.get("retry_after")
    if retry_after is None and exc.status in {429, 503}:
        retry_after = DATABASE_RETRY_AFTER
    return {} if retry_after is None else {"Retry-After": str(math.ceil(retry_after))}


def flatten_errors(details: Any, path: str = "") -> Iterator[ErrorItem]:
    """Yield DRF's nested error details one by one, ``attr`` being the dotted path of the input."""
    if isinstance(details, dict) and set(details) == {"message", "code"} and isinstance(details["code"], str):
        yield ErrorItem(code=details["code"], detail=str(details["message"]), attr=path or None)
    elif isinstance(details, dict):
        for name, nested in details.items():
            # Errors of a whole object stand under the object.
            own = path if name in {"non_field_errors", "__all__"} else f"{path}.{name}".lstrip(".")
            yield from flatten_errors(nested, own)
    elif isinstance(details, list):
        of_an_item = all(isinstance(item, dict) and not _is_leaf(item) for item in details)
        for index, nested in enumerate(details):
            yield from flatten_errors(nested, f"{path}.{index}".lstrip(".") if of_an_item else path)


def _is_leaf(details: dict[str, Any]) -> bool:
    return set(details) == {"message", "code"} and isinstance(details["code"], str)


# -- what Django itself answers, for paths of the API (wired as handler400 … handler500 in nexus/urls) ----


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that Django could not read: a problem under /api/, a page elsewhere."""
    if not _is_api(request):
        return defaults.bad_request(request, exception)
    too_large = isinstance(exception, RequestDataTooBig | TooManyFieldsSent)
    status, code = (413, "too_large") if too_large else (400, "invalid")
    return problem_response(request, status=status, code=code, detail=_TITLES[status])


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 403."""
    if not _is_api(request):
        return defaults.permission_denied(request, exception)
    return problem_response(request, status=403, code="permission_denied", detail=_TITLES[403])


@csrf_exempt
def no_such_route(request: HttpRequest) -> HttpResponse:
    """Answer 404 under the API for every method; Wagtail's catch-all would ask for a CSRF token first."""
    raise Http404


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404."""
    if not _is_api(request):
        return defaults.page_not_found(request, exception)
    return problem_response(
        request, status=404, code="not_found", detail="There is nothing at this address; see /docs/."
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500, or 503 with ``Retry-After`` when it is the database that is away."""
    # Django calls this while the exception is being handled, but does not pass it on.
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        members, headers = _unavailable()
        if _is_api(request):
            response = problem_response(request, **members)
        else:
            response = defaults.server_error(request)
            response.status_code = members["status"]
        for name, value in headers.items():
            response[name] = value
        return response
    if not _is_api(request):
        return defaults.server_error(request)
    return problem_response(
        request, status=500, code="server_error", detail="It has been logged. Please try again later."
    )
