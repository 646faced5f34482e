"""
Checkout as three pages: address, delivery, payment.

They work as plain forms; with scripts (``static/js/checkout.js``) they talk to the REST API about the same
cart.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from shop.cart.browser import find_any_cart, forget_cart, remember_cart
from shop.cart.models import Cart
from shop.cart.priced import PricedCart
from shop.cart.selectors import CartNotFound, list_shipping_options, price_cart
from shop.cart.services import UNCHANGED, CartChanges, update_cart
from shop.checkout.errors import CartAlreadyOrdered, CartEmpty, CartIncomplete
from shop.checkout.forms import AddressForm, ContactForm, DeliveryForm
from shop.checkout.services import CheckoutRequest, PlacedOrder, place_order
from shop.core import clock
from shop.core.errors import ErrorItem, ShopError
from shop.core.money import Money
from shop.core.selectors import get_shop_settings
from shop.customers.addresses import InvalidAddress
from shop.orders.selectors import find_order_of_cart, order_token
from shop.payments.gateways.registry import get_gateway
from shop.shipping.selectors import ShippingMethodUnavailable, list_served_countries

GATEWAY = "manual"
MAX_KEY = 100


@dataclass(frozen=True, slots=True)
class Bag:
    """The shopper's cart and its prices of this moment."""

    cart: Cart
    priced: PricedCart


