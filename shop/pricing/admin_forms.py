"""The form of one price in the admin."""

from __future__ import annotations

from typing import Any

from django import forms
from wagtail.admin.widgets import AdminDateTimeInput

from shop.catalogue.models import ProductVariant
from shop.core.errors import ShopError
from shop.pricing.models import PriceList


class PriceForm(forms.Form):
    """What one SKU costs in one list; the currency is the list's."""

    sku = forms.CharField(label="SKU", max_length=64, help_text="As on the label, e.g. LAMP-OAK-38.")
    amount = forms.DecimalField(
        label="Price",
        min_value=0,
        max_digits=18,
        decimal_places=4,
        help_text="Of one piece, e.g. 49.90.",
        error_messages={"min_value": "A price is zero or more."},
    )
    compare_at = forms.DecimalField(
        label="Recommended retail price",
        required=False,
        min_value=0,
        max_digits=18,
        decimal_places=4,
        help_text="Shown struck through where it is higher, e.g. 59.90.",
    )
    min_quantity = forms.IntegerField(
        label="From quantity",
        min_value=1,
        max_value=1_000_000,
        initial=1,
        help_text="1 for the normal price. For a price from ten pieces on enter 10.",
    )
    starts_at = forms.DateTimeField(
        label="From",
        required=False,
        widget=AdminDateTimeInput,
        help_text="Empty: at once. A moment to come, e.g. 2027-03-01 00:00: the price changes then.",
    )
    reason = forms.CharField(
        required=False, max_length=255, help_text="For the price history, e.g. Supplier raised prices."
    )

    def __init__(self, *args: Any, price_list: PriceList, is_change: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"].label = f"Price in {price_list.currency}"
        if is_change:
            # Another SKU or quantity would be another price, and this one would silently stay.
            self.fields["sku"].disabled = self.fields["min_quantity"].disabled = True
        if price_list.kind != PriceList.Kind.BASE:
            # A reduced price is compared with our own base price, never with a recommendation.
            del self.fields["compare_at"]

    def clean_sku(self) -> ProductVariant:
        """Find the variant, as people type SKUs: without regard to case."""
        variant = ProductVariant.objects.with_sku(self.cleaned_data["sku"].strip()).first()
        if variant is None:
            raise forms.ValidationError("No variant has this SKU. Look it up under Catalogue, Products.")
        return variant

    def add_refusal(self, refusal: ShopError) -> None:
        """Show beside its field what the service refused."""
        for item in refusal.errors:
            name = (item.attr or "").rsplit(".", 1)[-1]
            self.add_error(name if name in self.fields else "sku", item.detail)
