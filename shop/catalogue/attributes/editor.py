"""
The attributes of a product as fields of a form.

The product's type says which there are; what a product carries beyond its type is kept until it is
removed. Values stay in the rows of the page, so that drafts, revisions and previews hold them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.http import QueryDict

from shop.catalogue.attributes.cleaning import as_key
from shop.catalogue.attributes.fields import build_field, contents_of, initial_of, is_empty

if TYPE_CHECKING:
    from shop.catalogue.models import Attribute, AttributeValue, ProductAttribute
    from shop.catalogue.readiness import Finding

# Which fields the editor was shown: a field that was not says nothing about its attribute.
SHOWN = "attributes-shown"
REMOVE = "attributes-remove"
ADD = "attributes-add"
MAX_SHOWN = 200


@dataclass(frozen=True, slots=True)
class EditedAttribute:
    """One field. ``is_listed`` is false for what the product carries beyond its type."""

    attribute: Attribute
    name: str
    is_required: bool
    is_listed: bool
    bound: BoundField

    @property
    def is_group(self) -> bool:
        """Whether it is several boxes or buttons, which need one name together."""
        return isinstance(self.bound.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple)


class AttributeFields:
    """Mixed into a form: a field for each attribute, read into rows by :meth:`attribute_rows`."""

    if TYPE_CHECKING:
        fields: dict[str, forms.Field]
        data: Any
        files: Any
        initial: Any
        is_bound: bool
        cleaned_data: dict[str, Any]

        def add_error(self, field: str | None, error: Any) -> None: ...

        def __getitem__(self, name: str) -> BoundField: ...

    def add_attribute_fields(self, *, rows: Sequence[ProductAttribute], type_id: int | None) -> None:
        """Add the fields for what was typed, or for ``rows`` of a product of this type."""
        self._rows: dict[int, list[ProductAttribute]] = {}
        for row in rows:
            self._rows.setdefault(row.attribute_id, []).append(row)
        self._removed = set(self._keys(REMOVE))
        shown = self._keys(SHOWN)
        if self.is_bound and "product_type" in self.data:
            type_id = as_key(str(self.data["product_type"]))
        wanted, self._scope = _list_wanted(type_id), type_id
        # A product without a type has what it was given.
        own = [*self._rows, *shown, *self._keys(ADD)]
        listed = wanted if type_id else dict.fromkeys(own, False)
        attributes = _load([*listed, *own])
        self.edited: list[EditedAttribute] = []
        self._contents: dict[int, list[Any]] = {}
        if self.is_bound:
            self._fill_in(attributes, shown)
        for key, is_required in listed.items():
            if key in attributes:
                self._add(attributes[key], is_required=is_required, is_listed=True)
        for key in dict.fromkeys(own):
            if key in attributes and key not in listed and self._is_carried(attributes[key]):
                self._add(attributes[key], is_required=False, is_listed=False)

    def _keys(self, name: str) -> list[int]:
        held = self.data.getlist(name)[:MAX_SHOWN] if isinstance(self.data, QueryDict) else ()
        return list(dict.fromkeys(key for key in map(as_key, held) if key))

    def _fill_in(self, attributes: dict[int, Attribute], shown: list[int]) -> None:
        """Let what the editor was not shown stand as it is, in the words of the form."""
        data = self.data.copy()
        for key, rows in self._rows.items():
            if key in shown or key not in attributes:
                continue
            attribute = attributes[key]
            widget = build_field(attribute, is_required=False).widget
            value = widget.format_value(initial_of(attribute, rows))
            data.setlist(field_name(key), value if isinstance(value, list) else [value])
        self.data = data

    def _is_carried(self, attribute: Attribute) -> bool:
        if not self.is_bound:
            return True
        widget = build_field(attribute, is_required=False).widget
        raw = widget.value_from_datadict(self.data, self.files, field_name(attribute.pk))
        return not is_empty(attribute, raw)

    def _add(self, attribute: Attribute, *, is_required: bool, is_listed: bool) -> None:
        name = field_name(attribute.pk)
        self.fields[name] = build_field(attribute, is_required=is_required)
        self.initial[name] = initial_of(attribute, self._rows.get(attribute.pk, []))
        self.edited.append(EditedAttribute(attribute, name, is_required, is_listed, self[name]))

    @property
    def listed(self) -> list[EditedAttribute]:
        """The fields of the product's type, or all of them for a product without one."""
        return [one for one in self.edited if one.is_listed]

    @property
    def left_over(self) -> list[EditedAttribute]:
        """What the product still carries although its type does not list it."""
        return [one for one in self.edited if not one.is_listed]

    @property
    def removed(self) -> set[int]:
        """The keys of attributes that are ticked to be removed."""
        return self._removed

    def addable(self) -> list[Attribute]:
        """What can be added to a product without a type; nothing for one that has a type."""
        from shop.catalogue.models import Attribute

        if self._scope:
            return []
        return list(Attribute.objects.exclude(pk__in=[one.attribute.pk for one in self.edited]))

    def clean_attributes(self) -> None:
        """Read the fields; what does not fit is an error beside its field."""
        for one in self.edited:
            self._contents[one.attribute.pk] = []
            if one.name not in self.cleaned_data or one.attribute.pk in self._removed:
                continue
            try:
                contents = contents_of(one.attribute, self.cleaned_data[one.name])
            except ValidationError as error:
                self.add_error(one.name, error)
            else:
                self._contents[one.attribute.pk] = contents

    @property
    def typed_attribute_ids(self) -> frozenset[int]:
        """The keys of the attributes that have a value, once the form is cleaned."""
        return frozenset(key for key, contents in self._contents.items() if contents)

    def field_of(self, finding: Finding) -> str | None:
        """The field beside which a finding of the publish checks is shown, if it is about one."""
        slug = finding.code.removeprefix("no_attribute.")
        return next((one.name for one in self.edited if one.attribute.slug == slug), None)

    def attribute_rows(self) -> list[ProductAttribute]:
        """The rows that the product has now; those that stay keep their keys."""
        from shop.catalogue.models import ProductAttribute

        rows: list[ProductAttribute] = []
        for one in self.edited:
            held = list(self._rows.get(one.attribute.pk, []))
            for content in self._contents.get(one.attribute.pk, []):
                row = _take(held, content.get("value")) or ProductAttribute(attribute=one.attribute)
                row.value, row.text = content.get("value"), content.get("text", "")
                row.document, row.page_reference = content.get("document"), content.get("page_reference")
                row.sort_order = len(rows)
                rows.append(row)
        return rows


