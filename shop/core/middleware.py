"""Middleware around every view: what no address may hold, and what the admin shows of a refusal."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from shop.core.api.problems import problem_response
from shop.core.errors import ShopError

ADMIN = "/admin/"


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


class AdminRefusalMiddleware:
    """
    Show what a service refuses in the admin as a message, and lead back.

    The screens catch what they expect; this is for doors of Wagtail's own, such as approving in a workflow.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a :class:`ShopError` below the admin's address; leave everything else alone."""
        if not isinstance(exception, ShopError) or not request.path.startswith(ADMIN):
            return None
        messages.error(request, exception.detail)
        back = request.META.get("HTTP_REFERER", "")
        if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
            back = ADMIN
        if request.headers.get("x-requested-with") == "XMLHttpRequest":
            # What the admin's dialogs understand: close, and go there.
            return JsonResponse({"step": "success", "redirect": back})
        return redirect(back)
