from __future__ import annotations

from typing import Any

from django.core.validators import RegexValidator
from django.db import models
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, TitleFieldPanel
from wagtail.admin.widgets.slug import SlugInput
from wagtail.images import get_image_model_string
from wagtail.models import Orderable
from wagtail.search import index

from shop.catalogue.attributes.forms import AttributeForm

YES_AND_NO = (("yes", "Yes"), ("no", "No"))


class TaxClass(models.Model):
    """What kind of goods something is for tax, e.g. "Books". The rates themselves live in the tax app."""

    STANDARD = "standard"

    code = models.SlugField(
        "code",
        max_length=50,
        unique=True,
        help_text="Short and lasting, for imports and tax rates. Example: “standard”, “reduced”.",
    )
    name = models.CharField("name", max_length=100, help_text="Example: “Standard rate”.")

    panels = [FieldPanel("name"), FieldPanel("code")]

    class Meta:
        ordering = ["name"]
        verbose_name = "tax class"
        verbose_name_plural = "tax classes"

    def __str__(self) -> str:
        return self.name


class Brand(index.Indexed, models.Model):
    """Who makes the goods."""

    name = models.CharField("name", max_length=120, unique=True, help_text="Example: “Halden Ceramics”.")
    slug = models.SlugField(
        "slug",
        max_length=120,
        unique=True,
        help_text="The name in filters. Example: “halden-ceramics”.",
    )
    description = models.TextField(
        "description",
        blank=True,
        help_text="Two or three sentences about the maker.",
    )
    logo = models.ForeignKey(
        get_image_model_string(),
        verbose_name="logo",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    panels = [
        TitleFieldPanel("name", targets=["slug"]),
        FieldPanel("slug", widget=SlugInput),
        FieldPanel("description"),
        FieldPanel("logo"),
    ]
    search_fields = [index.SearchField("name"), index.AutocompleteField("name")]

    class Meta:
        ordering = ["name"]
        verbose_name = "brand"
        verbose_name_plural = "brands"

    def __str__(self) -> str:
        return self.name


class Attribute(index.Indexed, ClusterableModel):
    """
    A property that goods can have, e.g. "Colour" with the values "Red" and "Blue".

    It keeps no revisions: its values are an inline list here, and products and variants point at them,
    which is only safe because no old revision can ever rebuild that list.
    """

    class Kind(models.TextChoices):
        CHOICE = "choice", "Choice from a list"
        MULTICHOICE = "multichoice", "Several choices from a list"
        SWATCH = "swatch", "Choice with a colour or picture"
        NUMBER = "number", "Number with a unit"
        BOOLEAN = "boolean", "Yes or no"
        TEXT = "text", "Text of one line"
        RICH_TEXT = "rich_text", "Formatted text"
        DATE = "date", "Date"
        FILE = "file", "File to download"
        REFERENCE = "reference", "Another product or page"

    LIST_KINDS = (Kind.CHOICE, Kind.MULTICHOICE, Kind.SWATCH)
    VARIANT_KINDS = (Kind.CHOICE, Kind.SWATCH)

    name = models.CharField("name", max_length=80, help_text="What shoppers read. Example: “Colour”.")
    slug = models.SlugField(
        "slug",
        max_length=80,
        unique=True,
        help_text="The name in filters and imports; links break when it changes. Example: “colour”.",
    )
    kind = models.CharField(
        "kind",
        max_length=12,
        choices=Kind.choices,
        default=Kind.CHOICE,
        help_text="Lists of choices and yes or no can be filters; a single choice can make variants.",
    )
    unit = models.CharField(
        "unit", max_length=20, blank=True, help_text="Shown behind a number. Example: “cm”, “W”."
    )
    is_filterable = models.BooleanField(
        "shoppers can filter by it", default=False, help_text="Offers the values beside lists of products."
    )
    makes_variants = models.BooleanField(
        "makes variants",
        default=False,
        help_text="Tick it when shoppers choose it before they buy, such as size or colour.",
    )
    is_searchable = models.BooleanField(
        "found by the search",
        default=False,
        db_default=False,
        help_text="Finds products by what is written here.",
    )
    in_grid = models.BooleanField(
        "shown in lists of the admin",
        default=False,
        db_default=False,
        help_text="Gives it a column in the list of products.",
    )
    is_visible = models.BooleanField(
        "shown on product pages", default=True, help_text="Untick it for attributes that only filters use."
    )
    sort_order = models.PositiveIntegerField(
        "position", default=0, help_text="Lower numbers come first among filters and on product pages."
    )

    base_form_class = AttributeForm
    panels = [
        TitleFieldPanel("name", targets=["slug"]),
        FieldPanel("slug", widget=SlugInput),
        FieldRowPanel([FieldPanel("kind"), FieldPanel("unit"), FieldPanel("sort_order")]),
        MultiFieldPanel(
            [
                FieldPanel("makes_variants"),
                FieldPanel("is_filterable"),
                FieldPanel("is_searchable"),
                FieldPanel("is_visible"),
                FieldPanel("in_grid"),
            ],
            heading="Where it is used",
        ),
        InlinePanel("values", heading="Values", label="Value"),
    ]
    search_fields = [index.SearchField("name"), index.AutocompleteField("name")]

    class Meta:
        ordering = ["sort_order", "name"]
        verbose_name = "attribute"
        verbose_name_plural = "attributes"

    def __str__(self) -> str:
        return self.name

    @property
    def has_values(self) -> bool:
        """Whether its values come from a list, rather than being typed per product."""
        return self.kind in self.LIST_KINDS

    @property
    def can_make_variants(self) -> bool:
        """Whether variants can be told apart by it."""
        return self.makes_variants and self.kind in self.VARIANT_KINDS

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; "yes" and "no" become values, so that filters treat them as any other choice."""
        if self.kind == self.Kind.BOOLEAN:
            held = {value.slug for value in self.values.all()} if self.pk else set()
            for position, (slug, label) in enumerate(YES_AND_NO):
                if slug not in held:
                    self.values.add(AttributeValue(slug=slug, label=label, sort_order=position))
        super().save(*args, **kwargs)


class AttributeValue(Orderable):
    """One value of a list attribute, e.g. "Red"."""

    attribute = ParentalKey(Attribute, on_delete=models.CASCADE, related_name="values")
    label = models.CharField("label", max_length=80, help_text="What shoppers read. Example: “Moss green”.")
    slug = models.SlugField(
        "slug", max_length=80, help_text="The value in filters and imports. Example: “moss-green”."
    )
    swatch = models.CharField(
        "swatch",
        max_length=7,
        blank=True,
        validators=[RegexValidator(r"\A#[0-9a-fA-F]{6}\Z", "Write a colour as #RRGGBB, such as #2f6f4e.")],
        help_text="Colour of the swatch as #RRGGBB. Example: “#2f6f4e”.",
    )

    swatch_image = models.ForeignKey(
        get_image_model_string(),
        verbose_name="picture of the swatch",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="For patterns and materials that no single colour shows.",
    )

    panels = [
        FieldRowPanel([FieldPanel("label"), FieldPanel("slug"), FieldPanel("swatch")]),
        FieldPanel("swatch_image"),
    ]

    class Meta(Orderable.Meta):
        verbose_name = "attribute value"
        verbose_name_plural = "attribute values"
        constraints = [
            models.UniqueConstraint(
                fields=["attribute", "slug"],
                name="catalogue_attributevalue_unique_slug",
                violation_error_message="Two values have the same slug: change one of them.",
            )
        ]

    def __str__(self) -> str:
        return self.label

    def is_used(self) -> bool:
        """Whether a product or a variant, archived ones included, has this value."""
        return self.product_attributes.exists() or self.variant_attributes.exists()
