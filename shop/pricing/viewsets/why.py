"""Why a variant costs what it costs: for whom, when, how many, and what lost."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.generic import TemplateView
from wagtail import hooks
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.widgets import AdminDateTimeInput
from wagtail.models import Site

from shop.catalogue.models import ProductVariant
from shop.core import clock
from shop.core.money import format_money
from shop.core.selectors import get_shop_settings
from shop.customers.models import CustomerGroup
from shop.pricing.selectors import (
    PricingContext,
    list_offered_currencies,
    list_planned_prices,
    load_prices,
    lowest_prices_30_days,
)
from shop.pricing.viewsets.prices import MAY_SEE

NOTES_HOOK = "nexus_price_notes"
"""``fn(variant, quote, country, at) -> list[str]``: what apps above have to say of a price, such as tax."""


class WhyForm(forms.Form):
    """Whom to quote what for."""

    sku = forms.CharField(label="SKU", max_length=64, help_text="As on the label, e.g. LAMP-OAK-38.")
    quantity = forms.IntegerField(min_value=1, max_value=1_000_000, initial=1, help_text="Pieces, e.g. 1.")
    group = forms.ModelChoiceField(
        CustomerGroup.objects.all(),
        label="Customer group",
        required=False,
        empty_label="Everybody",
        help_text="Whose prices, e.g. Trade customers.",
    )
    currency = forms.ChoiceField(help_text="Of those that shoppers may choose.")
    site = forms.ModelChoiceField(
        Site.objects.all(), required=False, empty_label="The shop's own", help_text="Where they shop."
    )
    country = forms.RegexField(
        r"\A[A-Za-z]{2}\Z",
        required=False,
        help_text="Two letters, e.g. DE: for the tax in it. Empty: the shop's own.",
        error_messages={"invalid": "Enter the two letters of a country, such as DE."},
    )
    at = forms.DateTimeField(
        label="At",
        required=False,
        widget=AdminDateTimeInput,
        help_text="A moment in the future, for what is planned; empty: now.",
    )

    def __init__(self, *args: Any, currencies: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["currency"].choices = [(code, code) for code in currencies]  # type: ignore[attr-defined]

    def clean_sku(self) -> ProductVariant:
        """Find the variant, as people type SKUs: without regard to case."""
        variants = ProductVariant.objects.select_related("product", "tax_class")
        variant = variants.with_sku(self.cleaned_data["sku"].strip()).first()
        if variant is None:
            raise forms.ValidationError("No variant has this SKU. Look it up under Catalogue, Products.")
        return variant


class WhyView(WagtailAdminTemplateMixin, TemplateView):
    """A form and its answer on one page; the address of the answer can be sent to a colleague."""

    template_name = "pricing/admin/why.html"
    header_icon = "help"
    page_title = "Why this price"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse before anything is read."""
        if not any(request.user.has_perm(permission) for permission in MAY_SEE):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Quote what was asked for, as a shopper would be quoted."""
        shop = get_shop_settings()
        currencies = list_offered_currencies(shop)
        given = self.request.GET.dict()
        data = {"quantity": "1", "currency": currencies[0], **given} if "sku" in given else None
        form = WhyForm(data, currencies=currencies, initial={"currency": currencies[0]})
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context |= {"form": form, "media": form.media, "answer": None}
        if data is not None and form.is_valid():
            context["answer"] = self._answer(form.cleaned_data, shop.site_id, shop.default_country)
        return context

    def _answer(self, asked: dict[str, Any], site_id: int | None, country: str) -> dict[str, Any]:
        variant: ProductVariant = asked["sku"]
        at = asked["at"] or clock.now()
        pricing = PricingContext(
            currency=asked["currency"],
            at=at,
            customer_group_id=asked["group"].pk if asked["group"] else None,
            site_id=asked["site"].pk if asked["site"] else site_id,
        )
        held = load_prices(variant_ids=[variant.pk], context=pricing)
        quote = held.quote(variant.pk, quantity=asked["quantity"])
        single = held.quote(variant.pk)
        quotes = {variant.pk: single} if single else {}
        lowest = lowest_prices_30_days(variant_ids=quotes, context=pricing, quotes=quotes)
        where = (asked["country"] or country).upper()
        return {
            "variant": variant,
            "at": at,
            "quote": quote,
            "amount": format_money(quote.amount) if quote else "",
            "compare_at": format_money(quote.compare_at) if quote and quote.compare_at else "",
            "lowest": format_money(lowest[variant.pk]) if variant.pk in lowest else "",
            "steps": quote.trace_as_json() if quote else [],
            "tiers": [(quantity, format_money(money)) for quantity, money in held.tiers(variant.pk)],
            "notes": [
                note
                for hook in hooks.get_hooks(NOTES_HOOK)
                for note in (hook(variant, quote, where, at) if quote else [])
            ],
            "planned": list_planned_prices(variant_id=variant.pk),
            "history_url": reverse("price_lists:history_of", args=[variant.pk]),
        }

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("price_lists:index"), "label": "Price lists"},
            {"url": "", "label": self.page_title},
        ]
