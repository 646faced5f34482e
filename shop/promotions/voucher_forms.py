"""The forms of single codes and of batches."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from wagtail.admin.forms import WagtailAdminModelForm

from shop.customers.models import User
from shop.promotions.models import Promotion, Voucher, VoucherBatch
from shop.promotions.services import normalise_code
from shop.promotions.services.codes import MOST_CODES


def _limit_promotions(form: forms.ModelForm[Any]) -> None:
    field: Any = form.fields["promotion"]
    field.queryset = Promotion.objects.filter(needs_voucher=True).order_by("name")
    field.help_text = "Those with “only with a voucher” ticked."


class VoucherForm(WagtailAdminModelForm):
    """A single code; the customer is named by e-mail address."""

    customer_email = forms.EmailField(
        label="Only for", required=False, help_text="The e-mail address of a customer. Empty: everybody."
    )

    class Meta:
        model = Voucher
        fields = [
            "promotion",
            "code",
            "min_subtotal",
            "max_uses",
            "max_uses_per_customer",
            "valid_from",
            "valid_until",
            "is_active",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _limit_promotions(self)
        # Before the model's check of its form: shoppers' spelling is no error.
        self.fields["code"].validators = []
        if self.instance.pk:
            self.fields["promotion"].disabled = True
            self.fields["code"].disabled = True
            if self.instance.customer is not None:
                self.initial["customer_email"] = self.instance.customer.email

    def clean_code(self) -> str:
        """Keep it as codes are kept."""
        return normalise_code(self.cleaned_data["code"])

    def clean_customer_email(self) -> str:
        """Find the customer."""
        email: str = self.cleaned_data["customer_email"]
        self.instance.customer = User.objects.filter(email__iexact=email).first() if email else None
        if email and self.instance.customer is None:
            raise ValidationError("There is no customer with this address. Check its spelling.")
        return email

    def clean_max_uses(self) -> int | None:
        """No fewer than have used it."""
        most: int | None = self.cleaned_data["max_uses"]
        if most is not None and most < self.instance.uses:
            raise ValidationError(f"{self.instance.uses} orders have used it: enter that or more.")
        return most


class VoucherBatchForm(WagtailAdminModelForm):
    """Many codes at once."""

    size = forms.IntegerField(
        label="Number of codes", min_value=1, max_value=MOST_CODES, help_text="Up to 100,000, e.g. 500."
    )

    class Meta:
        model = VoucherBatch
        fields = ["promotion", "name", "prefix", "size", "max_uses", "valid_from", "valid_until"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _limit_promotions(self)
        self.fields["prefix"].validators = []

    def clean_prefix(self) -> str:
        """Keep it as codes are kept."""
        return normalise_code(self.cleaned_data["prefix"])
