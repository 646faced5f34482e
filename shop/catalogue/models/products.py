from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinLengthValidator
from django.db import models, transaction
from django.http import HttpRequest
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from taggit.models import TaggedItemBase
from wagtail.admin.panels import FieldPanel, PageChooserPanel
from wagtail.documents import get_document_model_string
from wagtail.fields import StreamField
from wagtail.images import get_image_model_string
from wagtail.models import COMMENTS_RELATION_NAME, Orderable, Page
from wagtail.search import index
from wagtail.utils.text import text_from_html

from shop.catalogue import panels as product_panels
from shop.catalogue.attributes.cleaning import clean_attribute_text
from shop.catalogue.blocks import BodyBlock
from shop.catalogue.forms import CategorySelect, ProductCopyForm, ProductPageForm
from shop.catalogue.media import clean_gallery_row
from shop.catalogue.models.attributes import Attribute, AttributeValue, Brand
from shop.catalogue.models.categories import Category
from shop.catalogue.models.drafts import ChecksItsDrafts
from shop.catalogue.models.inline_rows import WritesChangedRows
from shop.catalogue.models.log import register as register_log
from shop.catalogue.models.publishing import changes_content, index_for_search, references_updated_once
from shop.catalogue.models.snippets import contribute_context
from shop.catalogue.models.types import ProductType
from shop.core.outbox import record_event


class ProductIndexPage(Page):
    """The drawer of the page tree in which products lie; it has no words of its own."""

    introduction = models.TextField(
        "introduction", blank=True, help_text="One or two sentences above the list of all products."
    )

    content_panels = [*Page.content_panels, "introduction"]
    subpage_types = ["catalogue.ProductPage", "catalogue.ProductIndexPage"]
    page_description = "Holds products. One per shop is enough; more of them keep very large shops tidy."
    search_fields = Page.search_fields

    class Meta:
        verbose_name = "product folder"
        verbose_name_plural = "product folders"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The page's context and what others contribute by the hook ``nexus_product_index_context``."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return context | contribute_context("nexus_product_index_context", request, self)


class ProductTag(TaggedItemBase):
    """A word that merchandisers put on products to find and group them. Rebuilt by every publish."""

    content_object = ParentalKey("ProductPage", on_delete=models.CASCADE, related_name="tagged_items")


