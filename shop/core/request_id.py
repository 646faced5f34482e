"""
The request id: one name for a request in every log line, event and task that follows from it.
"""

from __future__ import annotations

import logging
import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token

from django.http import HttpRequest, HttpResponse

_request_id: ContextVar[str] = ContextVar("shop_request_id", default="")

MAX_LENGTH = 64
# No quotes, spaces or control characters: the value goes into logs and headers as it is.
_VALID = re.compile(rf"[A-Za-z0-9._:/+=-]{{1,{MAX_LENGTH}}}", re.ASCII)


def get_request_id() -> str:
    """Return the current request's id, or an empty string outside of any."""
    return _request_id.get()


def new_request_id() -> str:
    """Return an id that no other request has."""
    return uuid.uuid4().hex


def accept_request_id(offered: str | None) -> str:
    """Return ``offered`` when it is safe to repeat, otherwise a new id."""
    return offered if offered and _VALID.fullmatch(offered) else new_request_id()


def hold(request_id: str) -> Token[str]:
    """Make ``request_id`` the current one until :func:`drop` is called with the token."""
    return _request_id.set(request_id)


def drop(token: Token[str]) -> None:
    """Undo :func:`hold`."""
    _request_id.reset(token)


@contextmanager
def request_id_set(request_id: str) -> Iterator[str]:
    """Work on behalf of ``request_id`` inside the ``with`` block."""
    token = _request_id.set(request_id)
    try:
        yield request_id
    finally:
        _request_id.reset(token)


class RequestIdFilter(logging.Filter):
    """Put ``request_id`` on every log record ("-" outside of a request)."""

    def filter(self, record: logging.LogRecord) -> bool:
        # Django logs 4xx and 5xx after the middlewares have left, but names the request.
        request = getattr(record, "request", None)
        record.request_id = _request_id.get() or getattr(request, "request_id", "") or "-"
        return True


class RequestIdMiddleware:
    """Take a valid ``X-Request-ID`` or make one, hold it while the request runs, and echo it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with request_id_set(accept_request_id(request.headers.get("X-Request-ID"))) as request_id:
            request.request_id = request_id  # type: ignore[attr-defined]
            response = self.get_response(request)
            response["X-Request-ID"] = request_id
            return response
