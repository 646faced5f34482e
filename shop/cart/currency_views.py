"""Choosing the currency that prices are shown in."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from shop.cart.browser import find_cart
from shop.cart.models import LIFETIME
from shop.cart.services import CartChanges, update_cart
from shop.core import clock
from shop.pricing import audience
from shop.pricing.middleware import CURRENCY_COOKIE
from shop.pricing.selectors import list_offered_currencies


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def currency(request: HttpRequest) -> HttpResponse:
    """Show what can be chosen, or choose: the browser remembers it, and the open cart goes along."""
    offered = list_offered_currencies()
    back = request.POST.get("next") or request.GET.get("next") or "/"
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = "/"
    if request.method == "POST":
        chosen = request.POST.get("currency", "")
        if chosen in offered:
            return _choose(request, chosen, back)
    chosen = audience.current().currency or offered[0]
    return TemplateResponse(
        request,
        "cart/currency.html",
        {"currencies": offered, "chosen": chosen, "back": back},
        status=400 if request.method == "POST" else 200,
    )


def _choose(request: HttpRequest, chosen: str, back: str) -> HttpResponse:
    found = find_cart(request)
    if found is not None and found.currency != chosen:
        update_cart(cart=found, changes=CartChanges(currency=chosen), at=clock.now())
    response = HttpResponseRedirect(back, status=303)
    response.set_cookie(
        CURRENCY_COOKIE,
        chosen,
        max_age=LIFETIME,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response
