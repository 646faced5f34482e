"""The screen that says who changed what of a product's goods."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any, cast

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.generic import View
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from shop.catalogue.models import ProductPage, ProductVariant
from shop.catalogue.permissions import can_edit_product, can_reach_product
from shop.catalogue.product_grid import may_open_grid
from shop.catalogue.trail import Place, TrailQuery, list_trail_kinds, read_trail
from shop.catalogue.variant_views import lead_to_sheet, lead_to_source
from shop.core.cursors import InvalidCursor, decode_cursor, encode_cursor

SCOPE = "catalogue.trail"
NOBODY = "The shop itself"


class TrailForm(forms.Form):
    """What to look for."""

    sku = forms.ChoiceField(label="SKU", required=False)
    kind = forms.ChoiceField(label="What", required=False)
    by = forms.ModelChoiceField(
        label="Who", queryset=get_user_model().objects.none(), required=False, empty_label="Everybody"
    )
    since = forms.DateField(label="From", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label="To", required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, skus: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sku = cast(forms.ChoiceField, self.fields["sku"])
        sku.choices = [("", "All variants"), *((text, text) for text in skus)]
        kind = cast(forms.ChoiceField, self.fields["kind"])
        kind.choices = [("", "Everything"), *list_trail_kinds()]
        by = cast(forms.ModelChoiceField, self.fields["by"])
        by.queryset = get_user_model().objects.filter(is_staff=True).order_by("email")

    def clean(self) -> dict[str, Any]:
        """Refuse a time that ends before it begins."""
        cleaned: dict[str, Any] = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and since > until:
            self.add_error("until", "“To” must not be before “From”.")
        return cleaned


class TrailView(WagtailAdminTemplateMixin, View):
    """Variants, prices and stock of one product: who changed what, newest first."""

    template_name = "catalogue/admin/trail.html"
    page_title = "Who changed what"
    header_icon = "history"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Let in who may edit the page, or who may look at its goods on the sheet of many products."""
        self.product = get_object_or_404(ProductPage, pk=kwargs["page_id"])
        may_look = may_open_grid(cast(Any, request.user)) and can_reach_product(request.user, self.product)
        if not (may_look or can_edit_product(request.user, self.product)):
            raise PermissionDenied
        return lead_to_source(request, self.product, "catalogue_trail") or super().dispatch(
            request, *args, **kwargs
        )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show one page of what the address asks for."""
        held = ProductVariant.objects.filter(product=self.product).order_by("sort_order", "pk")
        skus = dict(held.values_list("pk", "sku"))
        form = TrailForm(request.GET, skus=list(skus.values()))
        page = read_trail(self._query(form, skus)) if form.is_valid() else None
        entries = page.entries if page else ()
        people = get_user_model().objects.in_bulk({entry.actor_id for entry in entries if entry.actor_id})
        rows = [(entry, people.get(entry.actor_id, NOBODY)) for entry in entries]
        older = encode_cursor(page.after, scope=SCOPE) if page and page.after else ""
        context = self.get_context_data(form=form, rows=rows, older_url=self._url(older) if older else "")
        return self.render_to_response(context)

    def _query(self, form: TrailForm, skus: dict[int, str]) -> TrailQuery:
        asked = form.cleaned_data
        chosen = {pk: sku for pk, sku in skus.items() if asked["sku"] in ("", sku)}
        return TrailQuery(
            product_id=self.product.pk,
            skus=chosen,
            is_whole=not asked["sku"],
            actor_id=asked["by"].pk if asked["by"] else None,
            since=_midnight(asked["since"]) if asked["since"] else None,
            until=_midnight(asked["until"] + timedelta(days=1)) if asked["until"] else None,
            kind=asked["kind"],
            after=self._read_place(),
        )

    def _read_place(self) -> Place | None:
        text = self.request.GET.get("after", "")
        try:
            return Place(*decode_cursor(text, scope=SCOPE)) if text else None
        except InvalidCursor:
            # An address that somebody has cut short shows the newest.
            return None

    def _url(self, after: str) -> str:
        query = self.request.GET.copy()
        query["after"] = after
        return f"?{query.urlencode()}"

    def get_page_subtitle(self) -> str:
        """Name the product."""
        return self.product.title

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Lead over the sheet to here."""
        here = {"url": "", "label": self.page_title}
        return [*self.breadcrumbs_items, *lead_to_sheet(self.product), here]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the product, and where the history of its page stands."""
        history = reverse("wagtailadmin_pages:history", args=[self.product.pk])
        is_filtered = any(value for name, value in self.request.GET.items() if name != "after")
        return super().get_context_data(
            product=self.product, history_url=history, is_filtered=is_filtered, **kwargs
        )


def _midnight(day: Any) -> datetime:
    return datetime.combine(day, time.min, tzinfo=timezone.get_default_timezone())
