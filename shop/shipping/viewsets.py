"""Zones and methods in the admin."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.functional import cached_property
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from shop.core.money import Money, format_money
from shop.core.selectors import get_shop_settings
from shop.shipping.models import ShippingMethod, ShippingZone


def show_countries(zone: ShippingZone) -> str:
    """Name what a zone serves; the list is prefetched."""
    names = [place.get_country_display() for place in zone.countries.all()]
    return "Everywhere else" if zone.serves_everywhere_else and not names else ", ".join(names)


def show_price(method: ShippingMethod) -> str:
    """Write the price, and from when on it is free."""
    price = format_money(Money.rounded(method.price, method.currency))
    if method.kind != ShippingMethod.Kind.FREE_OVER or method.free_from is None:
        return price
    return f"{price}, free from {format_money(Money.rounded(method.free_from, method.currency))}"


def show_days(method: ShippingMethod) -> str:
    """Write how long it takes."""
    if method.min_days == method.max_days:
        return str(method.max_days)
    return f"{method.min_days} to {method.max_days}"


class ZoneIndexView(generic.IndexView):
    """Every zone with its countries."""

    def get_base_queryset(self) -> QuerySet[ShippingZone]:
        """Load the countries of the page in one query."""
        return ShippingZone.objects.prefetch_related("countries")


class ZoneDeleteView(generic.DeleteView):
    """Deletes a zone with its methods; orders keep what they were sent with."""

    @cached_property
    def confirmation_message(self) -> str:
        """Say what goes with it."""
        names = ", ".join(self.object.methods.values_list("name", flat=True))
        return f"Delete {self.object}?" + (f" Its shipping methods go with it: {names}." if names else "")


class ShippingZoneViewSet(ModelViewSet):
    """Where goods are sent."""

    model = ShippingZone
    name = "shipping_zones"
    url_prefix = "shipping/zones"
    icon = "site"
    menu_label = "Shipping zones"
    index_view_class = ZoneIndexView
    delete_view_class = ZoneDeleteView
    copy_view_enabled = False
    list_display = ["name", Column("countries", label="Countries", accessor=show_countries)]
    index_results_template_name = "shipping/admin/zone_results.html"
    panels = [
        FieldPanel("name"),
        InlinePanel("countries", heading="Countries", label="Country", panels=[FieldPanel("country")]),
        FieldPanel("serves_everywhere_else"),
    ]


class MethodIndexView(generic.IndexView):
    """Every method with its price."""

    def get_base_queryset(self) -> QuerySet[ShippingMethod]:
        """Load the zones in the same query."""
        return ShippingMethod.objects.select_related("zone")


class MethodCreateView(generic.CreateView):
    """A new method, in the shop's currency to begin with."""

    def get_initial(self) -> dict[str, Any]:
        """Most methods are priced as the shop is."""
        return {"currency": get_shop_settings().default_currency}


class ShippingMethodViewSet(ModelViewSet):
    """How goods are sent, and what that costs."""

    model = ShippingMethod
    name = "shipping_methods"
    url_prefix = "shipping/methods"
    icon = "mail"
    menu_label = "Shipping methods"
    list_display = [
        "name",
        Column("code", label="Code", sort_key="code"),
        Column("zone", label="Zone", sort_key="zone__name"),
        Column("price", label="Price", accessor=show_price),
        Column("days", label="Days", accessor=show_days),
        BooleanColumn("is_active", label="Offered"),
    ]
    index_view_class = MethodIndexView
    add_view_class = MethodCreateView
    list_filter = ["zone", "currency", "is_active"]
    search_fields = ["name", "code"]
    search_backend_name = None
    index_results_template_name = "shipping/admin/method_results.html"
    panels = [
        MultiFieldPanel(
            [FieldPanel("name"), FieldPanel("description"), FieldPanel("code")], heading="What it is"
        ),
        MultiFieldPanel(
            [
                FieldPanel("zone"),
                FieldPanel("max_weight_grams"),
                FieldRowPanel([FieldPanel("min_days"), FieldPanel("max_days")]),
            ],
            heading="What it can do",
        ),
        MultiFieldPanel(
            [
                FieldPanel("kind"),
                FieldRowPanel([FieldPanel("price"), FieldPanel("currency")]),
                FieldPanel("free_from"),
            ],
            heading="What it costs",
        ),
        MultiFieldPanel(
            [FieldPanel("carrier_name"), FieldPanel("tracking_url_template")], heading="Tracking"
        ),
        FieldRowPanel([FieldPanel("sort_order"), FieldPanel("is_active")]),
    ]
