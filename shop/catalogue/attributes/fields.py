"""One form field for each kind of attribute, and what is typed there as rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail.admin.widgets import AdminDateInput, AdminPageChooser
from wagtail.documents import get_document_model
from wagtail.models import Page
from wagtail.utils.text import text_from_html

from shop.catalogue.attributes.cleaning import MAX_LINE, NO, RICH_TEXT_FEATURES, YES, clean_attribute_text

if TYPE_CHECKING:
    from shop.catalogue.models import Attribute, AttributeValue, ProductAttribute

DATE_FORMAT = "%Y-%m-%d"
SWATCH_SIZE = "fill-40x40|format-webp"
HELP = {
    "multichoice": "Tick every one that fits.",
    "number": "Example: “38.5”.",
    "date": "Year, month, day. Example: “2026-11-24”.",
    "file": "Shoppers can download it once the product is live.",
    "reference": "Shown as a link, as long as that page is live.",
}


def build_field(attribute: Attribute, *, is_required: bool) -> forms.Field:
    """
    Make the field in which one attribute is typed. Its values must be loaded.

    No field insists on a value, because a draft may lack any; publishing asks for what ``is_required``.
    """
    kind = attribute.kind
    settings: dict[str, Any] = {
        "label": f"{attribute.name} ({attribute.unit})" if attribute.unit else attribute.name,
        "help_text": " ".join(
            filter(None, (HELP.get(kind, ""), "Needed before publishing." if is_required else ""))
        ),
        "required": False,
    }
    return _BUILDERS.get(kind, _build_line)(attribute, settings)


def _values(attribute: Attribute) -> list[tuple[str, str]]:
    return [(str(value.pk), value.label) for value in attribute.values.all()]


def _build_choice(attribute: Attribute, settings: dict[str, Any]) -> forms.Field:
    return forms.ChoiceField(choices=[("", "Not said"), *_values(attribute)], **settings)


def _build_multichoice(attribute: Attribute, settings: dict[str, Any]) -> forms.Field:
    return forms.MultipleChoiceField(
        choices=_values(attribute), widget=forms.CheckboxSelectMultiple, **settings
    )


def _build_swatch(attribute: Attribute, settings: dict[str, Any]) -> forms.Field:
    choices = [(str(value.pk), swatch_label(value)) for value in attribute.values.all()]
    return forms.ChoiceField(choices=[("", "Not said"), *choices], widget=forms.RadioSelect, **settings)


def swatch_label(value: AttributeValue) -> SafeString:
    """The name of a value behind its picture or its colour."""
    image = value.swatch_image
    if image is not None:
        rendition = image.get_rendition(SWATCH_SIZE)
        return format_html(
            '<img class="attribute-swatch" src="{}" alt="" width="20" height="20"> {}',
            rendition.url,
            value.label,
        )
    if not value.swatch:
        return format_html("{}", value.label)
    # A drawing rather than a style, which a strict policy for content would not let through.
    return format_html(
        '<svg class="attribute-swatch" width="20" height="20" viewBox="0 0 20 20" aria-hidden="true">'
        '<circle cx="10" cy="10" r="9.5" fill="{}" stroke="#767676"/></svg> {}',
        value.swatch,
        value.label,
    )


def _build_boolean(attribute: Attribute, settings: dict[str, Any]) -> forms.Field:
    return forms.ChoiceField(choices=[("", "Not said"), (YES, "Yes"), (NO, "No")], **settings)


def _build_number(attribute: Attribute, settings: dict[str, Any]) -> forms.Field:
    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    return forms.CharField(max_length=40, widget=widget, **settings)


def _build_line(attribute: Attribute, settings: dict[str, Any]) -> forms.Field:
    return forms.CharField(max_length=MAX_LINE, **settings)


def _build_rich_text(attribute: Attribute, settings: dict[str, Any]) -> forms.Field:
    return forms.CharField(widget=_rich_text_editor(), **settings)


def _build_date(attribute: Attribute, settings: dict[str, Any]) -> forms.Field:
    return forms.DateField(
        widget=AdminDateInput(format=DATE_FORMAT),
        input_formats=[DATE_FORMAT],
        error_messages={"invalid": "Write a date as year, month and day, such as 2026-11-24."},
        **settings,
    )


def _build_file(attribute: Attribute, settings: dict[str, Any]) -> forms.Field:
    return forms.ModelChoiceField(
        queryset=get_document_model().objects.all(), widget=_document_chooser(), **settings
    )


def _build_reference(attribute: Attribute, settings: dict[str, Any]) -> forms.Field:
    return forms.ModelChoiceField(
        queryset=Page.objects.filter(depth__gt=1), widget=AdminPageChooser(), **settings
    )


_BUILDERS = {
    "choice": _build_choice,
    "multichoice": _build_multichoice,
    "swatch": _build_swatch,
    "boolean": _build_boolean,
    "number": _build_number,
    "rich_text": _build_rich_text,
    "date": _build_date,
    "file": _build_file,
    "reference": _build_reference,
}


# The modules of these two ask for models that are not there yet when models are imported.


def _rich_text_editor() -> forms.Widget:
    from wagtail.admin.rich_text import get_rich_text_editor_widget

    return get_rich_text_editor_widget("default", features=list(RICH_TEXT_FEATURES))


def _document_chooser() -> forms.Widget:
    from wagtail.documents.widgets import AdminDocumentChooser

    return AdminDocumentChooser()


def all_media() -> forms.Media:
    """Scripts and styles of every kind: choosing another type may bring any of them to an open page."""
    widgets = (
        _rich_text_editor(),
        AdminDateInput(),
        _document_chooser(),
        AdminPageChooser(),
    )
    media = forms.Media()
    for widget in widgets:
        media += widget.media
    return media


def initial_of(attribute: Attribute, rows: Sequence[ProductAttribute]) -> Any:
    """What the field shows for the rows that a product has of the attribute."""
    kinds = attribute.Kind
    if attribute.kind == kinds.MULTICHOICE:
        return [str(row.value_id) for row in rows]
    if not rows:
        return None
    row = rows[0]
    if attribute.kind in attribute.LIST_KINDS:
        return str(row.value_id)
    if attribute.kind == kinds.FILE:
        return row.document_id
    if attribute.kind == kinds.REFERENCE:
        return row.page_reference_id
    return row.text


def is_empty(attribute: Attribute, raw: Any) -> bool:
    """Whether nothing was typed; ``raw`` is what the widget found in the data."""
    if attribute.kind == attribute.Kind.RICH_TEXT:
        return not text_from_html(raw or "").strip()
    return raw in (None, "", [])


def contents_of(attribute: Attribute, cleaned: Any) -> list[Mapping[str, Any]]:
    """
    The fields of the rows for what was typed, none when nothing was.

    :raises ValidationError: if it does not fit the kind of the attribute
    """
    if is_empty(attribute, cleaned):
        return []
    kinds = attribute.Kind
    if attribute.kind in attribute.LIST_KINDS:
        chosen = [cleaned] if isinstance(cleaned, str) else cleaned
        held = {str(value.pk): value for value in attribute.values.all()}
        return [{"value": held[key]} for key in chosen]
    if attribute.kind == kinds.FILE:
        return [{"document": cleaned}]
    if attribute.kind == kinds.REFERENCE:
        return [{"page_reference": cleaned}]
    text = cleaned.isoformat() if isinstance(cleaned, date) else cleaned
    try:
        return [{"text": clean_attribute_text(attribute=attribute, value=None, text=text)}]
    except ValidationError as error:
        raise ValidationError(error.messages) from error
