"""What is wanted of variants: those to be made, those to be changed, and the refusal of both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from shop.catalogue.models import TaxClass
from shop.core.errors import ShopError

EDITABLE = (
    "sku",
    "title",
    "barcode",
    "weight_grams",
    "length_mm",
    "width_mm",
    "height_mm",
    "tax_class",
    "image_id",
    "cost",
    "available_from",
    "available_until",
    "max_per_order",
    "external_id",
    "is_priced_by_parts",
    "sort_order",
)


class InvalidVariants(ShopError):
    """
    Some of the variants cannot be saved, so none was.

    Each entry of ``errors`` names its row and field: ``create.0.sku``, ``change.17.colour``.
    """

    code = "invalid_variants"
    title = "Some variants cannot be saved."


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantDraft:
    """A variant to be made. ``attributes`` maps slugs of attributes to slugs of their values."""

    sku: str
    title: str = ""
    barcode: str = ""
    weight_grams: int | None = None
    length_mm: int | None = None
    width_mm: int | None = None
    height_mm: int | None = None
    tax_class: str = TaxClass.STANDARD
    image_id: int | None = None
    cost: Decimal | None = None
    available_from: datetime | None = None
    available_until: datetime | None = None
    max_per_order: int | None = None
    external_id: str | None = None
    is_priced_by_parts: bool = False
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantChange:
    """
    What to change of a variant: ``fields`` named as those of :class:`VariantDraft`, and ``sort_order``.

    ``attributes`` holds only those that change; an empty value takes the attribute away.
    """

    variant_id: int
    fields: Mapping[str, Any] = field(default_factory=dict)
    attributes: Mapping[str, str] = field(default_factory=dict)
