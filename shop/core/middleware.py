"""Middleware that stands before everything else."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest

from shop.core.api.problems import problem_response


class RefuseNulMiddleware:
    """
    Answer 400 to an address with a NUL character in it.

    No link has one, PostgreSQL cannot hold one, and every look-up by a slug would otherwise have to say so.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            detail = "The address contains a character that cannot be."
            if request.path.startswith("/api/"):
                return problem_response(status=400, code="invalid", detail=detail)
            return HttpResponseBadRequest(detail, content_type="text/plain")
        return self.get_response(request)
