from __future__ import annotations

from django import forms
from django.db import models
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, TitleFieldPanel
from wagtail.admin.widgets.slug import SlugInput
from wagtail.models import Orderable
from wagtail.search import index

from shop.catalogue.attributes.forms import ProductTypeForm
from shop.catalogue.attributes.panel import TypeEffectsPanel
from shop.catalogue.models.attributes import Attribute, TaxClass

DEFAULT_SKU_PATTERN = "{product}-{values}"


class ProductType(index.Indexed, ClusterableModel):
    """
    What goods of one sort have in common: their attributes, whether they are shipped, how SKUs are made.

    It keeps no revisions: products point at it, and a draft of a product must never find another type.
    """

    class Kind(models.TextChoices):
        PHYSICAL = "physical", "Goods that are shipped"
        DIGITAL = "digital", "Digital goods: nothing is shipped"
        GIFT_CARD = "gift_card", "Gift cards: nothing is shipped"

    name = models.CharField("name", max_length=80, help_text="Example: “Lamp”, “Shirt”, “Gift card”.")
    slug = models.SlugField(
        "slug", max_length=80, unique=True, help_text="The name in imports. Example: “lamp”."
    )
    kind = models.CharField("kind", max_length=10, choices=Kind.choices, default=Kind.PHYSICAL)
    tax_class = models.ForeignKey(
        TaxClass,
        verbose_name="usual tax class",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="What new variants get. Empty: the standard class.",
    )
    sku_pattern = models.CharField(
        "pattern of SKUs",
        max_length=120,
        blank=True,
        default=DEFAULT_SKU_PATTERN,
        help_text="How new SKUs are made: {product}, {values}, {number} and {slug-of-an-attribute}. "
        "Example: “{product}-{colour}-{size}” gives LAMP-OAK-38.",
    )

    base_form_class = ProductTypeForm
    panels = [
        TypeEffectsPanel(),
        TitleFieldPanel("name", targets=["slug"]),
        FieldPanel("slug", widget=SlugInput),
        FieldRowPanel([FieldPanel("kind"), FieldPanel("tax_class", widget=forms.Select)]),
        FieldPanel("sku_pattern"),
        InlinePanel(
            "type_attributes",
            heading="Attributes",
            label="Attribute",
            help_text="The fields of the product's editor, in this order. Sizes and colours to choose from "
            "are carried by each variant.",
        ),
    ]
    search_fields = [index.SearchField("name"), index.AutocompleteField("name")]

    class Meta:
        ordering = ["name"]
        verbose_name = "product type"
        verbose_name_plural = "product types"

    def __str__(self) -> str:
        return self.name

    @property
    def is_shipped(self) -> bool:
        """Whether its goods need an address and a parcel."""
        return self.kind == self.Kind.PHYSICAL


class ProductTypeAttribute(Orderable):
    """That goods of a type carry an attribute, on the product as a whole or on each variant."""

    class Scope(models.TextChoices):
        PRODUCT = "product", "The product as a whole"
        VARIANT = "variant", "Each variant"

    product_type = ParentalKey(ProductType, on_delete=models.CASCADE, related_name="type_attributes")
    attribute = models.ForeignKey(
        Attribute, verbose_name="attribute", on_delete=models.PROTECT, related_name="type_attributes"
    )
    scope = models.CharField("carried by", max_length=8, choices=Scope.choices, default=Scope.PRODUCT)
    is_required = models.BooleanField(
        "needed before publishing", default=False, help_text="A product without it cannot be published."
    )

    panels = [
        FieldRowPanel(
            [
                FieldPanel("attribute", widget=forms.Select),
                FieldPanel("scope"),
                FieldPanel("is_required"),
            ]
        )
    ]

    class Meta(Orderable.Meta):
        verbose_name = "attribute of a product type"
        verbose_name_plural = "attributes of product types"
        constraints = [
            models.UniqueConstraint(
                fields=["product_type", "attribute"],
                name="catalogue_typeattribute_once",
                violation_error_message="This attribute is listed twice.",
            )
        ]

    def __str__(self) -> str:
        return str(self.attribute)