class AttributeForm(AttributeFields, forms.Form):
    """The fields alone, drawn anew when the editor chooses another type."""

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        self.add_attribute_fields(rows=(), type_id=None)


def field_name(attribute_id: int) -> str:
    """Name the field of an attribute."""
    return f"attribute-{attribute_id}"


def _take(held: list[ProductAttribute], value: AttributeValue | None) -> ProductAttribute | None:
    """The row that goes on, among several the one with the value."""
    found = next((row for row in held if value is not None and row.value_id == value.pk), None)
    if found is None and held and held[0].attribute.kind != "multichoice":
        found = held[0]
    if found is not None:
        held.remove(found)
    return found


def _list_wanted(type_id: int | None) -> dict[int, bool]:
    """What products of the type carry as a whole, in its order, and whether it is required."""
    from shop.catalogue.models import ProductTypeAttribute

    if not type_id:
        return {}
    rows = ProductTypeAttribute.objects.filter(
        product_type_id=type_id, scope=ProductTypeAttribute.Scope.PRODUCT
    ).order_by("sort_order", "pk")
    return dict(rows.values_list("attribute_id", "is_required"))


def _load(keys: Iterable[int]) -> dict[int, Attribute]:
    from shop.catalogue.models import Attribute

    return Attribute.objects.prefetch_related("values__swatch_image__renditions").in_bulk(set(keys))
