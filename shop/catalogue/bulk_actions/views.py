"""The doors of bulk actions: a form that says what happens to how many, then the job."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from wagtail.admin import messages
from wagtail.admin.views.bulk_action import BulkAction
from wagtail.query import PageQuerySet

from shop.catalogue.forms import CategorySelect
from shop.catalogue.jobs import BULK_CHANGE
from shop.catalogue.listing import filter_listing
from shop.catalogue.models import Brand, Category, ProductPage, ProductType
from shop.catalogue.permissions import editable_products
from shop.core.job_views import tell_started
from shop.core.jobs import job_url, run_inline, start_job

# Up to so many are done while the person waits.
INLINE = 50
NAMED = 10


class ProductBulkAction(BulkAction):
    """One change to the ticked products, or to all that the listing's filter finds."""

    models = [ProductPage]
    template_name = "catalogue/admin/bulk_action.html"
    change: ClassVar[str]
    explanation: ClassVar[str] = ""
    is_dangerous: ClassVar[bool] = False
    permission: ClassVar[str] = "wagtailadmin.access_admin"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Let in who may do this to any product; what they may do to each is asked for each."""
        guarded = permission_required(self.permission, raise_exception=True)(self._dispatch)
        return guarded(request, *args, **kwargs)

    def _dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.ids = self.get_ids()
        if not self.ids:
            messages.warning(request, "None of these products is yours to change. Tick others first.")
            return redirect(self.next_url)
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        return response

    def list_allowed(self) -> PageQuerySet:
        """The products that the person may do this to, as far as their place is concerned."""
        return editable_products(self.request.user)

    def get_ids(self) -> list[int]:
        """The products that are meant and that the person may edit, in a stable order."""
        asked = self.request.GET.getlist("id")
        mine = self.list_allowed().order_by()
        if "all" in asked:
            found = filter_listing(mine, self.request)
        else:
            found = mine.filter(pk__in=[pk for pk in asked if pk.isdigit()])
        return sorted(found.values_list("pk", flat=True))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say what happens to how many, and name the first."""
        ids = self.ids
        named = [page.get_admin_display_title() for page in ProductPage.objects.filter(pk__in=ids[:NAMED])]
        form = kwargs.pop("form", None) or self.get_form()
        return {
            "form": form,
            "view": self,
            "action": self,
            "count": len(ids),
            "named": named,
            "more": len(ids) - len(named),
            "in_background": len(ids) > INLINE,
            "next": self.next_url,
            "submit_url": self.request.get_full_path(),
            **kwargs,
        }

    def form_valid(self, form: forms.Form) -> HttpResponseBase:
        """Do it now for a few, in the background for many; either way the result has a row per product."""
        ids = self.ids
        is_short = len(ids) <= INLINE
        goods = "1 product" if len(ids) == 1 else f"{len(ids):,} products"
        job = start_job(
            kind=BULK_CHANGE,
            label=f"{self.describe(form)}: {goods}",
            params={"change": self.change, "options": self.get_options(form), "ids": ids},
            total=len(ids),
            actor=self.request.user,
            inline=is_short,
        )
        if is_short:
            job = run_inline(job)
        else:
            tell_started(self.request, job)
        return redirect(job_url(job))

    def describe(self, form: forms.Form) -> str:
        """How the job is called."""
        return str(self.display_name)

    def get_options(self, form: forms.Form) -> dict[str, Any]:
        """What the form says, fit for JSON."""
        return {
            name: getattr(value, "pk", value) if value is not None else None
            for name, value in form.cleaned_data.items()
        }

    @classmethod
    def execute_action(cls, objects: Any, **kwargs: Any) -> tuple[int, int]:
        """Wagtail's own way of doing it, which these actions do not go: each product has a savepoint."""
        raise NotImplementedError("Bulk changes of products run as jobs.")


class PublishProducts(ProductBulkAction):
    """Put the latest drafts live."""

    display_name = "Publish"
    aria_label = "Publish the selected products"
    action_type = "publish-products"
    change = "publish"
    action_priority = 10
    explanation = (
        "The latest draft of each goes live. Products that a publish check stops are listed with the reason."
    )


