from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from content.shell import get_broken_notice, get_shell
from content.theme import stylesheet
from shop.core.api import problems


@require_safe
@cache_control(public=True, max_age=31536000, immutable=True)
def theme(request: HttpRequest, version: str) -> HttpResponse:
    """The brand's colour as CSS; its address changes with the colour."""
    shell = get_shell(request)
    if version != shell.theme_version:
        raise Http404
    return HttpResponse(stylesheet(shell.accent), content_type="text/css; charset=utf-8")


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The answer for an address that leads nowhere: a page of the storefront, or a problem of the API."""
    if not request.path.startswith("/api/"):
        return render(request, "404.html", {"shell": get_shell(request)}, status=404)
    return problems.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """The answer when something breaks: words of the shop's own, and nothing that could break again."""
    response = problems.server_error(request)
    if not request.path.startswith("/api/"):
        response.content = render_to_string("500.html", {"notice": get_broken_notice(request)})
    return response
