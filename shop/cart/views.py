"""The cart as pages. With scripts the cart page talks to the REST API and asks here for its new look."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from wagtail import hooks

from shop.cart.browser import find_cart, find_shopper, remember_cart
from shop.cart.lowest import with_lowest_prices
from shop.cart.models import MAX_QUANTITY, Cart
from shop.cart.priced import PricedCart
from shop.cart.selectors import price_cart
from shop.cart.services import CartCompleted, LineNotFound, add_line, create_cart, set_quantity
from shop.cart.vouchers import VoucherNotInCart, add_voucher, remove_voucher
from shop.core import clock
from shop.core.errors import ShopError
from shop.pricing import audience

WRONG_QUANTITY = f"Enter a quantity from 1 to {MAX_QUANTITY}."


@never_cache
@require_safe
def cart(request: HttpRequest) -> HttpResponse:
    """What is in the cart, priced now."""
    found = find_cart(request)
    priced = price_cart(found, at=clock.now()) if found else None
    return _show(request, priced)


@never_cache
@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """Put a variant into the cart, beginning one where there is none."""
    quantity = _quantity(request, lowest=1)
    if quantity is None:
        return _refuse(request, WRONG_QUANTITY)
    sku = request.POST.get("sku", "").replace("\x00", "")[:100]
    try:
        priced = _add(request, sku, quantity)
    except ShopError as error:
        return _refuse(request, error.detail or error.title)
    response: HttpResponse = HttpResponseRedirect(reverse("storefront:cart"), status=303)
    if _wants_fragment(request):
        line = next((line for line in priced.lines if line.sku.upper() == sku.upper()), None)
        response = TemplateResponse(request, "cart/added.html", {"cart": priced, "line": line})
    remember_cart(response, priced)
    return response


@never_cache
@require_POST
def change_line(request: HttpRequest, line_id: UUID) -> HttpResponse:
    """Set the quantity of a line; 0 takes it out."""
    found = find_cart(request)
    quantity = _quantity(request, lowest=0)
    if found is None:
        return HttpResponseRedirect(reverse("storefront:cart"), status=303)
    if quantity is None:
        return _refuse(request, WRONG_QUANTITY)
    try:
        priced = set_quantity(cart=found, line_id=line_id, quantity=quantity, at=clock.now())
    except LineNotFound:
        # Taken out in another tab: what the shopper wanted, or a list that shows them why not.
        return HttpResponseRedirect(reverse("storefront:cart"), status=303)
    except ShopError as error:
        return _refuse(request, error.detail or error.title)
    response = HttpResponseRedirect(reverse("storefront:cart"), status=303)
    remember_cart(response, priced)
    return response


@never_cache
@require_POST
def voucher(request: HttpRequest) -> HttpResponse:
    """Enter a voucher, or take one out; a refusal stands beside the field, with what was typed."""
    found = find_cart(request)
    back = HttpResponseRedirect(reverse("storefront:cart"), status=303)
    if found is None:
        return back
    leaving = request.POST.get("remove", "").replace("\x00", "")[:100]
    code = request.POST.get("code", "").replace("\x00", "")[:100]
    try:
        if leaving:
            priced = remove_voucher(cart=found, code=leaving, at=clock.now())
        else:
            priced = add_voucher(cart=found, code=code, at=clock.now())
    except VoucherNotInCart:
        return back
    except ShopError as error:
        words = error.detail or error.title
        return _show(request, price_cart(found, at=clock.now()), voucher_error=words, typed=code, status=422)
    remember_cart(back, priced)
    return back


def _add(request: HttpRequest, sku: str, quantity: int) -> PricedCart:
    now = clock.now()
    found = find_cart(request)
    if found is not None:
        try:
            return add_line(cart=found, sku=sku, quantity=quantity, at=now)
        except CartCompleted:
            # Ordered in another tab a moment ago.
            pass
    return add_line(cart=_begin(request, at=now), sku=sku, quantity=quantity, at=now)


def _begin(request: HttpRequest, *, at: datetime) -> Cart:
    """Begin a cart: of whoever is signed in, for the prices of their group, in the currency chosen."""
    return create_cart(user=find_shopper(request), at=at, currency=audience.current().currency)


def _show(
    request: HttpRequest, priced: PricedCart | None, *, status: int = 200, **words: str
) -> HttpResponse:
    template = "cart/contents.html" if _wants_fragment(request) else "cart/cart.html"
    if priced is not None:
        priced = with_lowest_prices(priced)
    context: dict[str, Any] = {"cart": priced, **words}
    if priced is not None and priced.lines:
        # Apps above this one know what else is for sale.
        for contribute in hooks.get_hooks("nexus_cart_context"):
            context |= contribute(request, priced)
    response = TemplateResponse(request, template, context, status=status)
    if priced is not None:
        remember_cart(response, priced)
    return response


def _refuse(request: HttpRequest, error: str) -> HttpResponse:
    if _wants_fragment(request):
        return HttpResponse(error, status=400, content_type="text/plain; charset=utf-8")
    found = find_cart(request)
    priced = price_cart(found, at=clock.now()) if found else None
    return _show(request, priced, error=error, status=400)


def _wants_fragment(request: HttpRequest) -> bool:
    return request.headers.get("X-Fragment") == "1"


def _quantity(request: HttpRequest, *, lowest: int) -> int | None:
    text = request.POST.get("quantity", "1").strip()
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(MAX_QUANTITY))):
        return None
    return int(text) if lowest <= int(text) <= MAX_QUANTITY else None
