"""The forms of attributes and of product types: what fits together, and what stays while it is used."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from wagtail.admin.forms import WagtailAdminModelForm

YES_AND_NO = ("yes", "no")


def _kept(formset: Any) -> list[Any]:
    """The forms of the rows that will stay, as far as they can be read."""
    if formset is None:
        return []
    return [
        form
        for form in formset.forms
        if (form.has_changed() or form.instance.pk)
        and form.is_valid()
        and not form.cleaned_data.get("DELETE")
    ]


class AttributeForm(WagtailAdminModelForm):
    """Lets flags be set where they mean something, and keeps what products rely on."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        from shop.catalogue.attributes.usage import count_use

        super().__init__(*args, **kwargs)
        self.use = count_use(self.instance) if self.instance.pk else None
        if self.use:
            for name in ("kind", "slug"):
                if name in self.fields:
                    self.fields[name].disabled = True
                    self.fields[name].help_text = f"Stays as it is while it is used: {self.use} have it."

    def clean(self) -> dict[str, Any] | None:
        """Refuse flags that the kind cannot keep, and the removal of values that are in use."""
        cleaned: dict[str, Any] = super().clean() or {}
        kind = cleaned.get("kind")
        if kind:
            self._check_flags(kind, cleaned)
            self._check_values(kind)
        self._check_removed_values()
        return cleaned

    def _check_flags(self, kind: str, cleaned: dict[str, Any]) -> None:
        kinds = self.instance.Kind
        label = kinds(kind).label.lower()
        if cleaned.get("makes_variants") and kind not in self.instance.VARIANT_KINDS:
            self.add_error(
                "makes_variants", f"Only a single choice can make variants, not “{label}”: untick it."
            )
        if self.use and self.use.variants and not cleaned.get("makes_variants"):
            self.add_error("makes_variants", f"{self.use.variants} variants are told apart by it: tick it.")
        if cleaned.get("is_filterable") and kind not in (*self.instance.LIST_KINDS, kinds.BOOLEAN):
            self.add_error(
                "is_filterable", "Shoppers filter by lists of choices, and by yes or no: untick it here."
            )
        if cleaned.get("is_searchable") and kind in (kinds.FILE, kinds.REFERENCE, kinds.DATE):
            self.add_error("is_searchable", f"The search reads no words in “{label}”: untick it.")
        if cleaned.get("unit") and kind != kinds.NUMBER:
            self.add_error("unit", "Only a number has a unit: leave it empty.")

    def _check_values(self, kind: str) -> None:
        kinds = self.instance.Kind
        rows = _kept(self.formsets.get("values"))
        if kind in self.instance.LIST_KINDS:
            if not rows:
                self.add_error(None, "Add at least one value below: without one there is nothing to choose.")
        elif kind == kinds.BOOLEAN:
            if any(row.cleaned_data.get("slug") not in YES_AND_NO for row in rows):
                self.add_error(None, "“Yes or no” has no other values: remove those that you added.")
        elif rows:
            self.add_error(None, "Only lists of choices have values: remove them, or choose another kind.")
        for row in rows if kind == kinds.SWATCH else ():
            if not (row.cleaned_data.get("swatch") or row.cleaned_data.get("swatch_image")):
                row.add_error("swatch", "Give it a colour or a picture: shoppers see that, not the name.")
                self.add_error(None, f"“{row.cleaned_data.get('label')}” needs a colour or a picture.")

    def _check_removed_values(self) -> None:
        from shop.catalogue.attributes.usage import values_in_drafts

        formset = self.formsets.get("values")
        gone = [form.instance for form in formset.deleted_forms] if formset and formset.is_valid() else []
        gone = [value for value in gone if value.pk]
        drafted = values_in_drafts({value.pk for value in gone}) if gone else set()
        for value in gone:
            if value.is_used() or value.pk in drafted:
                raise ValidationError(
                    f"“{value}” cannot be removed: products or variants have it. Change them first."
                )


class ProductTypeForm(WagtailAdminModelForm):
    """Tells what a change of its attributes does to the products of the type, before it is made."""

    confirm_effects = forms.BooleanField(
        label="Yes, change the type",
        required=False,
        help_text="Products keep what they carry: nothing is lost.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.effects: list[str] = []

    def clean(self) -> dict[str, Any] | None:
        """Refuse attributes that variants cannot carry; ask once more where products are touched."""
        cleaned: dict[str, Any] = super().clean() or {}
        rows = _kept(self.formsets.get("type_attributes"))
        seen = set()
        for row in rows:
            attribute = row.cleaned_data.get("attribute")
            if attribute is None:
                continue
            if attribute.pk in seen:
                row.add_error("attribute", "This attribute is listed twice.")
                self.add_error(None, f"“{attribute}” is listed twice: remove one of them.")
            seen.add(attribute.pk)
            scope = row.cleaned_data.get("scope")
            if scope == row.instance.Scope.VARIANT and not attribute.can_make_variants:
                message = f"“{attribute}” does not make variants: let the product as a whole carry it."
                row.add_error("scope", message)
                self.add_error(None, message)
        if self.instance.pk and not self.errors:
            self._check_effects(rows, is_confirmed=bool(cleaned.get("confirm_effects")))
        return cleaned

    def _check_effects(self, rows: list[Any], *, is_confirmed: bool) -> None:
        from shop.catalogue.attributes.usage import list_effects

        before = {row.attribute_id: row.is_required for row in self._stored_rows()}
        after = {row.cleaned_data["attribute"].pk: row.cleaned_data["is_required"] for row in rows}
        self.effects = list_effects(
            self.instance,
            removed=[key for key in before if key not in after],
            newly_required=[key for key, needed in after.items() if needed and not before.get(key)],
        )
        if self.effects and not is_confirmed:
            self.add_error(
                None, "This touches products: read below what it does to them, tick “Yes, change the type”."
            )

    def _stored_rows(self) -> Any:
        return type(self.instance).type_attributes.rel.related_model.objects.filter(
            product_type_id=self.instance.pk
        )
