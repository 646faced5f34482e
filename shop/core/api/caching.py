"""``ETag`` and ``If-None-Match`` for GETs that everybody gets the same answer to."""

from __future__ import annotations

import hashlib
from typing import Any

from django.http import HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers
from rest_framework.request import Request
from rest_framework.response import Response

from shop.core import clock


class ETagMixin:
    """
    Give a view's successful GETs an ``ETag`` of their body, and answer 304 to whoever has it already.

    Caches may keep the answer but ask each time (``cache_control``), because what is published has to
    show in the very next answer. Nothing is kept of an answer to a signed-in person, or as of another time.
    """

    cache_control = "public, no-cache"

    def is_personal(self, request: Request) -> bool:
        """Whether the answer is the caller's own, and nobody may keep it."""
        return bool(request.user.is_authenticated)

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        response = super().finalize_response(request, response, *args, **kwargs)  # type: ignore[misc]
        if request.method not in {"GET", "HEAD"} or response.status_code != 200:  # noqa: PLR2004
            return response
        patch_vary_headers(response, ["Accept", "Authorization"])
        if clock.is_set() or self.is_personal(request):
            response["Cache-Control"] = "private, no-store"
            return response
        response["Cache-Control"] = self.cache_control

        def answer_conditionally(rendered: HttpResponse) -> HttpResponse:
            etag = make_etag(rendered.content)
            rendered["ETag"] = etag
            return get_conditional_response(request, etag=etag, response=rendered) or rendered

        if getattr(response, "is_rendered", True):
            return answer_conditionally(response)  # type: ignore[return-value]
        response.add_post_render_callback(answer_conditionally)
        return response


def make_etag(body: bytes) -> str:
    """Return a weak entity tag: a proxy may compress the body on its way."""
    return f'W/"{hashlib.blake2b(body, digest_size=16).hexdigest()}"'
