"""Screens of the admin about a product's variants, beside their sheet: all combinations, and pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.images import get_image_model
from wagtail.images.widgets import AdminImageChooser
from wagtail.permissions import policy_registry

from shop.catalogue.matrix import Matrix
from shop.catalogue.models import ProductPage, ProductVariant
from shop.catalogue.permissions import can_edit_product
from shop.catalogue.services.pictures import (
    MAX_PICTURES,
    InvalidPictures,
    VariantPicture,
    set_variant_pictures,
)
from shop.core import clock
from shop.customers.actors import actor_of

if TYPE_CHECKING:
    from shop.customers.models import User

SHEET = "Variants, prices and stock"
BLANK_PICTURES = 3


def lead_to_source(request: HttpRequest, product: ProductPage, url_name: str) -> HttpResponse | None:
    """Where a page sells the variants of another one, its screens are that one's."""
    source = product.variants_source
    if source.pk == product.pk:
        return None
    kind = "an alias" if product.alias_of_id else "a translation"
    messages.info(
        request,
        format_html(
            "“{}” is {} and has no variants of its own: it sells these, of “{}”.",
            product.get_admin_display_title(),
            kind,
            source.get_admin_display_title(),
        ),
    )
    return redirect(url_name, source.pk)


def lead_to_sheet(product: ProductPage) -> list[dict[str, Any]]:
    """The breadcrumbs from the page tree over the editor to the sheet."""
    ancestors = product.get_ancestors().filter(depth__gt=1)
    pages = [
        {"url": reverse("wagtailadmin_explore", args=[page.pk]), "label": page.title}
        for page in ancestors.specific(defer=True)
    ]
    editor = {
        "url": reverse("wagtailadmin_pages:edit", args=[product.pk]),
        "label": product.get_admin_display_title(),
    }
    return [*pages, editor, {"url": reverse("catalogue_variants", args=[product.pk]), "label": SHEET}]


