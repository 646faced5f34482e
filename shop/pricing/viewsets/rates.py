"""Exchange rates: what is known, and entering one. The past is never changed."""

from __future__ import annotations

from django.urls import URLPattern
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from shop.pricing.models import ExchangeRate
from shop.pricing.services import apply_exchange_rates_if_short, set_exchange_rate


class RateCreateView(generic.CreateView):
    """A rate that holds from now on."""

    page_title = "Enter an exchange rate"

    def save_instance(self) -> ExchangeRate:
        """Save through the service, and convert short lists at once."""
        rate = set_exchange_rate(rate=self.form.save(commit=False), actor=self.request.user)
        apply_exchange_rates_if_short(actor=self.request.user)
        return rate

    def get_success_buttons(self) -> list[object]:
        """There is nothing to edit."""
        return []


class RateIndexView(generic.IndexView):
    """Every rate, the latest first."""

    columns = [
        Column("pair", label="Rate", accessor=str),
        DateColumn("at", label="From", accessor="at"),
        Column("source", label="From where", accessor="get_source_display"),
        Column("actor", label="By", accessor=lambda rate: rate.actor or ""),
    ]

    def get_edit_url(self, instance: ExchangeRate) -> None:
        """A row of a ledger is not edited."""

    def get_delete_url(self, instance: ExchangeRate) -> None:
        """Nor deleted."""


class ExchangeRateViewSet(ModelViewSet):
    """Rates that price lists are converted by; whoever may change lists may enter them."""

    model = ExchangeRate
    name = "exchange_rates"
    url_prefix = "prices/rates"
    icon = "globe"
    menu_label = "Exchange rates"
    index_view_class = RateIndexView
    add_view_class = RateCreateView
    copy_view_enabled = False
    inspect_view_enabled = False
    list_filter = ["base", "currency", "source"]
    form_fields = ["base", "currency", "rate"]
    ordering = "-at"
    list_per_page = 50

    def get_urlpatterns(self) -> list[URLPattern]:
        """The list and the form; rows of a ledger are neither edited nor deleted."""
        return [
            pattern
            for pattern in super().get_urlpatterns()
            if pattern.name in {"index", "index_results", "add"}
        ]
