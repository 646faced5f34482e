"""Attributes of every kind, and types that carry them."""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile
from wagtail.documents import get_document_model

from shop.catalogue.models import Attribute, ProductType, ProductTypeAttribute
from tests.factories.catalogue import AttributeFactory, site_home

KINDS = Attribute.Kind


def document(title: str = "Care guide") -> Any:
    return get_document_model().objects.create(
        title=title, file=ContentFile(b"Wipe with a dry cloth.", name="care.txt")
    )


def page(title: str = "About oak", **fields: Any) -> Any:
    from content.models import LandingPage

    return site_home().add_child(instance=LandingPage(title=title, **fields))


def product_attribute(slug: str, kind: str, **fields: Any) -> Attribute:
    fields = {"makes_variants": False, "is_filterable": False, **fields}
    return AttributeFactory(slug=slug, kind=kind, **fields)


def every_kind() -> dict[str, Attribute]:
    """One attribute of each kind, by kind; lists have the values "oak" and "ash", the swatch a colour."""
    made = {
        "choice": product_attribute("wood", KINDS.CHOICE, values=["oak", "ash"]),
        "multichoice": product_attribute("rooms", KINDS.MULTICHOICE, values=["bedroom", "study", "hall"]),
        "swatch": product_attribute("shade", KINDS.SWATCH, values=["moss", "clay"]),
        "number": product_attribute("height", KINDS.NUMBER, unit="cm"),
        "boolean": product_attribute("dimmable", KINDS.BOOLEAN, is_filterable=True),
        "text": product_attribute("bulb", KINDS.TEXT),
        "rich_text": product_attribute("care", KINDS.RICH_TEXT),
        "date": product_attribute("designed-on", KINDS.DATE),
        "file": product_attribute("manual", KINDS.FILE, is_searchable=False),
        "reference": product_attribute("story", KINDS.REFERENCE, is_searchable=False),
    }
    made["swatch"].values.filter(slug="moss").update(swatch="#5a6b3b")
    made["swatch"].values.filter(slug="clay").update(swatch="#a8674b")
    return made


def product_type(
    name: str = "Lamp",
    *attributes: Attribute,
    per_variant: tuple[Attribute, ...] = (),
    required: tuple[Attribute, ...] = (),
    **fields: Any,
) -> ProductType:
    """A type that carries ``attributes`` on the product and ``per_variant`` on each variant."""
    made = ProductType.objects.create(name=name, slug=name.lower().replace(" ", "-"), **fields)
    for position, attribute in enumerate((*attributes, *per_variant)):
        scopes = ProductTypeAttribute.Scope
        ProductTypeAttribute.objects.create(
            product_type=made,
            attribute=attribute,
            scope=scopes.VARIANT if attribute in per_variant else scopes.PRODUCT,
            is_required=attribute in required,
            sort_order=position,
        )
    return made
