"""Changing the prices of many products: the change to one, and its door in the admin."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from django import forms
from wagtail.query import PageQuerySet

from shop.catalogue.bulk_actions.changes import Outcome, ProductRefused, register_bulk_change
from shop.catalogue.bulk_actions.views import ProductBulkAction
from shop.catalogue.models import ProductPage
from shop.catalogue.permissions import can_reach_product, reachable_products
from shop.core.audit import record_audit
from shop.pricing.grid import list_editable_price_lists
from shop.pricing.models import Price, PriceList
from shop.pricing.rounding import ROUNDING_CHOICES, Rounding, change_price
from shop.pricing.services import PriceChange, set_prices

if TYPE_CHECKING:
    from shop.customers.models import User

CHANGE = "change_prices"
PERCENT, AMOUNT = "percent", "amount"
LOWEST_PERCENT, HIGHEST_PERCENT = Decimal(-99), Decimal(1000)


def change_prices(product: ProductPage, user: User, options: Mapping[str, Any], at: datetime) -> Outcome:
    """
    Change every price that the product's variants have in one list, from any quantity on.

    :raises ProductRefused: when the user may not, or when nothing would be left of a price
    """
    if not (user.has_perm("pricing.change_price") and can_reach_product(user, product)):
        raise ProductRefused("You may not change the prices of this product.")
    price_list = PriceList.objects.get(code=options["price_list"])
    prices = list(
        Price.objects.filter(
            price_list=price_list, variant__product=product, variant__archived_at__isnull=True
        ).select_related("variant")
    )
    if not prices:
        return Outcome("skipped", f"It has no price in “{price_list.name}”.")
    value = Decimal(options["value"])
    changes = []
    for price in prices:
        amount = change_price(
            price.amount,
            price_list.currency,
            percent=value if options["by"] == PERCENT else Decimal(0),
            plus=value if options["by"] == AMOUNT else Decimal(0),
            rounding=Rounding(options["rounding"]),
        )
        if amount is None:
            raise ProductRefused(f"Nothing would be left of the price of {price.variant.sku}.")
        changes.append(
            PriceChange(
                variant_id=price.variant_id,
                price_list_code=price_list.code,
                amount=amount,
                compare_at=price.compare_at,
                min_quantity=price.min_quantity,
            )
        )
    changed = set_prices(changes=changes, actor=user, reason=_describe_change(options), at=at)
    if not changed:
        return Outcome("skipped", "Its prices are so already.")
    named = {"price_list": price_list.code, "change": _describe_change(options), "prices": changed}
    record_audit(actor=user, action="product.change_prices", target=product, changes=named, at=at)
    return Outcome("ok", "1 price changed." if changed == 1 else f"{changed} prices changed.")


def _describe_change(options: Mapping[str, Any]) -> str:
    unit = " %" if options["by"] == PERCENT else ""
    return f"{Decimal(options['value']):+}{unit}"


class PriceForm(forms.Form):
    """By how much, in which list, and how the result is rounded."""

    price_list = forms.ChoiceField(help_text="Prices of this list are changed, from any quantity on.")
    by = forms.ChoiceField(
        label="Change by",
        choices=((PERCENT, "Percent"), (AMOUNT, "An amount")),
        widget=forms.RadioSelect,
        initial=PERCENT,
    )
    value = forms.DecimalField(
        max_digits=12,
        decimal_places=4,
        help_text="Example: “-10” for ten percent, or ten, less; “2.5” for more.",
    )
    rounding = forms.ChoiceField(
        choices=ROUNDING_CHOICES, help_text="The nearest such price; 12.34 is the example."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(held.code, f"{held.name} ({held.currency})") for held in list_editable_price_lists()]
        cast(forms.ChoiceField, self.fields["price_list"]).choices = choices

    def clean(self) -> dict[str, Any]:
        """Refuse what changes nothing, and percentages that are slips of the pen."""
        cleaned: dict[str, Any] = super().clean() or {}
        value = cleaned.get("value")
        if value is None:
            return cleaned
        if value == 0:
            self.add_error("value", "0 changes nothing. Example: “-10”.")
        elif cleaned.get("by") == PERCENT and not LOWEST_PERCENT <= value <= HIGHEST_PERCENT:
            self.add_error("value", "Write a percentage from -99 to 1000.")
        return cleaned


class ChangePrices(ProductBulkAction):
    """Raise or lower prices by percent or by an amount."""

    display_name = "Change prices"
    aria_label = "Change the prices of the selected products"
    action_type = "change-prices"
    change = CHANGE
    action_priority = 60
    form_class = PriceForm
    permission = "pricing.change_price"
    explanation = "Prices have no drafts: shoppers pay the new ones at once. The price history keeps the old."

    def list_allowed(self) -> PageQuerySet:
        """Prices may be changed by people who may not edit pages."""
        return reachable_products(self.request.user)

    def describe(self, form: forms.Form) -> str:
        """Say by how much."""
        return f"Change prices by {_describe_change(form.cleaned_data)}"

    def get_options(self, form: forms.Form) -> dict[str, Any]:
        """The number as text: JSON knows no decimals."""
        return {**super().get_options(form), "value": str(form.cleaned_data["value"])}


def register() -> None:
    """Bring the change to bulk actions; called once when the app is ready."""
    register_bulk_change(CHANGE, change_prices)
