"""Forms and filters of the order screens in the admin."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import django_filters
from django import forms
from django.forms.boundfield import BoundField
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet

from shop.orders.models import Fulfilment, Order, OrderLine, OrderNote
from shop.orders.services import ShipmentLine
from shop.orders.transitions import FulfilmentStatus, OrderStatus, PaymentStatus


class OrderFilterSet(WagtailFilterSet):
    """The three axes of an order's state, and when it was placed."""

    status = django_filters.ChoiceFilter(label="Order", choices=OrderStatus.choices, empty_label="All")
    payment_status = django_filters.ChoiceFilter(
        label="Payment", choices=PaymentStatus.choices, empty_label="All"
    )
    fulfilment_status = django_filters.ChoiceFilter(
        label="Fulfilment", choices=FulfilmentStatus.choices, empty_label="All"
    )
    placed_at = django_filters.DateFromToRangeFilter(label="Placed", widget=DateRangePickerWidget)

    class Meta:
        model = Order
        fields: list[str] = []


class ShipForm(forms.Form):
    """How many of each open line lie in the parcel, and who carries it."""

    carrier = forms.CharField(max_length=100, required=False, help_text="For example: DHL")
    tracking_number = forms.CharField(
        max_length=100, required=False, help_text="For example: 00340434161094042557"
    )
    tracking_url = forms.URLField(
        label="Tracking link",
        max_length=500,
        required=False,
        assume_scheme="https",
        help_text="The buyer finds it in the e-mail. For example: https://www.dhl.de/en/privatkunden.html?piececode=…",
    )

    def __init__(self, *args: Any, lines: list[OrderLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.open_lines = lines
        for line in lines:
            self.fields[self._name(line)] = forms.IntegerField(
                label=f"Quantity of {line.sku}",
                min_value=0,
                max_value=line.quantity_open,
                initial=line.quantity_open,
                widget=forms.NumberInput(attrs={"class": "order-quantity"}),
                error_messages={
                    "max_value": f"Only {line.quantity_open} of {line.sku} are left to send.",
                    "min_value": "Enter 0 for what is not in this parcel.",
                    "required": "Enter 0 for what is not in this parcel.",
                },
            )

    @staticmethod
    def _name(line: OrderLine) -> str:
        return f"quantity_{line.public_id.hex}"

    def rows(self) -> Iterator[tuple[OrderLine, BoundField]]:
        """Each open line with its field."""
        for line in self.open_lines:
            yield line, self[self._name(line)]

    def parcel_fields(self) -> list[BoundField]:
        """Everything about the parcel itself."""
        return [self[name] for name in ("carrier", "tracking_number", "tracking_url")]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        quantities = [cleaned.get(self._name(line)) for line in self.open_lines]
        if None not in quantities and not any(quantities):
            raise forms.ValidationError("Nothing is in this parcel. Enter a quantity for at least one line.")
        return cleaned

    def shipment_lines(self) -> list[ShipmentLine]:
        """What goes into the parcel, for the service."""
        quantities = [(line, self.cleaned_data[self._name(line)]) for line in self.open_lines]
        return [
            ShipmentLine(line_id=line.public_id, quantity=quantity)
            for line, quantity in quantities
            if quantity
        ]


class ParcelField(forms.ModelChoiceField):
    """A parcel, told apart by carrier, tracking number and day."""

    def label_from_instance(self, obj: Fulfilment) -> str:
        return f"{obj}, sent {obj.shipped_at:%d %b %Y}"


class DeliverForm(forms.Form):
    """Which parcel has arrived."""

    def __init__(self, *args: Any, order: Order, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fulfilment"] = ParcelField(
            Fulfilment.objects.filter(order=order, delivered_at=None),
            label="Parcel",
            empty_label=None,
            to_field_name="public_id",
        )


class CancelForm(forms.Form):
    """Why the order is cancelled."""

    reason = forms.CharField(
        max_length=255,
        help_text="For colleagues, in the timeline. For example: customer changed their mind on the phone.",
    )


class NoteForm(forms.ModelForm):
    """A note for colleagues."""

    class Meta:
        model = OrderNote
        fields = ("text",)
        widgets = {"text": forms.Textarea(attrs={"rows": 4})}
        labels = {"text": "Note"}