class UnpublishProducts(ProductBulkAction):
    """Take products off the shop."""

    display_name = "Unpublish"
    aria_label = "Unpublish the selected products"
    action_type = "unpublish-products"
    change = "unpublish"
    action_priority = 20
    is_dangerous = True
    explanation = "Shoppers no longer see them. Drafts, prices and stock stay."


class CategoryForm(forms.Form):
    """Which category."""

    category = forms.ModelChoiceField(
        Category.objects.order_by("tree_order"),
        widget=CategorySelect,
        help_text="Live products change at once; drafts beside them change too and stay drafts.",
    )


class AddCategory(ProductBulkAction):
    """Put products into one more category."""

    display_name = "Add category"
    aria_label = "Add a category to the selected products"
    action_type = "add-category"
    change = "add_category"
    action_priority = 30
    form_class = CategoryForm

    def describe(self, form: forms.Form) -> str:
        return f"Add category “{form.cleaned_data['category']}”"


class RemoveCategory(AddCategory):
    """Take products out of a category."""

    display_name = "Remove category"
    aria_label = "Remove a category from the selected products"
    action_type = "remove-category"
    change = "remove_category"
    action_priority = 31

    def describe(self, form: forms.Form) -> str:
        return f"Remove category “{form.cleaned_data['category']}”"


class TagForm(forms.Form):
    """Which tags."""

    tags = forms.CharField(max_length=300, help_text="With commas between them. Example: “summer, gifts”.")

    def clean_tags(self) -> list[str]:
        """Return the words."""
        words = list(dict.fromkeys(word.strip() for word in self.cleaned_data["tags"].split(",")))
        tags = [word for word in words if word]
        if not tags or any(len(tag) > 100 for tag in tags):  # noqa: PLR2004 - what a tag holds
            raise forms.ValidationError("Write one or more tags of up to 100 characters.")
        return tags


class AddTags(ProductBulkAction):
    """Put tags on products."""

    display_name = "Add tags"
    aria_label = "Add tags to the selected products"
    action_type = "add-tags"
    change = "add_tag"
    action_priority = 40
    form_class = TagForm

    def describe(self, form: forms.Form) -> str:
        return f"{self.display_name} {', '.join(form.cleaned_data['tags'])}"


class RemoveTags(AddTags):
    """Take tags off products."""

    display_name = "Remove tags"
    aria_label = "Remove tags from the selected products"
    action_type = "remove-tags"
    change = "remove_tag"
    action_priority = 41


class BrandForm(forms.Form):
    """Which brand, or none."""

    brand = forms.ModelChoiceField(
        Brand.objects.order_by("name"), required=False, empty_label="(no brand)", help_text="Who makes them."
    )


class SetBrand(ProductBulkAction):
    """Say who makes the products."""

    display_name = "Set brand"
    aria_label = "Set the brand of the selected products"
    action_type = "set-brand"
    change = "set_brand"
    action_priority = 50
    form_class = BrandForm


class TypeForm(forms.Form):
    """Which type."""

    product_type = forms.ModelChoiceField(
        ProductType.objects.order_by("name"),
        label="Product type",
        help_text="Says which attributes they have. Values that the type does not know stay, unseen.",
    )


class SetType(ProductBulkAction):
    """Say of which type the products are."""

    display_name = "Set type"
    aria_label = "Set the type of the selected products"
    action_type = "set-type"
    change = "set_type"
    action_priority = 51
    form_class = TypeForm


class ArchiveProducts(ProductBulkAction):
    """Take products off the shop for good."""

    display_name = "Archive"
    aria_label = "Archive the selected products"
    action_type = "archive-products"
    change = "archive"
    action_priority = 90
    is_dangerous = True
    permission = "catalogue.change_productvariant"
    explanation = "They go off the shop and their variants are archived. Orders keep naming them."


ACTIONS: tuple[type[ProductBulkAction], ...] = (
    PublishProducts,
    UnpublishProducts,
    AddCategory,
    RemoveCategory,
    AddTags,
    RemoveTags,
    SetBrand,
    SetType,
    ArchiveProducts,
)
