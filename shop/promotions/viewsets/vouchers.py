"""Voucher codes and batches of them."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.views.generic import TemplateView, View
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BooleanColumn, Column, NumberColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.log_actions import log

from shop.core import clock
from shop.core.jobs import job_url
from shop.core.money import Money, format_money
from shop.customers.actors import actor_of
from shop.promotions.models import Voucher, VoucherBatch
from shop.promotions.reports import report_batch, with_use, write_csv
from shop.promotions.services.codes import save_voucher, set_vouchers_active, start_batch
from shop.promotions.voucher_forms import VoucherBatchForm, VoucherForm


def show_uses(voucher: Voucher) -> str:
    """How many orders used it, of how many may."""
    return f"{voucher.uses} of {voucher.max_uses}" if voucher.max_uses is not None else str(voucher.uses)


def show_given(voucher: Any) -> str:
    """What it gave, while it gave anything."""
    return format_money(Money.rounded(voucher.given, voucher.currency)) if voucher.given else ""


class VoucherFilters(WagtailFilterSet):
    """By promotion, batch and whether it is blocked."""

    is_active = django_filters.BooleanFilter(label="In use")

    class Meta:
        model = Voucher
        fields = ["promotion", "batch", "is_active"]


class VoucherIndexView(generic.IndexView):
    """Every code with what it brought."""

    columns = [
        TitleColumn("code", label="Code", get_url=lambda one: reverse("vouchers:edit", args=[one.pk])),
        Column("promotion", label="Promotion"),
        Column("batch", label="Batch", accessor=lambda one: one.batch or ""),
        NumberColumn("orders", label="Orders", accessor=show_uses),
        NumberColumn("given", label="Given", accessor=show_given),
        Column("last_use", label="Last use"),
        BooleanColumn("is_active", label="In use"),
    ]

    def get_base_queryset(self) -> QuerySet[Voucher]:
        """Name promotion and batch in the same query."""
        return with_use(Voucher.objects.select_related("promotion", "batch"))


class _VoucherSaving:
    def save_instance(self) -> Voucher:
        """Save through the service."""
        form: VoucherForm = self.form  # type: ignore[attr-defined]
        is_new = form.instance.pk is None
        actor = actor_of(self.request)  # type: ignore[attr-defined]
        voucher = save_voucher(voucher=form.save(commit=False), actor=actor, at=clock.now())
        log(instance=voucher, action="wagtail.create" if is_new else "wagtail.edit")
        return voucher


class VoucherCreateView(_VoucherSaving, generic.CreateView):
    """A single code."""


class VoucherEditView(_VoucherSaving, generic.EditView):
    """Limits of a code, and blocking it; the code itself stays."""


class VoucherViewSet(ModelViewSet):
    """Codes that shoppers enter."""

    model = Voucher
    name = "vouchers"
    url_prefix = "promotions/vouchers"
    icon = "key"
    menu_label = "Voucher codes"
    index_view_class = VoucherIndexView
    add_view_class = VoucherCreateView
    edit_view_class = VoucherEditView
    copy_view_enabled = False
    filterset_class = VoucherFilters
    search_fields = ["code"]
    search_backend_name = None
    list_per_page = 50
    form_fields = VoucherForm.Meta.fields
    index_results_template_name = "promotions/admin/vouchers_results.html"

    def get_form_class(self, for_update: bool = False) -> type[VoucherForm]:
        """The customer is named by e-mail address."""
        return VoucherForm


class BatchIndexView(generic.IndexView):
    """Every batch."""

    columns = [
        TitleColumn(
            "name", label="Name", get_url=lambda one: reverse("voucher_batches:report", args=[one.pk])
        ),
        Column("promotion", label="Promotion"),
        Column("prefix", label="Prefix"),
        NumberColumn("made", label="Codes", accessor=lambda one: f"{one.made} of {one.size}"),
        Column("created_at", label="Made"),
    ]

    def get_base_queryset(self) -> QuerySet[VoucherBatch]:
        """Count the codes in the same query."""
        return VoucherBatch.objects.select_related("promotion").annotate(made=Count("vouchers"))


class BatchCreateView(generic.CreateView):
    """A new batch; its codes are made in the background."""

    submit_button_label = "Make the codes"

    def save_instance(self) -> VoucherBatch:
        """Start the batch."""
        batch = start_batch(batch=self.form.save(commit=False), actor=actor_of(self.request), at=clock.now())
        log(instance=batch, action="wagtail.create")
        return batch

    def get_success_url(self) -> str:
        """The page of the batch tells how far it is."""
        return reverse("voucher_batches:report", args=[self.object.pk])

    def get_success_buttons(self) -> list[Any]:
        """A batch is not edited."""
        return []


class BatchReportView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """What a batch brought; blocking all of it, and its codes as a file."""

    model = VoucherBatch
    any_permission_required = ("add", "view")
    template_name = "promotions/admin/batch.html"
    header_icon = "key"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find the batch."""
        super().setup(request, *args, **kwargs)
        batches = VoucherBatch.objects.select_related("promotion", "job", "created_by")
        self.batch = get_object_or_404(batches, pk=kwargs["pk"])

    def get_page_title(self) -> str:
        return str(self.batch)

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse("voucher_batches:index"), "label": "Batches of vouchers"},
            {"url": "", "label": str(self.batch)},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        report = report_batch(self.batch)
        return super().get_context_data(
            **kwargs,
            batch=self.batch,
            report=report,
            amounts=[format_money(Money.rounded(amount, currency)) for currency, amount in report.amounts],
            job_url=job_url(self.batch.job) if self.batch.job else "",
            may_change=self.request.user.has_perm("promotions.change_voucher"),
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Block or unblock every code of it."""
        if request.user.has_perm("promotions.change_voucher"):
            wanted = request.POST.get("active") == "1"
            changed = set_vouchers_active(
                batch=self.batch, is_active=wanted, actor=actor_of(request), at=clock.now()
            )
            messages.success(request, f"{changed} codes are {'in use again' if wanted else 'blocked'}.")
        return redirect("voucher_batches:report", self.batch.pk)


class BatchCsvView(PermissionCheckedMixin, View):
    """The codes of a batch as a file, however many there are."""

    model = VoucherBatch
    permission_required = "add"

    def get(self, request: HttpRequest, pk: int) -> StreamingHttpResponse:
        """Stream it."""
        batch = get_object_or_404(VoucherBatch, pk=pk)
        response = StreamingHttpResponse(
            write_csv(batch.vouchers.all()), content_type="text/csv; charset=utf-8"
        )
        response["Content-Disposition"] = f'attachment; filename="vouchers-{batch.pk}.csv"'
        return response


class VoucherBatchViewSet(ModelViewSet):
    """Codes by the thousand."""

    model = VoucherBatch
    name = "voucher_batches"
    url_prefix = "promotions/batches"
    icon = "list-ul"
    menu_label = "Batches of codes"
    index_view_class = BatchIndexView
    add_view_class = BatchCreateView
    copy_view_enabled = False
    search_fields = ["name", "prefix"]
    search_backend_name = None
    form_fields = VoucherBatchForm.Meta.fields
    index_results_template_name = "promotions/admin/batches_results.html"

    def get_form_class(self, for_update: bool = False) -> type[VoucherBatchForm]:
        """Limited to promotions with vouchers."""
        return VoucherBatchForm

    def get_urlpatterns(self) -> list[URLPattern]:
        """The report and the file beside the usual."""
        return [
            *super().get_urlpatterns(),
            path("report/<int:pk>/", BatchReportView.as_view(), name="report"),
            path("codes/<int:pk>/", BatchCsvView.as_view(), name="codes"),
        ]
