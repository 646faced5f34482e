from __future__ import annotations

import uuid

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.db.models.functions import Upper
from wagtail.images import get_image_model_string

from shop.catalogue.models.attributes import Attribute, AttributeValue, TaxClass
from shop.catalogue.models.products import ProductPage
from shop.core import clock
from shop.core.fields import AmountField

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
        ]
        indexes = [
            models.Index(
                fields=["product", "sort_order"],
                condition=models.Q(archived_at__isnull=True),
                name="catalogue_variant_active_idx",
            ),
            models.Index(fields=["barcode"], name="catalogue_variant_barcode_idx"),
        ]

    def __str__(self) -> str:
        return f"{self.sku} {self.title}".strip()

    @property
    def is_archived(self) -> bool:
        """Whether it is off sale for good, kept for the orders that name it."""
        return self.archived_at is not None


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
