"""What is planned for a price list, and giving a plan up."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import TemplateView

from shop.customers.models import User
from shop.pricing.models import PlannedPrice
from shop.pricing.selectors import list_planned_prices
from shop.pricing.services import cancel_planned_price
from shop.pricing.viewsets.prices import MAY_SEE, MAY_SET, OfAList, show_amount

MOST_SHOWN = 500


class PlannedPricesView(OfAList, TemplateView):
    """The prices of one list that change by themselves, the next first."""

    template_name = "pricing/admin/planned.html"
    may_do = MAY_SEE

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Give one of them up."""
        if not request.user.has_perm(MAY_SET):
            raise PermissionDenied
        number = request.POST.get("planned", "")
        if not (number.isascii() and number.isdigit() and len(number) < 19):  # noqa: PLR2004
            number = "0"
        planned = get_object_or_404(PlannedPrice, pk=int(number), price_list=self.price_list)
        if cancel_planned_price(planned=planned, actor=cast(User, request.user)):
            messages.success(request, "The plan is given up; the price stays as it is.")
        else:
            messages.warning(request, "The price has changed already, or the plan was given up before.")
        return redirect("price_lists:planned", pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The rows with their amounts as texts: one query."""
        planned = list_planned_prices(price_list=self.price_list)[:MOST_SHOWN]
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {
            "rows": [
                {"planned": one, "amount": show_amount(one.amount, self.price_list.currency)}
                for one in planned
            ],
            "may_set": self.request.user.has_perm(MAY_SET),
            "set_url": reverse("price_lists:set_price", args=[self.price_list.pk]),
        }

    def get_page_title(self) -> str:
        return "Planned prices"

    def get_page_subtitle(self) -> str:
        return self.price_list.name

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.get_trail(), {"url": "", "label": "Planned prices"}]
