"""The simulator: what promotions make of a cart, whoever has it and whenever."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from shop.checkout.simulation import Answer, UnknownGoods, simulate
from shop.checkout.simulation_form import SimulationForm
from shop.core.money import format_money
from shop.promotions.models import Promotion


class SimulatorView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """Asks which cart, and shows what it costs and why."""

    model = Promotion
    any_permission_required = ("add", "change", "view")
    template_name = "promotions/admin/simulator.html"
    page_title = "Simulator"
    header_icon = "tag"

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [*super().get_breadcrumbs_items(), {"url": "", "label": "Simulator"}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", SimulationForm(initial={"drafts": self.request.GET.getlist("draft")}))
        return super().get_context_data(**kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Try it; nothing is kept."""
        form = SimulationForm(request.POST)
        shown: dict[str, Any] = {}
        if form.is_valid():
            try:
                shown = show_answer(simulate(form.question()))
            except UnknownGoods as unknown:
                for error in unknown.errors:
                    form.add_error("lines", error.detail)
        return self.render_to_response(self.get_context_data(form=form, **shown))


def show_answer(answer: Answer) -> dict[str, Any]:
    """The answer as texts."""
    priced, totals = answer.priced, answer.priced.totals
    sums = [
        ("Goods", totals.subtotal),
        ("Discount", -totals.discount),
        ("Shipping", totals.shipping),
        ("Tax", totals.tax),
        ("Total", totals.total),
    ]
    return {
        "answer": answer,
        "lines": [
            {
                "line": line,
                "unit_price": format_money(line.unit_price) if line.unit_price else "not for sale now",
                "discount": format_money(-line.discount) if not line.discount.is_zero else "",
                "total": format_money(line.total),
            }
            for line in priced.lines
        ],
        "sums": [(label, format_money(amount)) for label, amount in sums],
        "discounts": [(one, format_money(one.amount + one.shipping)) for one in priced.discounts],
    }
