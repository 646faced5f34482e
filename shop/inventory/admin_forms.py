"""Forms and filters of the stock screens in the admin."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django import forms
from wagtail.admin.filters import WagtailFilterSet

from shop.core.errors import ShopError
from shop.inventory.allocation import StockStatus
from shop.inventory.models import StockItem, StockMovement, Warehouse

_LARGEST = 1_000_000


class StockFilterSet(WagtailFilterSet):
    """Where it lies, and how it stands; ``StockIndexView`` asks the selector with both."""

    warehouse = django_filters.ModelChoiceFilter(
        queryset=Warehouse.objects.all(), label="Warehouse", empty_label="All", method="leave_to_view"
    )
    status = django_filters.ChoiceFilter(
        choices=StockStatus.choices, label="Status", empty_label="All", method="leave_to_view"
    )

    class Meta:
        model = StockItem
        fields: list[str] = []

    def leave_to_view(self, queryset: Any, name: str, value: Any) -> Any:
        """Filter nothing here: availability is computed, and the selector knows how."""
        return queryset


class MovementFilterSet(WagtailFilterSet):
    """What kind of movement, and where."""

    kind = django_filters.ChoiceFilter(choices=StockMovement.Kind.choices, label="Kind", empty_label="All")
    warehouse = django_filters.ModelChoiceFilter(
        queryset=Warehouse.objects.all(),
        field_name="stock_item__warehouse",
        label="Warehouse",
        empty_label="All",
    )

    class Meta:
        model = StockMovement
        fields: list[str] = []


class ServiceForm(forms.Form):
    """A form that shows what a service refused beside the field that it is about."""

    # Where a refusal stands that names no field of the form.
    main_field: ClassVar[str] = "quantity"

    def add_refusal(self, refusal: ShopError) -> None:
        """Show the refusal where the person looks who has to mend it."""
        placed = False
        for item in refusal.errors:
            if item.attr in self.fields:
                self.add_error(item.attr, item.detail)
                placed = True
        if not placed:
            self.add_error(self.main_field, refusal.detail)


class ReceiveForm(ServiceForm):
    """Goods that have come."""

    quantity = forms.IntegerField(
        label="Pieces",
        min_value=1,
        max_value=_LARGEST,
        help_text="How many have come, e.g. 24. They are added to what is there.",
        error_messages={"min_value": "Enter 1 or more. For goods that are gone, use “Correct”."},
    )
    reference = forms.CharField(
        required=False, max_length=100, help_text="Delivery note or purchase order, e.g. PO-2027-014."
    )


class ReceiveSkuForm(ReceiveForm):
    """Goods that have come, by their SKU: also for goods that never lay in this warehouse."""

    sku = forms.CharField(label="SKU", max_length=64, help_text="As on the label, e.g. LAMP-OAK-38.")
    warehouse = forms.ModelChoiceField(
        Warehouse.objects.filter(is_active=True), empty_label=None, help_text="Where the goods are put."
    )
    field_order = ("sku", "warehouse", "quantity", "reference")


class CountForm(ServiceForm):
    """What was counted on the shelf."""

    main_field = "counted"

    counted = forms.IntegerField(
        label="Counted",
        min_value=0,
        max_value=_LARGEST,
        help_text="Everything that lies there, also what is reserved for orders, e.g. 17.",
        error_messages={"min_value": "Enter 0 for an empty shelf, or more."},
    )
    reason = forms.CharField(
        required=False, max_length=255, help_text="For the next person who wonders, e.g. Yearly stocktaking."
    )
    # What the person saw when they typed: somebody else may sell or count in between.
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def add_refusal(self, refusal: ShopError) -> None:
        """Show the count of now, and take it as seen from here on: saving again is then a decision."""
        if "current" in refusal.extra:
            self.data = {**dict(self.data.items()), "seen": str(refusal.extra["current"])}
            self.add_error("counted", refusal.detail)
            return
        super().add_refusal(refusal)


class CorrectForm(ServiceForm):
    """Goods that are gone or turned up, without a count."""

    quantity = forms.IntegerField(
        label="Pieces",
        min_value=-_LARGEST,
        max_value=_LARGEST,
        help_text="Negative for goods that are gone, e.g. -2 for two broken ones; positive for found ones.",
    )
    reason = forms.CharField(max_length=255, help_text="e.g. Broken in the warehouse.")


class RulesForm(ServiceForm):
    """When the item is low, and whether it is sold beyond what there is."""

    main_field = "allows_backorder"
    low_stock_threshold = forms.IntegerField(
        label="Low from",
        min_value=0,
        max_value=_LARGEST,
        help_text="At this number or less shoppers see “only a few left”, e.g. 5. 0: never.",
    )
    allows_backorder = forms.BooleanField(
        label="Sell when out of stock",
        required=False,
        help_text="Tick it to take orders for goods that are still to come.",
    )
