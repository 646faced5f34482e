"""Price lists: for whom and when they count."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, QuerySet
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.admin.ui.tables import Column, NumberColumn, StatusTagColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import BaseButton, HeaderButton
from wagtail.log_actions import log

from shop.core import clock
from shop.core.selectors import get_shop_settings
from shop.pricing.models import PriceList
from shop.pricing.services import delete_price_list, save_price_list
from shop.pricing.viewsets.planned import PlannedPricesView
from shop.pricing.viewsets.prices import PriceHistoryView, PricesView, SetPriceView
from shop.pricing.viewsets.why import WhyView


def validity_label(price_list: PriceList) -> str:
    """Say in two words whether the list counts at the moment."""
    now = clock.now()
    if price_list.is_valid_at(now):
        return "In use"
    if not price_list.is_active:
        return "Out of use"
    return "Scheduled" if price_list.valid_from and price_list.valid_from > now else "Ended"


class PriceListSaving:
    """Saves through the service, so that history, search and the audit hear of it."""

    def save_instance(self) -> PriceList:
        """Save, and keep Wagtail's own history as well."""
        is_new = self.form.instance.pk is None  # type: ignore[attr-defined]
        price_list = save_price_list(
            price_list=self.form.save(commit=False),  # type: ignore[attr-defined]
            actor=self.request.user,  # type: ignore[attr-defined]
        )
        log(instance=price_list, action="wagtail.create" if is_new else "wagtail.edit")
        return price_list


class PriceListCreateView(PriceListSaving, generic.CreateView):
    """A new price list; its prices come next."""

    def get_initial(self) -> dict[str, Any]:
        """Begin with what most lists of the shop have."""
        settings = get_shop_settings()
        return {"currency": settings.default_currency, "includes_tax": settings.prices_include_tax}

    def get_success_url(self) -> str:
        """Go on to the prices: an empty list is of no use."""
        return reverse("price_lists:prices", args=[self.object.pk])


class PriceListEditView(PriceListSaving, generic.EditView):
    """For whom and when a list counts."""

    @cached_property
    def header_more_buttons(self) -> list[BaseButton]:
        """Lead to the prices of the list."""
        url = reverse("price_lists:prices", args=[self.object.pk])
        return [*super().header_more_buttons, HeaderButton("Prices", url=url, icon_name="list-ul")]


class PriceListDeleteView(generic.DeleteView):
    """Deletes a list with its prices; the history stays."""

    def delete_action(self) -> None:
        """Delete through the service."""
        log(instance=self.object, action="wagtail.delete")
        delete_price_list(price_list=self.object, actor=self.request.user)

    @cached_property
    def confirmation_message(self) -> str:
        """Say what goes with it."""
        count = self.object.prices.count()
        return (
            f"Delete {self.object}? Its {count} prices are taken away at once. "
            "To keep them for later, untick “in use” instead."
        )


class PriceListIndexView(generic.IndexView):
    """Every price list, with its state and number of prices."""

    columns = [
        TitleColumn(
            "name",
            label="Name",
            sort_key="name",
            get_url=lambda price_list: reverse("price_lists:prices", args=[price_list.pk]),
        ),
        Column("code", label="Code", sort_key="code"),
        Column("kind", label="Kind", accessor="get_kind_display", sort_key="kind"),
        Column("currency", label="Currency", sort_key="currency"),
        Column(
            "customer_group",
            label="For",
            accessor=lambda price_list: price_list.customer_group or "Everybody",
        ),
        NumberColumn("priority", label="Priority", sort_key="priority"),
        NumberColumn("price_count", label="Prices"),
        StatusTagColumn(
            "validity",
            label="Status",
            accessor=validity_label,
            primary=lambda price_list: price_list.is_valid_at(clock.now()),
        ),
    ]

    @cached_property
    def header_more_buttons(self) -> list[BaseButton]:
        """Lead to what explains and converts prices."""
        why, rates = reverse("price_lists:why"), reverse("exchange_rates:index")
        return [
            *super().header_more_buttons,
            HeaderButton("Why this price", url=why, icon_name="help"),
            HeaderButton("Exchange rates", url=rates, icon_name="globe"),
        ]

    def get_base_queryset(self) -> QuerySet[PriceList]:
        """Count the prices and load the groups in the same query."""
        return PriceList.objects.select_related("customer_group").annotate(price_count=Count("prices"))


class PriceListViewSet(ModelViewSet):
    """Price lists, and the prices in them."""

    model = PriceList
    name = "price_lists"
    url_prefix = "prices/lists"
    icon = "tag"
    menu_label = "Prices"
    menu_name = "prices"
    menu_order = 220
    add_to_admin_menu = True
    index_view_class = PriceListIndexView
    add_view_class = PriceListCreateView
    edit_view_class = PriceListEditView
    delete_view_class = PriceListDeleteView
    copy_view_enabled = False
    list_filter = ["kind", "currency", "is_active"]
    search_fields = ["name", "code"]
    search_backend_name = None
    index_results_template_name = "pricing/admin/price_lists_results.html"
    panels = [
        MultiFieldPanel([FieldPanel("name"), FieldPanel("code"), FieldPanel("kind")], heading="The list"),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("currency"), FieldPanel("includes_tax")])], heading="The amounts"
        ),
        MultiFieldPanel(
            [
                FieldPanel("converted_from"),
                FieldRowPanel([FieldPanel("margin_percent"), FieldPanel("fixed_rate")]),
                FieldPanel("rounding"),
            ],
            heading="Converted from another currency",
        ),
        MultiFieldPanel(
            [FieldPanel("customer_group"), FieldPanel("site"), FieldPanel("priority")], heading="For whom"
        ),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("valid_from"), FieldPanel("valid_until")]), FieldPanel("is_active")],
            heading="When",
        ),
    ]

    def get_urlpatterns(self) -> list[URLPattern]:
        """The list's own screens, and those of its prices."""
        return [
            *super().get_urlpatterns(),
            path("<int:pk>/prices/", PricesView.as_view(), name="prices"),
            path("<int:pk>/prices/results/", PricesView.as_view(results_only=True), name="prices_results"),
            path("<int:pk>/prices/set/", SetPriceView.as_view(), name="set_price"),
            path("<int:pk>/planned/", PlannedPricesView.as_view(), name="planned"),
            path("why/", WhyView.as_view(), name="why"),
            path("history-of/<int:variant_id>/", PriceHistoryView.as_view(), name="history_of"),
        ]
