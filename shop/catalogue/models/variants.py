from __future__ import annotations

import uuid
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models.functions import Upper
from wagtail.images import get_image_model_string

from shop.catalogue.models.attributes import Attribute, AttributeValue, TaxClass
from shop.catalogue.models.products import ProductPage
from shop.core import clock
from shop.core.fields import AmountField

# Longer than any lorry is a typing error.
MAX_MM = MaxValueValidator(20_000)

validate_sku = RegexValidator(
    r"\A[A-Za-z0-9][A-Za-z0-9._/+-]*\Z",
    "A SKU is made of letters, digits and . _ / + - without spaces, for example LAMP-OAK-38.",
)


def validate_gtin(value: str) -> None:
    """
    Refuse what is no GTIN-8, -12, -13 or -14.

    The check digit is that of the GS1 General Specifications, section 7.9 (weights 3, 1 from the right).

    :raises ValidationError: if the length or the check digit is wrong
    """
    if not (value.isascii() and value.isdigit() and len(value) in (8, 12, 13, 14)):
        raise ValidationError("A barcode is a GTIN of 8, 12, 13 or 14 digits.")
    weighted = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(reversed(value)))
    if weighted % 10:
        raise ValidationError("The last digit of this barcode is not right: please check it.")


class ProductVariantQuerySet(models.QuerySet["ProductVariant"]):
    """Variants, in the order of their product's sheet."""

    def active(self) -> ProductVariantQuerySet:
        """What can be sold: not archived, and its product is still there (live or not)."""
        return self.filter(archived_at__isnull=True, product__isnull=False)

    def in_window(self, at: datetime) -> ProductVariantQuerySet:
        """What is on sale at that moment by its own dates; empty ends are open."""
        return self.filter(
            models.Q(available_from__isnull=True) | models.Q(available_from__lte=at),
            models.Q(available_until__isnull=True) | models.Q(available_until__gt=at),
        )

    def with_sku(self, sku: str) -> ProductVariantQuerySet:
        """SKUs are compared without case, as people type them."""
        return self.annotate(sku_upper=Upper("sku")).filter(sku_upper=sku.upper())


