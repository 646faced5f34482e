"""The screen on which a variant is made a bundle of others."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.views import View
from wagtail.admin import messages
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.chooser import ChooseResultsView, ChooseView
from wagtail.admin.viewsets.chooser import ChooserViewSet

from shop.catalogue.bundle_figures import list_figures
from shop.catalogue.bundles import load_parts
from shop.catalogue.models import BundleComponent, ProductVariant
from shop.catalogue.permissions import can_edit_product
from shop.catalogue.services.bundles import MOST_PARTS, MOST_PIECES, InvalidBundle, PartDraft, set_components
from shop.catalogue.variant_views import lead_to_sheet
from shop.core import clock
from shop.customers.actors import actor_of

if TYPE_CHECKING:
    pass

BLANK_PARTS = 3


class PartFilterForm(BaseFilterForm):
    """Finds variants as merchandisers know them."""

    q = forms.CharField(
        label="Search",
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "SKU, barcode, title"}),
    )

    def filter(self, objects: QuerySet[ProductVariant]) -> QuerySet[ProductVariant]:
        """Every word is part of the SKU or of a title, or is the barcode."""
        objects = super().filter(objects)
        for word in self.cleaned_data.get("q", "").split():
            objects = objects.filter(
                Q(sku__icontains=word)
                | Q(title__icontains=word)
                | Q(product__title__icontains=word)
                | Q(barcode=word)
            )
        return objects


class _PartList:
    """What can be a part: variants on sale that are no bundles."""

    filter_form_class = PartFilterForm
    ordering = ["product__title", "sort_order", "pk"]
    per_page = 20

    def get_object_list(self) -> QuerySet[ProductVariant]:
        """Return them with their products."""
        bundles = BundleComponent.objects.order_by().values("bundle_id")
        return ProductVariant.objects.active().exclude(pk__in=bundles).select_related("product")

    @property
    def columns(self) -> list[Any]:
        """SKU and title as one link, and the product."""
        return [self.title_column, Column("product", label="Product", accessor="product.title")]  # type: ignore[attr-defined]


class ChoosePartView(_PartList, ChooseView):
    """The dialogue of the chooser."""


class ChoosePartResultsView(_PartList, ChooseResultsView):
    """Its list alone, while somebody types."""


class PartChooserViewSet(ChooserViewSet):
    """Chooses one variant by SKU, barcode or title."""

    model = ProductVariant
    icon = "tag"
    choose_one_text = "Choose a part"
    choose_another_text = "Choose another part"
    page_title = "Choose a part"
    choose_view_class = ChoosePartView
    choose_results_view_class = ChoosePartResultsView


part_chooser = PartChooserViewSet("catalogue_part_chooser", url_prefix="catalogue/parts")


class PartForm(forms.Form):
    """So many of one variant in one piece of the bundle."""

    part = forms.ModelChoiceField(
        label="Part",
        queryset=ProductVariant.objects.select_related("product"),
        required=False,
        widget=part_chooser.widget_class(),
    )
    quantity = forms.IntegerField(
        label="Pieces in one bundle",
        min_value=1,
        max_value=MOST_PIECES,
        initial=1,
        required=False,
        help_text="Example: 2",
    )

    def clean(self) -> dict[str, Any]:
        """Ask for a quantity beside each part."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("part") and not cleaned.get("quantity") and "quantity" not in self.errors:
            self.add_error("quantity", f"Write how many lie in one bundle, 1 to {MOST_PIECES}.")
        return cleaned


PartForms = forms.formset_factory(
    PartForm, extra=BLANK_PARTS, can_delete=True, can_order=True, max_num=MOST_PARTS + BLANK_PARTS
)


class PriceForm(forms.Form):
    """Whether the bundle costs what its parts do."""

    priced_by_parts = forms.BooleanField(
        label="Costs what its parts cost together",
        required=False,
        help_text="Untick it to give the bundle a price of its own on the sheet, for example a lower one.",
    )


class BundleView(WagtailAdminTemplateMixin, View):
    """The parts of one variant."""

    template_name = "catalogue/admin/bundle.html"
    page_title = "Bundle"
    header_icon = "list-ul"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Let in who may edit the page and its variants."""
        self.variant = get_object_or_404(
            ProductVariant.objects.select_related("product"), pk=kwargs["variant_id"]
        )
        if self.variant.product is None:
            raise Http404
        self.product = self.variant.product
        may_change = request.user.has_perm("catalogue.change_productvariant")
        if not (may_change and can_edit_product(request.user, self.product)):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def parts(self) -> Any:
        """The parts as they stand."""
        return load_parts([self.variant.pk]).get(self.variant.pk, ())

    def _forms(self, data: Any = None) -> tuple[Any, PriceForm]:
        initial = [{"part": part.variant_id, "quantity": part.quantity} for part in self.parts]
        by_parts = self.variant.is_priced_by_parts or not self.parts
        return PartForms(data, prefix="parts", initial=initial), PriceForm(
            data, prefix="price", initial={"priced_by_parts": by_parts}
        )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the parts, or the figures of those that are being typed."""
        if request.GET.get("figures"):
            context = {"figures": list_figures(_read_pieces(request.GET))}
            return render(request, "catalogue/admin/_bundle_figures.html", context)
        parts, price = self._forms()
        return self.render_to_response(self.get_context_data(parts=parts, price=price))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save them."""
        parts, price = self._forms(request.POST)
        error = ""
        if parts.is_valid() and price.is_valid():
            try:
                return self._save(parts, price)
            except InvalidBundle as refused:
                error = " ".join(item.detail for item in refused.errors) or refused.detail
        messages.error(request, "The bundle has not been saved: please mend what is marked.")
        return self.render_to_response(
            self.get_context_data(parts=parts, price=price, error=error), status=422
        )

    def _save(self, parts: Any, price: PriceForm) -> HttpResponseRedirect:
        drafts = [
            PartDraft(form.cleaned_data["part"].pk, form.cleaned_data["quantity"])
            for form in parts.ordered_forms
            if form.cleaned_data.get("part")
        ]
        set_components(
            variant=self.variant,
            parts=drafts,
            priced_by_parts=price.cleaned_data["priced_by_parts"],
            actor=actor_of(self.request),
            at=clock.now(),
        )
        text = "{} is a bundle now." if drafts else "{} is no bundle any more."
        messages.success(self.request, format_html(text, self.variant.sku))
        return redirect("catalogue_bundle", self.variant.pk)

    def get_page_subtitle(self) -> str:
        """Name the variant."""
        return str(self.variant)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Lead over the sheet to here."""
        here = {"url": "", "label": f"Parts of {self.variant.sku}"}
        return [*self.breadcrumbs_items, *lead_to_sheet(self.product), here]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the product, the variant, what is known of the parts and the scripts of the choosers."""
        return super().get_context_data(
            product=self.product,
            variant=self.variant,
            figures=list_figures({part.variant_id: part.quantity for part in self.parts}),
            media=kwargs["parts"].media,
            **kwargs,
        )


def _read_pieces(data: Any) -> dict[int, int]:
    """Read `part=<key>:<pieces>` of a query; what cannot be read is left out."""
    pieces: dict[int, int] = {}
    for text in data.getlist("part")[:MOST_PARTS]:
        with suppress(ValueError):
            key, _, quantity = text.partition(":")
            if 1 <= int(quantity) <= MOST_PIECES and 0 < int(key) < 2**63:
                pieces[int(key)] = int(quantity)
    return pieces