def with_cart(view: Callable[[HttpRequest, Bag], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Send shoppers who have nothing that can be ordered back to their cart."""

    @wraps(view)
    def door(request: HttpRequest) -> HttpResponse:
        cart = find_any_cart(request)
        if cart is None:
            return _go("storefront:cart")
        if cart.is_completed:
            # A second press, or another tab of the same browser: the cart's secret opens its order.
            return _already_ordered(cart)
        priced = price_cart(cart, at=clock.now())
        if not priced.lines or not priced.available:
            return _go("storefront:cart")
        return view(request, Bag(cart, priced))

    return never_cache(require_http_methods(["GET", "HEAD", "POST"])(door))


@with_cart
def address(request: HttpRequest, bag: Bag) -> HttpResponse:
    """First step: who orders, and where it goes."""
    contact, shipping, billing = _address_forms(request, bag)
    if request.method == "POST":
        wants_billing = contact["other_billing"].value()
        ships = bag.priced.requires_shipping
        forms = [contact, *([shipping] if ships else []), *([billing] if wants_billing else [])]
        # Every form says what is wrong with it, not only the first.
        if not [form for form in forms if not form.is_valid()]:
            changes = CartChanges(
                email=contact.cleaned_data["email"],
                note=contact.cleaned_data["note"],
                shipping_address=shipping.address() if ships else UNCHANGED,
                billing_address=billing.address() if wants_billing else None,
            )
            try:
                priced = update_cart(cart=bag.cart, changes=changes, at=clock.now())
                return _moved_on(priced, "delivery" if priced.requires_shipping else "payment")
            except InvalidAddress as error:
                shipping.add_service_errors(
                    [item for item in error.errors if not _is_billing(item)], strip="shipping_address."
                )
                billing.add_service_errors(
                    [item for item in error.errors if _is_billing(item)], strip="billing_address."
                )
            except ShopError as error:
                contact.add_error(None, error.detail or error.title)
    context = {"contact": contact, "shipping": shipping, "billing": billing}
    return _page(
        request, "checkout/address.html", bag, {"step": 1, **context}, failed=request.method == "POST"
    )


@with_cart
def delivery(request: HttpRequest, bag: Bag) -> HttpResponse:
    """Second step: how it travels."""
    if not bag.priced.requires_shipping:
        return _go("storefront:checkout-payment")
    if bag.priced.shipping_address is None:
        return _go("storefront:checkout")
    form = DeliveryForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        changes = CartChanges(shipping_method=form.cleaned_data["shipping_method"])
        try:
            return _moved_on(update_cart(cart=bag.cart, changes=changes, at=clock.now()), "payment")
        except ShippingMethodUnavailable as error:
            form.add_error("shipping_method", error.title)
    options = list_shipping_options(bag.cart, at=clock.now())
    chosen = bag.priced.shipping.code if bag.priced.shipping else options[0].code if options else ""
    context = {"form": form, "options": options, "chosen": chosen}
    return _page(
        request, "checkout/delivery.html", bag, {"step": 2, **context}, failed=request.method == "POST"
    )


@with_cart
def payment(request: HttpRequest, bag: Bag) -> HttpResponse:
    """Last step: look at it once more, and order."""
    ships = bag.priced.requires_shipping
    if not bag.cart.email or (ships and bag.priced.shipping_address is None):
        return _go("storefront:checkout")
    if ships and bag.priced.shipping is None:
        return _go("storefront:checkout-delivery")
    if request.method == "POST":
        return _order(request, bag, key=request.POST.get("key", "")[:MAX_KEY] or str(uuid.uuid4()))
    return _payment_page(request, bag, key=str(uuid.uuid4()))


def _order(request: HttpRequest, bag: Bag, *, key: str) -> HttpResponse:
    try:
        return _ordered(_place(request, bag, key))
    except CartAlreadyOrdered:
        return _already_ordered(bag.cart)
    except (CartNotFound, CartEmpty):
        return _go("storefront:cart")
    except CartIncomplete:
        return _go("storefront:checkout")
    except ShopError as refused:
        # What the page says now is what the shopper agrees to with the next press.
        priced = price_cart(bag.cart, at=clock.now())
        return _payment_page(request, Bag(bag.cart, priced), key=key, error=refused.detail or refused.title)


def _payment_page(request: HttpRequest, bag: Bag, *, key: str, error: str = "") -> HttpResponse:
    context = {
        "step": 3,
        "error": error,
        "key": key,
        "gateway": get_gateway(GATEWAY),
        "instructions": get_shop_settings().manual_payment_instructions,
    }
    return _page(request, "checkout/payment.html", bag, context, failed=bool(error))


def _place(request: HttpRequest, bag: Bag, key: str) -> PlacedOrder:
    return place_order(
        CheckoutRequest(
            cart_id=bag.cart.pk,
            expected_total=_expected_total(request, bag.priced),
            gateway=GATEWAY,
            details={},
            key=key,
            user=None,
        ),
        at=clock.now(),
    )


def _expected_total(request: HttpRequest, priced: PricedCart) -> Money:
    """What the page said that it costs; something no cart costs when the field was tampered with."""
    try:
        return Money(Decimal(request.POST.get("expected_total", "")), priced.currency)
    except (InvalidOperation, ValueError):
        return Money.zero(priced.currency)


def _ordered(placed: PlacedOrder) -> HttpResponse:
    response = HttpResponseRedirect(_order_page(placed.order), status=303)
    forget_cart(response)
    return response


def _already_ordered(cart: Cart) -> HttpResponse:
    order = find_order_of_cart(cart.pk)
    if order is None:
        return _go("storefront:cart")
    response = HttpResponseRedirect(_order_page(order), status=303)
    forget_cart(response)
    return response


def _order_page(order: Any) -> str:
    path = reverse("storefront:order", kwargs={"number": order.number})
    return f"{path}?token={order_token(order)}&new=1"


def _address_forms(request: HttpRequest, bag: Bag) -> tuple[ContactForm, AddressForm, AddressForm]:
    data = request.POST if request.method == "POST" else None
    country = get_shop_settings().default_country
    shipping, billing = bag.priced.shipping_address, bag.priced.billing_address
    return (
        ContactForm(
            data,
            initial={
                "email": bag.cart.email,
                "note": bag.cart.note,
                "other_billing": billing is not None,
            },
        ),
        AddressForm(
            data,
            prefix="shipping",
            initial=shipping.as_json() if shipping else {"country": country},
            countries=list_served_countries(),
        ),
        AddressForm(
            data,
            prefix="billing",
            section="billing",
            initial=billing.as_json() if billing else {"country": country},
            # Its fields are hidden until they are asked for, and may then not be demanded.
            use_required_attribute=False,
        ),
    )


def _is_billing(item: ErrorItem) -> bool:
    return (item.attr or "").startswith("billing_address.")


def _moved_on(priced: PricedCart, step: str) -> HttpResponse:
    response = _go(f"storefront:checkout-{step}")
    remember_cart(response, priced)
    return response


def _page(
    request: HttpRequest, template: str, bag: Bag, context: dict[str, Any], *, failed: bool
) -> HttpResponse:
    return TemplateResponse(request, template, {"cart": bag.priced, **context}, status=400 if failed else 200)


def _go(name: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse(name), status=303)
