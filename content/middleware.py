from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse

from content.shell import get_shell
from shop.catalogue.films import FRAME_ORIGINS

# Tools with scripts of their own making; they are for staff, and set what they need.
OTHER_DOORS = ("/admin/", "/docs/", "/graphql/", "/api/")


class StorefrontFrameMiddleware:
    """
    Give every page of the storefront its frame (``shell``), before its template is drawn.

    A middleware rather than a context processor, so that apps below content can draw pages, and so
    that no template costs a query.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_template_response(
        self, request: HttpRequest, response: SimpleTemplateResponse
    ) -> SimpleTemplateResponse:
        """Add the frame to what the view gave its template."""
        if not request.path.startswith(OTHER_DOORS):
            response.context_data = {"shell": get_shell(request), **(response.context_data or {})}
        return response


class SecurityHeadersMiddleware:
    """
    Tell browsers what a page of the shop may load and do.

    The storefront runs no inline script or style and loads nothing from elsewhere but media from the
    shop's own storage. A view that sets the header itself is left alone.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.storefront = _storefront_policy()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        strict = not request.path.startswith(OTHER_DOORS)
        policy = self.storefront if strict else "object-src 'none'; base-uri 'self'; frame-ancestors 'self'"
        response.headers.setdefault("Content-Security-Policy", policy)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
        )
        return response


def _storefront_policy() -> str:
    media = urlsplit(settings.MEDIA_URL)
    elsewhere = f" {media.scheme}://{media.netloc}" if media.netloc else ""
    static = urlsplit(settings.STATIC_URL)
    cdn = f" {static.scheme}://{static.netloc}" if static.netloc else ""
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src 'self'{cdn}",
            f"style-src 'self'{cdn}",
            f"font-src 'self'{cdn}",
            f"img-src 'self' data:{elsewhere}{cdn}",
            f"media-src 'self'{elsewhere}",
            "connect-src 'self'",
            # Only once a shopper has pressed play: see shop.catalogue.films.
            f"frame-src 'self' {' '.join(FRAME_ORIGINS)}",
            "form-action 'self'",
            "manifest-src 'self'",
            "base-uri 'self'",
            "frame-ancestors 'self'",
        ]
    )
