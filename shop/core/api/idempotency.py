"""The door of idempotency keys: a decorator for DRF view methods."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.files import File
from django.core.serializers.json import DjangoJSONEncoder
from django.db import DatabaseError
from django.http import QueryDict
from rest_framework import status
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from shop.core.idempotency import (
    Claim,
    IdempotencyKeyRequired,
    StoredAnswer,
    claim_key,
    finish_key,
    release_key,
    validate_key,
)

logger = logging.getLogger(__name__)

ViewMethod = Callable[..., Response]
REPLAYED_HEADER = "Idempotent-Replayed"
# Headers that belong to the answer; all others are made again by the middleware.
_KEPT_HEADERS = ("Location",)


def idempotent(
    *,
    required: bool = True,
    keep: Callable[[Any], Any] | None = None,
    restore: Callable[[Any], Any] | None = None,
) -> Callable[[ViewMethod], ViewMethod]:
    """
    Let a view method run once per ``Idempotency-Key`` of a caller; repeat its first success to the others.

    The caller is the signed-in user or API key; for anybody else the view says by
    ``idempotency_caller(request) -> str | None`` which secret the client holds, such as the cart's id
    (``None``: the request lacks it, and the method will refuse). Only 2xx answers are kept: a refusal
    releases the key.

    :param required: answer 400 when the header is missing; otherwise just run
    :param keep: turns the answer's data into what is stored, e.g. without secrets
    :param restore: turns what was stored back into the answer's data
    """

    def decorate(method: ViewMethod) -> ViewMethod:
        @wraps(method)
        def once_per_key(self: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
            key = request.headers.get("Idempotency-Key")
            if key is None:
                if required:
                    raise IdempotencyKeyRequired
                return method(self, request, *args, **kwargs)
            validate_key(key)
            caller = get_caller(self, request)
            if caller is None:
                return method(self, request, *args, **kwargs)
            claimed = claim_key(
                caller=caller,
                key=key,
                operation=f"{request.method} {request.get_full_path()}"[:300],
                body_hash=hash_body(request.data),
            )
            if isinstance(claimed, StoredAnswer):
                return _replay(claimed, restore)
            return _run(claimed, keep, lambda: method(self, request, *args, **kwargs))

        once_per_key.idempotency_required = required  # type: ignore[attr-defined]
        return once_per_key

    return decorate


def get_caller(view: Any, request: Request) -> str | None:
    """Return whose keys these are; a client's secret is never stored, only its hash."""
    if request.user is not None and request.user.is_authenticated:
        return f"user:{request.user.pk}"
    api_key = getattr(request.auth, "idempotency_caller", None)
    if api_key:
        return str(api_key)
    if not hasattr(view, "idempotency_caller"):
        raise ImproperlyConfigured(f"{type(view).__name__} needs idempotency_caller(request) for guests.")
    secret = view.idempotency_caller(request)
    return f"secret:{hashlib.sha256(str(secret).encode()).hexdigest()}" if secret else None


class _Encoder(DjangoJSONEncoder):
    """JSON in which a file that was sent stands as the hash of its content."""

    def default(self, value: Any) -> Any:
        if not isinstance(value, File):
            return super().default(value)
        digest = hashlib.sha256()
        for part in value.chunks():
            digest.update(part)
        value.seek(0)
        return {"name": value.name, "sha256": digest.hexdigest()}


def hash_body(data: Any) -> str:
    """Return the same hash for the same JSON or form, whatever the order of its members and white space."""
    members = dict(data.lists()) if isinstance(data, QueryDict) else data
    canonical = json.dumps(members, sort_keys=True, separators=(",", ":"), cls=_Encoder)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _run(claim: Claim, keep: Callable[[Any], Any] | None, run: Callable[[], Response]) -> Response:
    try:
        response = run()
    except BaseException:
        _release(claim)
        raise
    if not status.is_success(response.status_code):
        _release(claim)
        return response
    # What the client gets is what is kept: rendered, so that dates and decimals are texts in both.
    data = json.loads(JSONRenderer().render(response.data)) if response.data is not None else None
    headers = {name: response[name] for name in _KEPT_HEADERS if response.has_header(name)}
    kept = keep(data) if keep and data is not None else data
    if not finish_key(claim=claim, status_code=response.status_code, body=kept, headers=headers):
        logger.warning("An idempotency key was taken over while its request was still running.")
    return response


def _release(claim: Claim) -> None:
    try:
        release_key(claim=claim)
    except DatabaseError:
        # The lease runs out by itself; the first error is the one to tell.
        logger.warning("An idempotency key could not be released.", exc_info=True)


def _replay(answer: StoredAnswer, restore: Callable[[Any], Any] | None) -> Response:
    data = restore(answer.body) if restore and answer.body is not None else answer.body
    return Response(data, status=answer.status_code, headers={**answer.headers, REPLAYED_HEADER: "true"})