class ProductPage(ChecksItsDrafts, WritesChangedRows):
    """
    What a merchandiser writes about a product: words, pictures, attributes, its place in the shop.

    What machines write (variants, prices, stock, ratings) stands in plain tables beside it, because a
    published revision rebuilds everything that belongs to the page, however old the revision is.
    """

    summary = models.CharField(
        "summary",
        max_length=300,
        blank=True,
        help_text="One sentence for lists and search results. Example: “A dimmable oak lamp.”",
    )
    body = StreamField(
        BodyBlock(), blank=True, help_text="What it is, what it is made of, how to care for it."
    )
    brand = models.ForeignKey(
        Brand, verbose_name="brand", null=True, blank=True, on_delete=models.SET_NULL, related_name="products"
    )
    product_type = models.ForeignKey(
        ProductType,
        verbose_name="product type",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="products",
        help_text="Says which attributes it has and whether it is shipped. Save the draft to see its fields.",
    )
    tags = ClusterTaggableManager(through=ProductTag, blank=True, help_text="Example: “summer, gifts”.")
    # The key of the same product in another system, for imports; it is no part of a draft.
    external_id = models.CharField(max_length=100, null=True, unique=True, editable=False)
    # The slug once more, because pages keep slugs apart only below one parent and only in Python.
    slug_key = models.CharField(max_length=255, null=True, unique=True, editable=False)

    base_form_class = ProductPageForm
    copy_form_class = ProductCopyForm
    parent_page_types = ["catalogue.ProductIndexPage"]
    subpage_types: list[str] = []
    page_description = "Something the shop sells. Variants, prices and stock have a sheet of their own."

    content_panels = product_panels.content_panels
    promote_panels = product_panels.promote_panels
    settings_panels = Page.settings_panels
    search_fields = [
        *Page.search_fields,
        index.SearchField("summary"),
        index.FilterField("brand"),
    ]
    # A save hands the page to the index itself (index_for_search).
    search_auto_update = False
    exclude_fields_in_copy = ["slug_key", "external_id"]

    class Meta:
        verbose_name = "product"
        verbose_name_plural = "products"

    @property
    def variants_source(self) -> ProductPage:
        """
        The product whose variants, prices and stock this page sells: almost always itself.

        An alias sells those of its original, and a translation without variants of its own those of the
        oldest of its language siblings that has some. So no two pages ever keep stock of the same goods.
        """
        if self.alias_of_id:
            original: ProductPage | None = ProductPage.objects.filter(pk=self.alias_of_id).first()
            return original.variants_source if original else self
        if not settings.WAGTAIL_I18N_ENABLED:
            return self
        siblings = ProductPage.objects.filter(translation_key=self.translation_key, alias_of__isnull=True)
        others = siblings.exclude(pk=self.pk)
        if self.pk is None or not others.exists() or self.variants.exists():
            return self
        return others.filter(variants__isnull=False).order_by("pk").first() or self

    @classmethod
    def slug_is_free(cls, slug: str, *, except_for: int | None = None) -> bool:
        """Whether no other product of the shop has this slug, live or draft, wherever it is filed."""
        return not cls.objects.filter(slug_key=slug).exclude(pk=except_for).exists()

    @classmethod
    def find_free_slug(cls, wanted: str, *, except_for: int | None = None) -> str:
        """``wanted``, or ``wanted-2``, ``wanted-3``, … whichever no other product has."""
        wanted = wanted[:240]
        taken = set(
            cls.objects.filter(slug_key__startswith=wanted)
            .exclude(pk=except_for)
            .values_list("slug_key", flat=True)
        )
        candidate, suffix = wanted, 1
        while candidate in taken:
            suffix += 1
            candidate = f"{wanted}-{suffix}"
        return candidate

    def _get_autogenerated_slug(self, base_slug: str) -> str:
        return super()._get_autogenerated_slug(self.find_free_slug(base_slug, except_for=self.pk))

    def _check_slug_is_unique(self) -> None:
        if self.has_stored_slug():
            return
        super()._check_slug_is_unique()
        if self.alias_of_id is None and not self.slug_is_free(self.slug, except_for=self.pk):
            raise ValidationError(
                {
                    "slug": f"Another product uses “{self.slug}” already. "
                    f"Try “{self.find_free_slug(self.slug, except_for=self.pk)}”."
                }
            )

    @transaction.atomic
    def save(self, clean: bool = True, **kwargs: Any) -> None:
        """
        Save, and record ``product.published`` or ``product.unpublished`` when shoppers see a difference.

        :raises ValidationError: with ``clean``, if a live page is incomplete or its slug is another product's
        """
        update_fields = kwargs.get("update_fields")
        visible = changes_content(update_fields)
        was_live = False
        if visible:
            if clean:
                self._set_core_field_defaults()
            if self._state.adding and self.alias_of_id is None:
                # A folder copied with its products brings their slugs along.
                self.slug = self.find_free_slug(self.slug)  # type: ignore[has-type]
            elif not self.live:
                was_live = ProductPage.objects.filter(pk=self.pk, live=True).exists()
            self.slug_key = None if self.alias_of_id else self.slug
            if update_fields is not None and "slug" in update_fields:
                kwargs["update_fields"] = [*update_fields, "slug_key"]
        with references_updated_once(self, is_content=visible):
            super().save(clean=clean, **kwargs)
        index_for_search(self, is_content=visible)
        if visible:
            # A draft that is going live has none in memory, and Wagtail asks for them once more.
            self.forget_rows(except_for=[COMMENTS_RELATION_NAME] if self.has_no_comments() else [])
        if visible and (self.live or was_live):
            topic = "product.published" if self.live else "product.unpublished"
            record_event(topic, key=f"product:{self.pk}", payload={"product_id": self.pk})

    def with_content_json(self, content: dict[str, Any]) -> ProductPage:
        """The draft in ``content``, under the key that other systems know the product by now."""
        draft: ProductPage = super().with_content_json(content)
        draft.external_id = self.external_id
        return draft

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The page's context and what other apps contribute by the hook ``nexus_product_context``."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return context | contribute_context("nexus_product_context", request, self)


register_log(ProductPage)

# The lists below are brought in line by every published revision (rows may be deleted and inserted again):
# nothing may ever have a foreign key to them.


class ProductCategory(Orderable):
    """That a product lies in a category; the first one gives its breadcrumbs."""

    page = ParentalKey(ProductPage, on_delete=models.CASCADE, related_name="product_categories")
    category = models.ForeignKey(
        Category, verbose_name="category", on_delete=models.PROTECT, related_name="product_categories"
    )

    panels = [FieldPanel("category", widget=CategorySelect)]

    class Meta(Orderable.Meta):
        verbose_name = "category of a product"
        verbose_name_plural = "categories of products"

    def __str__(self) -> str:
        return str(self.category)


