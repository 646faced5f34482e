"""The order's page for whoever holds its link, and the form that sends the link again."""

from __future__ import annotations

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from shop.core import clock
from shop.core.selectors import get_shop_settings
from shop.orders.page import build_order_page
from shop.orders.selectors import OrderNotFound, get_order
from shop.orders.services import request_order_link

LONGEST_TOKEN = 200


class FindOrderForm(forms.Form):
    """What a shopper still knows of their order."""

    number = forms.CharField(
        label="Order number", max_length=32, help_text="As in your confirmation. Example: NX-7K3F-92QD."
    )
    email = forms.EmailField(
        label="E-mail", max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )


@never_cache
@require_safe
def order(request: HttpRequest, number: str) -> HttpResponse:
    """An order as it was placed, and where it is now."""
    token = request.GET.get("token", "")[:LONGEST_TOKEN]
    try:
        found = get_order(number=number, user=request.user, token=token)
    except OrderNotFound as error:
        raise Http404 from error
    page = build_order_page(found)
    context = {
        "order": page,
        "is_new": request.GET.get("new") == "1",
        "instructions": get_shop_settings().manual_payment_instructions if page.awaits_payment else "",
    }
    return TemplateResponse(request, "orders/order.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """Send an order's link to the address it was placed with. Never tells whether there is one."""
    form = FindOrderForm(request.POST or None)
    asked = request.method == "POST" and form.is_valid()
    if asked:
        request_order_link(
            number=form.cleaned_data["number"], email=form.cleaned_data["email"], at=clock.now()
        )
    return TemplateResponse(request, "orders/find.html", {"form": form, "asked": asked})
