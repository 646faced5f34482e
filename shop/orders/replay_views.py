"""The screen of dry runs: how many days, and what came of it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from shop.core import clock
from shop.core.jobs import job_url
from shop.core.models import BackgroundJob
from shop.core.money import Money, format_money
from shop.customers.actors import actor_of
from shop.orders.promotion_replay import REPLAY, TOP, start_replay
from shop.promotions.models import Promotion

DAYS = (7, 30, 90, 365)
AMOUNTS = (("given", "Given by it"), ("extra", "More than is given now"))


class ReplayView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """Starts a dry run of a promotion, and shows the last one."""

    model = Promotion
    any_permission_required = ("add", "change")
    template_name = "promotions/admin/replay.html"
    header_icon = "history"
    page_title = "Dry run on the past"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find the promotion."""
        super().setup(request, *args, **kwargs)
        self.promotion = get_object_or_404(Promotion, pk=kwargs["pk"], kind=Promotion.Kind.CART)

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        edit = reverse("promotions:edit", args=[self.promotion.pk])
        items = [{"url": edit, "label": str(self.promotion)}, {"url": "", "label": "Dry run"}]
        return [*super().get_breadcrumbs_items(), *items]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        jobs = BackgroundJob.objects.filter(kind=REPLAY, params__promotion=self.promotion.pk)
        job = jobs.order_by("-pk").first()
        shown = _show(job) if job else {}
        return super().get_context_data(**kwargs, promotion=self.promotion, days=DAYS, job=job, **shown)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Begin."""
        days = request.POST.get("days", "")
        number = int(days) if days.isascii() and days.isdigit() and len(days) < 4 else 30  # noqa: PLR2004
        start_replay(promotion=self.promotion, days=number, actor=actor_of(request), at=clock.now())
        return redirect("promotions_replay", self.promotion.pk)


def _show(job: BackgroundJob) -> dict[str, Any]:
    result, currency = job.result, job.params["currency"]

    def text(amount: Any) -> str:
        return format_money(Money.rounded(Decimal(amount), currency))

    touched = result.get("touched", 0)
    figures = [("Orders looked at", result.get("orders", 0)), ("Orders touched", touched)]
    figures += [(label, text(result.get(name, "0"))) for name, label in AMOUNTS]
    if touched:
        average = Decimal(result["given"]) / touched
        figures.append(("On average per order", text(average)))
    figures.append(("Orders where another gives less or nothing for it", result.get("conflicts", 0)))
    with_cost = touched - result.get("without_cost", 0)
    if with_cost:
        margins = f"{text(result['margin_before'])} → {text(result['margin_after'])}"
        figures.append((f"Margin of the {with_cost} orders whose cost is known", margins))
    by_day = result.get("by_day", {})
    most = max((Decimal(amount) for amount in by_day.values()), default=Decimal(0))
    products = sorted(result.get("by_sku", {}).items(), key=lambda one: -Decimal(one[1]))[:TOP]
    return {
        "job_url": job_url(job),
        "figures": figures,
        "without_cost": result.get("without_cost", 0),
        "by_day": [(day, text(amount), int(Decimal(amount) * 100 / most)) for day, amount in by_day.items()],
        "products": [(sku, text(amount)) for sku, amount in products],
    }
