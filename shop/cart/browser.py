"""A guest's cart in their browser: a cookie that no script can read."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from shop.cart.models import LIFETIME, Cart
from shop.cart.priced import PricedCart
from shop.cart.selectors import CartNotFound, get_cart
from shop.customers.models import User

CART_COOKIE = "nexus_cart"
# Read by the frame of every page; says nothing but a number.
COUNT_COOKIE = "nexus_cart_count"


def find_shopper(request: HttpRequest) -> User | None:
    """Whoever is signed in in this browser; a browser without a session is asked nothing."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    return request.user if isinstance(request.user, User) else None


def find_any_cart(request: HttpRequest) -> Cart | None:
    """The cart that the browser knows, ordered or not; None when there is none or it has expired."""
    try:
        return get_cart(cart_id=UUID(request.COOKIES.get(CART_COOKIE, "")), user=find_shopper(request))
    except (ValueError, CartNotFound):
        return None


def find_cart(request: HttpRequest) -> Cart | None:
    """The open cart that the browser knows; None when there is none, it has expired or was ordered."""
    cart = find_any_cart(request)
    return None if cart is None or cart.is_completed else cart


def remember_cart(response: HttpResponse, priced: PricedCart) -> None:
    """Let the browser keep the cart, and how much is in it."""
    _set(response, CART_COOKIE, str(priced.cart.pk), http_only=True)
    _set(response, COUNT_COOKIE, str(priced.quantity), http_only=False)


def forget_cart(response: HttpResponse) -> None:
    """Let the browser begin anew: the cart has become an order."""
    response.delete_cookie(CART_COOKIE, samesite="Lax")
    response.delete_cookie(COUNT_COOKIE, samesite="Lax")


def _set(response: HttpResponse, name: str, value: str, *, http_only: bool) -> None:
    response.set_cookie(
        name,
        value,
        max_age=LIFETIME,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=http_only,
        samesite="Lax",
    )