class ProductVariant(models.Model):
    """
    One thing that lies on a shelf under one SKU.

    Operational: outside every revision. What was sold is archived, never deleted; when its page is
    deleted it stays, archived, for the orders that name it.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    product = models.ForeignKey(
        ProductPage, null=True, blank=True, on_delete=models.SET_NULL, related_name="variants"
    )
    sku = models.CharField("SKU", max_length=64, validators=[validate_sku])
    title = models.CharField("title", max_length=200, blank=True)
    barcode = models.CharField("barcode", max_length=14, blank=True, validators=[validate_gtin])
    weight_grams = models.PositiveIntegerField(
        "weight in grams", null=True, blank=True, validators=[MaxValueValidator(1_000_000)]
    )
    tax_class = models.ForeignKey(
        TaxClass, verbose_name="tax class", on_delete=models.PROTECT, related_name="variants"
    )
    image = models.ForeignKey(
        get_image_model_string(), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    length_mm = models.PositiveIntegerField("length in mm", null=True, blank=True, validators=[MAX_MM])
    width_mm = models.PositiveIntegerField("width in mm", null=True, blank=True, validators=[MAX_MM])
    height_mm = models.PositiveIntegerField("height in mm", null=True, blank=True, validators=[MAX_MM])
    # Outside of this window the variant is shown as unavailable and cannot be bought; empty ends are open.
    available_from = models.DateTimeField("on sale from", null=True, blank=True)
    available_until = models.DateTimeField("on sale until", null=True, blank=True)
    # What the lists were last told of the window: each save and the sweep by the clock compare with it.
    is_window_open = models.BooleanField(default=True, db_default=True, editable=False)
    max_per_order = models.PositiveIntegerField(
        "most per order", null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(999)]
    )
    external_id = models.CharField(max_length=100, null=True, unique=True, editable=False)
    # For a bundle: whether its price is the sum of its parts' prices, instead of one of its own.
    is_priced_by_parts = models.BooleanField("priced by its parts", default=False, db_default=False)
    sort_order = models.PositiveIntegerField("position", default=0)
    cost = AmountField("cost", null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    updated_at = models.DateTimeField(default=clock.now, editable=False)

    objects = ProductVariantQuerySet.as_manager()

    class Meta:
        ordering = ["product_id", "sort_order", "pk"]
        verbose_name = "variant"
        verbose_name_plural = "variants"
        constraints = [
            models.UniqueConstraint(
                Upper("sku"),
                name="catalogue_productvariant_unique_sku",
                violation_error_message="Another variant has this SKU already.",
            ),
            models.CheckConstraint(condition=~models.Q(sku=""), name="catalogue_productvariant_has_sku"),
            models.CheckConstraint(
                condition=models.Q(available_from__isnull=True)
                | models.Q(available_until__isnull=True)
                | models.Q(available_from__lt=models.F("available_until")),
                name="catalogue_productvariant_window",
                violation_error_message="“On sale until” must be later than “on sale from”.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["product", "sort_order"],
                condition=models.Q(archived_at__isnull=True),
                name="catalogue_variant_active_idx",
            ),
            models.Index(fields=["barcode"], name="catalogue_variant_barcode_idx"),
            models.Index(
                fields=["available_from", "available_until"],
                condition=models.Q(available_from__isnull=False) | models.Q(available_until__isnull=False),
                name="catalogue_variant_window_idx",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sku} {self.title}".strip()

    @property
    def is_archived(self) -> bool:
        """Whether it is off sale for good, kept for the orders that name it."""
        return self.archived_at is not None

    def is_in_window(self, at: datetime) -> bool:
        """Whether it is on sale at that moment by its own dates."""
        return not self.is_too_early(at) and not self.is_too_late(at)

    def is_too_early(self, at: datetime) -> bool:
        """Whether its sale begins only later."""
        return self.available_from is not None and at < self.available_from

    def is_too_late(self, at: datetime) -> bool:
        """Whether its sale has ended."""
        return self.available_until is not None and at >= self.available_until


class VariantAttribute(models.Model):
    """What makes a variant differ from its siblings, e.g. "Colour: red"."""

    variant = models.ForeignKey(ProductVariant, on_delete=models.CASCADE, related_name="variant_attributes")
    attribute = models.ForeignKey(Attribute, on_delete=models.PROTECT, related_name="+")
    value = models.ForeignKey(AttributeValue, on_delete=models.PROTECT, related_name="variant_attributes")

    class Meta:
        ordering = ["attribute__sort_order", "attribute__name"]
        verbose_name = "attribute of a variant"
        verbose_name_plural = "attributes of variants"
        constraints = [
            models.UniqueConstraint(
                fields=["variant", "attribute"], name="catalogue_variantattribute_unique_attribute"
            )
        ]

    def __str__(self) -> str:
        return f"{self.attribute}: {self.value}"


class VariantImage(models.Model):
    """A further picture of a variant, beside the one that stands for it."""

    variant = models.ForeignKey(ProductVariant, on_delete=models.CASCADE, related_name="images")
    image = models.ForeignKey(get_image_model_string(), on_delete=models.CASCADE, related_name="+")
    alt_text = models.CharField("alternative text", max_length=200, blank=True)
    sort_order = models.PositiveIntegerField("position", default=0)

    class Meta:
        ordering = ["sort_order", "pk"]
        verbose_name = "picture of a variant"
        verbose_name_plural = "pictures of variants"
        constraints = [
            models.UniqueConstraint(fields=["variant", "image"], name="catalogue_variantimage_once")
        ]

    def __str__(self) -> str:
        return self.alt_text or str(self.image)


class BundleComponent(models.Model):
    """
    That so many of one variant are part of a bundle, itself a variant. Bundles hold no bundles.

    A part is protected: a bundle without one of its parts would be another thing at the same price.
    """

    bundle = models.ForeignKey(ProductVariant, on_delete=models.CASCADE, related_name="components")
    component = models.ForeignKey(ProductVariant, on_delete=models.PROTECT, related_name="bundles")
    quantity = models.PositiveIntegerField(
        "quantity", default=1, validators=[MinValueValidator(1), MaxValueValidator(999)]
    )
    sort_order = models.PositiveIntegerField("position", default=0)

    class Meta:
        ordering = ["sort_order", "pk"]
        verbose_name = "part of a bundle"
        verbose_name_plural = "parts of bundles"
        constraints = [
            models.UniqueConstraint(fields=["bundle", "component"], name="catalogue_component_once"),
            models.CheckConstraint(condition=models.Q(quantity__gte=1), name="catalogue_component_quantity"),
            models.CheckConstraint(
                condition=~models.Q(bundle=models.F("component")), name="catalogue_component_not_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of {self.component.sku}"