class ProductMedia(Orderable):
    """
    A picture or a film of a product; the first picture stands for it in lists.

    A film is a file of ours or an address that the shop embeds; its picture is what is seen before it plays.
    """

    page = ParentalKey(ProductPage, on_delete=models.CASCADE, related_name="media")
    image = models.ForeignKey(
        get_image_model_string(), verbose_name="picture", on_delete=models.CASCADE, related_name="+"
    )
    alt_text = models.CharField(
        "alternative text",
        max_length=200,
        validators=[MinLengthValidator(3)],
        help_text="What the picture shows, for those who cannot see it. Example: “Oak desk lamp, side view”.",
    )
    caption = models.CharField("caption", max_length=200, blank=True, help_text="Shown below the picture.")
    video_url = models.URLField(
        "address of a film",
        blank=True,
        default="",
        db_default="",
        help_text="YouTube or Vimeo. The picture above is shown until it is played.",
    )
    video_file = models.ForeignKey(
        get_document_model_string(),
        verbose_name="file of a film",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Or an MP4 or WebM file of your own.",
    )

    panels = ["image", "alt_text", "caption", "video_url", "video_file"]

    class Meta(Orderable.Meta):
        verbose_name = "picture of a product"
        verbose_name_plural = "pictures of products"

    def __str__(self) -> str:
        return self.alt_text

    def clean(self) -> None:
        """Refuse a film that could not be shown."""
        super().clean()
        clean_gallery_row(self)


class ProductAttribute(Orderable):
    """What a product as a whole is like, e.g. "Material: oak". What differs by variant stands there."""

    page = ParentalKey(ProductPage, on_delete=models.CASCADE, related_name="product_attributes")
    attribute = models.ForeignKey(
        Attribute, verbose_name="attribute", on_delete=models.PROTECT, related_name="+"
    )
    value = models.ForeignKey(
        AttributeValue,
        verbose_name="value",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="product_attributes",
    )
    # A number, "yes" or "no", a date as 2026-11-24, a line of text, or rich text, by the attribute's kind.
    text = models.TextField(
        "number or text",
        max_length=5000,
        blank=True,
        help_text="For attributes without a list of values. Example: “38.5”, “yes”, “hand-blown glass”.",
    )
    document = models.ForeignKey(
        get_document_model_string(),
        verbose_name="file",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
    )
    page_reference = models.ForeignKey(
        Page, verbose_name="page", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )

    class Meta(Orderable.Meta):
        verbose_name = "attribute of a product"
        verbose_name_plural = "attributes of products"

    def __str__(self) -> str:
        return f"{self.attribute}: {self.display_value}"

    @property
    def display_value(self) -> str:
        """What is read behind the attribute's name, as plain text and with its unit."""
        if self.value_id:
            return str(self.value)
        kinds, kind = Attribute.Kind, self.attribute.kind
        if kind == kinds.BOOLEAN:
            return "Yes" if self.text == "yes" else "No"
        if kind == kinds.RICH_TEXT:
            return " ".join(text_from_html(self.text).split())
        if kind == kinds.DATE and (day := parse_date(self.text)):
            return date_format(day, "j F Y")
        if kind in (kinds.FILE, kinds.REFERENCE):
            target = self.document if kind == kinds.FILE else self.page_reference
            return target.title if target else ""
        return f"{self.text} {self.attribute.unit}".strip()

    def clean(self) -> None:
        """Refuse what does not fit the kind of the attribute."""
        super().clean()
        if not self.attribute_id:
            return
        self.text = clean_attribute_text(attribute=self.attribute, value=self.value, text=self.text)
        kind = self.attribute.kind
        for field, needed in (
            ("document", kind == Attribute.Kind.FILE),
            ("page_reference", kind == Attribute.Kind.REFERENCE),
        ):
            if needed and getattr(self, f"{field}_id") is None:
                raise ValidationError({field: f"Choose the “{self.attribute}” of this product."})
            if not needed:
                setattr(self, field, None)


class ProductRelation(Orderable):
    """That a product leads to another, chosen by hand. Rebuilt by every publish: nothing may point at it."""

    class Kind(models.TextChoices):
        RELATED = "related", "Related: shown below the product"
        CROSS_SELL = "cross_sell", "Goes with it: shown in the cart as well"
        UP_SELL = "up_sell", "Better version of it"

    page = ParentalKey(ProductPage, on_delete=models.CASCADE, related_name="relations")
    product = models.ForeignKey(
        ProductPage, verbose_name="product", on_delete=models.CASCADE, related_name="related_from"
    )
    kind = models.CharField("kind", max_length=10, choices=Kind.choices, default=Kind.RELATED)

    panels = [PageChooserPanel("product"), FieldPanel("kind")]

    class Meta(Orderable.Meta):
        verbose_name = "related product"
        verbose_name_plural = "related products"

    def __str__(self) -> str:
        return str(self.product)
