"""What may stand in an attribute of each kind, and how it is kept."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import ValidationError
from django.db.models import DecimalField
from wagtail.documents import get_document_model
from wagtail.models import Page
from wagtail.utils.text import text_from_html

if TYPE_CHECKING:
    from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter

    from shop.catalogue.models.attributes import Attribute, AttributeValue

RICH_TEXT_FEATURES: Final = ("bold", "italic", "ol", "ul", "link", "document-link")
MAX_LINE: Final = 500
MAX_RICH_TEXT: Final = 5000
MAX_KEY_DIGITS: Final = 9
YES, NO = "yes", "no"


def clean_attribute_text(*, attribute: Attribute, value: AttributeValue | None, text: str) -> str:
    """
    The text as it is kept beside ``value``: nothing for a list, a file or a reference, else by kind.

    "yes" or "no", a plain decimal, a date as 2026-11-24, one line, or rich text without what it may not
    have.

    :raises ValidationError: if value and text do not fit the kind of the attribute
    """
    text = text.strip()
    kinds = attribute.Kind
    if attribute.has_values:
        if value is None or value.attribute_id != attribute.pk:
            raise ValidationError({"value": f"Choose one of the values of “{attribute}”."})
        return ""
    if value is not None:
        raise ValidationError({"value": f"“{attribute}” has no list of values: write it beside instead."})
    if attribute.kind in (kinds.FILE, kinds.REFERENCE):
        return ""
    clean = {
        kinds.BOOLEAN: _clean_boolean,
        kinds.NUMBER: _clean_number,
        kinds.DATE: _clean_date,
        kinds.RICH_TEXT: clean_rich_text,
    }.get(kinds(attribute.kind), _clean_line)
    cleaned = clean(text)
    if not cleaned:
        raise ValidationError({"text": f"Write the “{attribute}” of this product, or remove the row."})
    return cleaned


def _clean_boolean(text: str) -> str:
    if text.lower() not in (YES, NO):
        raise ValidationError({"text": "Write “yes” or “no”."})
    return text.lower()


def _clean_number(text: str) -> str:
    try:
        number = DecimalField(max_digits=18, decimal_places=6).to_python(text.replace(",", "."))
    except ValidationError:
        number = None
    if number is None or not number.is_finite() or abs(number) >= 10**12:
        raise ValidationError({"text": "Write a number, for example 38.5."})
    return f"{number:f}"


def _clean_date(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise ValidationError({"text": "Write a date as year, month and day, such as 2026-11-24."}) from None


def _clean_line(text: str) -> str:
    line = re.sub(r"\s+", " ", text).strip()
    if len(line) > MAX_LINE:
        raise ValidationError({"text": f"Write {MAX_LINE} characters at most; these are {len(line)}."})
    return line


def clean_rich_text(text: str) -> str:
    """
    Rich text with the formats that attributes may have; scripts, styles and other tags are left out.

    :raises ValidationError: if it is too long
    """
    # What is far too long need not be parsed first.
    if len(text) > 4 * MAX_RICH_TEXT:
        raise ValidationError({"text": f"Write less: {MAX_RICH_TEXT} characters at most, with formats."})
    converter = _converter()
    bare = re.sub(r"(?is)<(script|style)\b.*?(</\1\s*>|\Z)", "", text)
    cleaned: str = converter.to_database_format(converter.from_database_format(bare))
    # Draftail gives every paragraph a random key, which would make each save a change.
    cleaned = re.sub(r' data-block-key="[^"]*"', "", cleaned)
    if not text_from_html(cleaned).strip():
        return ""
    if len(cleaned) > MAX_RICH_TEXT:
        raise ValidationError({"text": f"Write less: {MAX_RICH_TEXT} characters at most, with formats."})
    return cleaned


@cache
def _converter() -> ContentstateConverter:
    # Its module asks for the model of pages, which is not there yet when models are imported.
    from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter

    return ContentstateConverter(list(RICH_TEXT_FEATURES))


def as_key(text: str) -> int | None:
    """A primary key as people and browsers write it."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MAX_KEY_DIGITS else None


def read_attribute(*, attribute: Attribute, text: str) -> dict[str, Any]:
    """
    What an import or a program writes for one attribute, as the fields of a ``ProductAttribute``.

    ``text`` is the slug of a value, the key of a document or of a page, or the text itself.

    :raises ValidationError: if it does not fit the kind of the attribute
    """
    value = None
    if attribute.has_values:
        value = next((value for value in attribute.values.all() if value.slug == text), None)
    fields: dict[str, Any] = {
        "value": value,
        "text": clean_attribute_text(attribute=attribute, value=value, text=text),
    }
    key = as_key(text) or 0
    if attribute.kind == attribute.Kind.FILE:
        if not get_document_model().objects.filter(pk=key).exists():
            raise ValidationError({"document": f"There is no document “{text}”: write the key of one."})
        fields["document_id"] = key
    elif attribute.kind == attribute.Kind.REFERENCE:
        if not Page.objects.filter(pk=key, depth__gt=1).exists():
            raise ValidationError({"page_reference": f"There is no page “{text}”: write the key of one."})
        fields["page_reference_id"] = key
    return fields
