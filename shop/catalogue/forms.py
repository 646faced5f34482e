"""Admin forms that know the rules of the catalogue. They import no model: the models name them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from wagtail.admin.forms import WagtailAdminModelForm, WagtailAdminPageForm
from wagtail.admin.forms.pages import CopyForm

from shop.catalogue.attributes.editor import AttributeFields


class CategorySelect(forms.Select):
    """The tree of categories in one list, so that two of one name can be told apart."""

    def create_option(self, name: str, value: Any, label: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Set the name in by its depth, and say what is a draft."""
        held = getattr(value, "instance", None)
        if held is not None:
            label = _indented_name(held) + ("" if held.live else " (draft)")
        return super().create_option(name, value, label, *args, **kwargs)


class CategoryForm(WagtailAdminModelForm):
    """Lets the place in the tree be chosen once; later it is moved, because a move has no drafts."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parent = self.fields.get("parent")
        if parent is None:
            return
        parent.empty_label = "(top of the shop)"
        parent.label_from_instance = _indented_name
        if self.instance.pk:
            parent.disabled = True
            parent.help_text = "Choose “Move” in the list of categories to put it elsewhere."


def _indented_name(category: Any) -> str:
    indent = "\u2014 " * (category.depth - 1)
    return f"{indent}{category.name}"


class ProductCopyForm(CopyForm):
    """Asks for a slug that no other product has, and whether the variants are copied too."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "alias" in self.fields:
            self.fields["alias"].help_text = (
                "A second place for the same product, kept the same for ever: it sells the same variants "
                "from the same stock, and search engines are led to the original."
            )
        self.fields["copy_variants"] = forms.BooleanField(
            label="Copy variants",
            required=False,
            initial=True,
            help_text="With new SKUs, the same attributes, sizes and prices. Stock, barcodes and external "
            "ids are not copied. An alias needs no copies.",
        )
        # A copy has no prices yet: it begins as a draft, and goes live through the publish checks.
        self.fields.pop("publish_copies", None)
        self.fields["new_slug"].initial = self.page.specific_class.find_free_slug(self.page.slug)

    def clean_new_slug(self) -> str:
        """Refuse the slug of another product, wherever that is filed."""
        slug: str = self.cleaned_data["new_slug"]
        products = self.page.specific_class
        if not products.slug_is_free(slug):
            raise ValidationError(
                f"Another product uses “{slug}” already. Try “{products.find_free_slug(slug)}”."
            )
        return slug


class ProductPageForm(AttributeFields, WagtailAdminPageForm):
    """Lets a draft be as incomplete as it likes, and a product go live only when it can be shown."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        page = self.instance
        self.add_attribute_fields(rows=list(page.product_attributes.all()), type_id=page.product_type_id)

    def save(self, commit: bool = True) -> Any:
        """Put what was typed into the attributes among the page's rows, then save as pages are saved."""
        self.instance.product_attributes = self.attribute_rows()
        return super().save(commit=commit)

    def clean(self) -> dict[str, Any]:
        """Check the slug always, and everything that shoppers need when the product is to go live."""
        cleaned: dict[str, Any] = super().clean()
        self._check_slug(cleaned.get("slug"))
        self._check_repeated("product_categories", "category", "This category is listed twice.")
        self._check_relations()
        self.clean_attributes()
        if self._is_going_live:
            self._check_ready()
        return cleaned

    def _check_slug(self, slug: str | None) -> None:
        page = self.instance
        if slug and not page.slug_is_free(slug, except_for=page.pk):
            self.add_error(
                "slug",
                f"Another product uses “{slug}” already. "
                f"Try “{page.find_free_slug(slug, except_for=page.pk)}”.",
            )

    def _kept_forms(self, name: str) -> list[Any]:
        formset = self.formsets.get(name)
        if formset is None:
            return []
        return [
            form
            for form in formset.forms
            if form.has_changed() or form.instance.pk
            if form.is_valid() and not form.cleaned_data.get("DELETE")
        ]

    def _check_repeated(self, name: str, field: str, message: str) -> None:
        seen = set()
        for form in self._kept_forms(name):
            value = form.cleaned_data.get(field)
            if value in seen:
                form.add_error(field, message)
                self.add_error(None, message)
            seen.add(value)

    def _check_relations(self) -> None:
        """A product leads to others, and to each of them once in every way."""
        seen = set()
        for form in self._kept_forms("relations"):
            product = form.cleaned_data.get("product")
            place = product, form.cleaned_data.get("kind")
            message = ""
            if product is not None and product.pk == self.instance.pk:
                message = "A product does not lead to itself: choose another one."
            elif product is not None and place in seen:
                message = "This product is listed twice in the same way."
            if message:
                form.add_error("product", message)
                self.add_error(None, message)
            seen.add(place)

    @property
    def _is_going_live(self) -> bool:
        """Whether the button that was pressed leads to the shop: rejecting, or saving a draft, does not."""
        if self.is_deferred_validation:
            return False
        if "action-workflow-action" in self.data:
            return self.data.get("workflow-action-name") == "approve"
        return any(f"action-{name}" in self.data for name in ("publish", "submit", "restart-workflow"))

    def _check_ready(self) -> None:
        from shop.catalogue.form_checks import check_form

        for finding in check_form(self).errors:
            self.add_error(self.field_of(finding), finding.message)
            formset = self.formsets.get(finding.panel)
            if formset is not None:
                # Once more beside the panel, so that the editor marks the place to mend.
                formset.non_form_errors().append(finding.message)
