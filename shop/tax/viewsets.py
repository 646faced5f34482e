"""Tax rates in the admin."""

from __future__ import annotations

from django.db.models import QuerySet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from shop.tax.models import TaxRate


class TaxRateIndexView(generic.IndexView):
    """Every rate by country."""

    def get_base_queryset(self) -> QuerySet[TaxRate]:
        """Load the classes in the same query."""
        return TaxRate.objects.select_related("tax_class")


class TaxRateViewSet(ModelViewSet):
    """What is to be paid on which goods where."""

    model = TaxRate
    name = "tax_rates"
    url_prefix = "tax/rates"
    icon = "form"
    menu_label = "Tax rates"
    index_view_class = TaxRateIndexView
    list_display = [
        "name",
        Column("country", label="Country", accessor="get_country_display", sort_key="country"),
        Column("region", label="Region", sort_key="region"),
        Column("tax_class", label="Goods", accessor="tax_class.name", sort_key="tax_class__name"),
        Column("rate", label="Percent", accessor=lambda rate: f"{rate.rate.normalize():f}", sort_key="rate"),
        DateColumn("valid_from", label="From", sort_key="valid_from"),
        DateColumn("valid_until", label="Until", sort_key="valid_until"),
    ]
    list_filter = ["country", "tax_class"]
    search_fields = ["name"]
    search_backend_name = None
    index_results_template_name = "tax/admin/rate_results.html"
    panels = [
        MultiFieldPanel([FieldPanel("name"), FieldPanel("rate"), FieldPanel("tax_class")], heading="The tax"),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("country"), FieldPanel("region")])], heading="Where the goods go"
        ),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("valid_from"), FieldPanel("valid_until")])], heading="When"
        ),
    ]
