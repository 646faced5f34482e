"""The form of the simulator."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from wagtail.admin.widgets import AdminDateTimeInput

from shop.checkout.simulation import Question, UnknownGoods, load_quantities
from shop.core import clock
from shop.core.fields import validate_currency
from shop.core.selectors import get_shop_settings
from shop.customers.addresses import list_countries
from shop.customers.models import CustomerGroup, User
from shop.promotions.models import Promotion
from shop.shipping.models import ShippingMethod

LINE = re.compile(r"(\S+)(?:\s+(\d{1,4}))?\Z")
MOST_LINES = 100


class SimulationForm(forms.Form):
    """Which cart, whose, where and when."""

    source = forms.CharField(
        label="Load an order or a cart",
        required=False,
        max_length=64,
        help_text="The number of an order or the id of a cart. Empty: the goods below.",
    )
    lines = forms.CharField(
        label="Goods",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="One SKU on each line with the number of pieces, e.g. LAMP-OAK 2.",
    )
    customer = forms.EmailField(label="Customer", required=False, help_text="E-mail address. Empty: a guest.")
    group = forms.ModelChoiceField(
        CustomerGroup.objects.all(), required=False, empty_label="None", help_text="Only without a customer."
    )
    country = forms.ChoiceField(required=False)
    shipping_method = forms.ChoiceField(required=False)
    currency = forms.CharField(max_length=3, required=False, validators=[validate_currency])
    at = forms.DateTimeField(
        label="At", required=False, widget=AdminDateTimeInput(), help_text="Empty: at this moment."
    )
    vouchers = forms.CharField(required=False, max_length=200, help_text="Codes with spaces between them.")
    drafts = forms.ModelMultipleChoiceField(
        Promotion.objects.filter(is_active=False, kind=Promotion.Kind.CART),
        required=False,
        label="Drafts to try as well",
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        country: Any = self.fields["country"]
        country.choices = [("", "Unknown yet"), *list_countries()]
        method: Any = self.fields["shipping_method"]
        method.choices = [("", "None yet"), *ShippingMethod.objects.values_list("code", "name")]

    def clean_lines(self) -> dict[str, int]:
        """SKUs with their pieces; a SKU that stands alone is one piece."""
        found: dict[str, int] = {}
        lines = [line.strip() for line in self.cleaned_data["lines"].splitlines() if line.strip()]
        for number, line in enumerate(lines[:MOST_LINES], start=1):
            read = LINE.match(line)
            if read is None:
                raise ValidationError(f"Line {number}: write a SKU and how many, e.g. LAMP-OAK 2.")
            found[read[1]] = found.get(read[1], 0) + int(read[2] or 1)
        return found

    def clean_customer(self) -> User | None:
        """Find the customer."""
        email = self.cleaned_data["customer"]
        user = User.objects.filter(email__iexact=email).first() if email else None
        if email and user is None:
            raise ValidationError("There is no customer with this address. Check its spelling.")
        return user

    def clean(self) -> dict[str, Any]:
        """Load what is named; what is entered beside it counts more."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("source") and not self.errors:
            try:
                lines, user, country = load_quantities(cleaned["source"])
            except UnknownGoods as unknown:
                self.add_error("source", unknown.detail)
                return cleaned
            cleaned["lines"] = cleaned["lines"] or lines
            cleaned["customer"] = cleaned["customer"] or user
            cleaned["country"] = cleaned["country"] or country
        if not cleaned.get("lines") and not self.errors:
            self.add_error("lines", "Enter at least one SKU, or the number of an order.")
        return cleaned

    def question(self) -> Question:
        """What is asked, once the form is valid."""
        cleaned = self.cleaned_data
        return Question(
            quantities=cleaned["lines"],
            at=cleaned["at"] or clock.now(),
            currency=cleaned["currency"] or get_shop_settings().default_currency,
            country=cleaned["country"],
            customer=cleaned["customer"],
            group=cleaned["group"],
            vouchers=cleaned["vouchers"].split()[:5],
            shipping_method=cleaned["shipping_method"],
            drafts=[promotion.pk for promotion in cleaned["drafts"]],
        )