class VariantMatrixView(WagtailAdminTemplateMixin, View):
    """
    Makes many variants at once: choose values, see all combinations, untick some, create.

    The choice stands in the address, so each step is a plain form.
    """

    template_name = "catalogue/admin/variant_matrix.html"
    page_title = "All combinations"
    header_icon = "table"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Let in who may edit the page and add variants."""
        self.product = get_object_or_404(ProductPage, pk=kwargs["page_id"])
        may_add = request.user.has_perms(["catalogue.add_productvariant", "catalogue.change_productvariant"])
        if not (may_add and can_edit_product(request.user, self.product)):
            raise PermissionDenied
        elsewhere = lead_to_source(request, self.product, "catalogue_variant_matrix")
        return elsewhere or super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show what can be chosen, and the combinations of what is."""
        matrix = Matrix(self.product, actor_of(request), asked=request.GET)
        return self.render_to_response(self.get_context_data(matrix=matrix))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Create the ticked variants."""
        matrix = Matrix(self.product, actor_of(request), asked=request.GET, typed=request.POST)
        created = matrix.create(at=clock.now())
        if created is None:
            messages.error(request, "No variant has been made yet: please mend what is marked.")
            return self.render_to_response(self.get_context_data(matrix=matrix), status=422)
        text = "1 variant has been made." if created == 1 else f"{created} variants have been made."
        messages.success(request, text)
        return redirect("catalogue_variants", self.product.pk)

    def get_page_subtitle(self) -> str:
        """Name the product."""
        return self.product.title

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Lead over the sheet to here."""
        return [*self.breadcrumbs_items, *lead_to_sheet(self.product), {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the product and the fields to be mended."""
        context: dict[str, Any] = super().get_context_data(product=self.product, **kwargs)
        matrix: Matrix = context["matrix"]
        context["summary"] = [
            {"id": cell.name, "label": cell.label, "error": cell.error}
            for one in matrix.combinations
            for cell in one.cells
            if cell.error
        ]
        return context


class MainPictureForm(forms.Form):
    """The picture that stands for a variant."""

    image = forms.ModelChoiceField(
        label="Main picture",
        queryset=get_image_model().objects.none(),
        widget=AdminImageChooser,
        required=False,
        help_text="Shown when a shopper chooses this variant, in the cart and in the order. "
        "Without one, the product's first picture is shown.",
    )

    def __init__(self, *args: Any, user: User, held: ProductVariant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        image = cast(forms.ModelChoiceField, self.fields["image"])
        image.queryset = choosable_images(user, held)


class FurtherPictureForm(MainPictureForm):
    """One more picture of a variant."""

    alt_text = forms.CharField(
        label="Alternative text",
        max_length=200,
        required=False,
        help_text="What the picture shows, for those who cannot see it. Example: “Red lamp from above”.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["image"].label = "Picture"
        self.fields["image"].help_text = ""

    def clean(self) -> dict[str, Any]:
        """Ask for a text beside each picture."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("image") and not cleaned.get("alt_text", "").strip():
            self.add_error("alt_text", "Say what the picture shows, for those who cannot see it.")
        return cleaned


FurtherPictures = forms.formset_factory(
    FurtherPictureForm, extra=BLANK_PICTURES, can_delete=True, can_order=True, max_num=MAX_PICTURES
)


def choosable_images(user: User, variant: ProductVariant) -> Any:
    """The pictures that the user may choose, and those that the variant has already."""
    model = get_image_model()
    policy = policy_registry.get_by_type(model)
    mine = policy.instances_user_has_any_permission_for(user, ["choose"])
    held = [variant.image_id, *variant.images.values_list("image_id", flat=True)]
    return model.objects.filter(pk__in=mine.values("pk")) | model.objects.filter(pk__in=held)


class VariantPicturesView(WagtailAdminTemplateMixin, View):
    """The main picture of one variant and its further ones."""

    template_name = "catalogue/admin/variant_pictures.html"
    page_title = "Pictures of a variant"
    header_icon = "image"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Let in who may edit the page and its variants."""
        found = ProductVariant.objects.select_related("product", "image")
        self.variant = get_object_or_404(found, pk=kwargs["variant_id"])
        if self.variant.product is None:
            raise Http404
        self.product = self.variant.product
        may_change = request.user.has_perm("catalogue.change_productvariant")
        if not (may_change and can_edit_product(request.user, self.product)):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def _forms(self, data: Any = None) -> tuple[MainPictureForm, Any]:
        given: dict[str, Any] = {"user": self.request.user, "held": self.variant}
        main = MainPictureForm(data, prefix="main", initial={"image": self.variant.image_id}, **given)
        further = FurtherPictures(
            data,
            prefix="further",
            initial=[{"image": row.image_id, "alt_text": row.alt_text} for row in self.variant.images.all()],
            form_kwargs=given,
        )
        return main, further

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the pictures."""
        main, further = self._forms()
        return self.render_to_response(self.get_context_data(main=main, further=further))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save them."""
        main, further = self._forms(request.POST)
        if main.is_valid() and further.is_valid():
            try:
                return self._save(main, further)
            except InvalidPictures as refused:
                main.add_error(None, " ".join(error.detail for error in refused.errors))
        messages.error(request, "The pictures have not been saved: please mend what is marked.")
        return self.render_to_response(self.get_context_data(main=main, further=further), status=422)

    def _save(self, main: MainPictureForm, further: Any) -> HttpResponseRedirect:
        image = main.cleaned_data["image"]
        set_variant_pictures(
            variant=self.variant,
            image_id=image.pk if image else None,
            further=[
                VariantPicture(
                    image_id=form.cleaned_data["image"].pk, alt_text=form.cleaned_data["alt_text"].strip()
                )
                for form in further.ordered_forms
                if form.cleaned_data.get("image")
            ],
            actor=actor_of(self.request),
            at=clock.now(),
        )
        messages.success(self.request, format_html("The pictures of {} have been saved.", self.variant.sku))
        return redirect("catalogue_variants", self.product.pk)

    def get_page_subtitle(self) -> str:
        """Name the variant."""
        return str(self.variant)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Lead over the sheet to here."""
        here = {"url": "", "label": f"Pictures of {self.variant.sku}"}
        return [*self.breadcrumbs_items, *lead_to_sheet(self.product), here]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the product, the variant and the scripts of the choosers."""
        media = kwargs["main"].media + kwargs["further"].media
        return super().get_context_data(product=self.product, variant=self.variant, media=media, **kwargs)
