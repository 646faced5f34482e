from __future__ import annotations

from django import forms
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import (
    FieldPanel,
    MultiFieldPanel,
    ObjectList,
    PageChooserPanel,
    PublishingPanel,
    TabbedInterface,
    TitleFieldPanel,
)
from wagtail.admin.widgets.slug import SlugInput
from wagtail.images import get_image_model_string
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    Orderable,
    PreviewableMixin,
    RevisionMixin,
    WorkflowMixin,
)
from wagtail.search import index

from shop.catalogue.models.products import ProductPage
from shop.catalogue.models.snippets import StorefrontSnippet
from shop.catalogue.rule_input import CollectionForm, RulePanel
from shop.core.comparisons import OrderedInlinePanel


class CollectionQuerySet(models.QuerySet["ProductCollection"]):
    """Collections by name."""

    def live(self) -> CollectionQuerySet:
        """What shoppers may see."""
        return self.filter(live=True)


class ProductCollection(
    StorefrontSnippet,
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    PreviewableMixin,
    index.Indexed,
    ClusterableModel,
):
    """
    Products put together, by hand in an order of choice, or by a rule, e.g. "Gifts under 50".

    ``rule`` is a predicate of :mod:`shop.catalogue.predicates`; which products match it is kept by the
    search app, in the transaction of every change.
    """

    noun = "collection"
    url_section = "collections"

    class Kind(models.TextChoices):
        BY_HAND = "by_hand", "By hand"
        BY_RULE = "by_rule", "By a rule"

    name = models.CharField("name", max_length=120, help_text="Example: “Gifts under 50”.")
    slug = models.SlugField(
        "slug",
        max_length=120,
        unique=True,
        help_text="The last part of the web address. Example: “gifts-under-50”.",
    )
    description = models.TextField(
        "introduction", blank=True, help_text="One or two sentences above the products."
    )
    kind = models.CharField(
        "how products come in",
        max_length=8,
        choices=Kind.choices,
        default=Kind.BY_HAND,
        db_default=Kind.BY_HAND,
        help_text="By hand: you choose and order them. By a rule: whatever matches is in it, at once.",
    )
    rule = models.JSONField("rule", null=True, blank=True)
    image = models.ForeignKey(
        get_image_model_string(),
        verbose_name="picture",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    image_alt = models.CharField(
        "alternative text",
        max_length=200,
        blank=True,
        help_text="What the picture shows, for those who cannot see it. Empty: the picture's own.",
    )
    seo_title = models.CharField(
        "title for search engines", max_length=120, blank=True, help_text="Leave empty to use the name."
    )
    seo_description = models.TextField("description for search engines", blank=True)

    workflow_states = GenericRelation(
        "wagtailcore.WorkflowState",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="product_collection",
        for_concrete_model=False,
    )

    objects = CollectionQuerySet.as_manager()

    base_form_class = CollectionForm
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    TitleFieldPanel("name", targets=["slug"]),
                    FieldPanel("slug", widget=SlugInput),
                    FieldPanel("description"),
                    MultiFieldPanel([FieldPanel("image"), FieldPanel("image_alt")], heading="Picture"),
                    FieldPanel("kind", widget=forms.RadioSelect),
                    RulePanel("rule", classname="rb-only-by-rule"),
                    OrderedInlinePanel(
                        "items", heading="Products", label="Product", classname="rb-only-by-hand"
                    ),
                ],
                heading="Content",
            ),
            ObjectList([FieldPanel("seo_title"), FieldPanel("seo_description")], heading="Search engines"),
            ObjectList([PublishingPanel()], heading="Schedule"),
        ]
    )
    search_fields = [index.SearchField("name"), index.AutocompleteField("name"), index.FilterField("live")]

    class Meta:
        ordering = ["name"]
        verbose_name = "collection"
        verbose_name_plural = "collections"

    def __str__(self) -> str:
        return self.name


class ProductCollectionItem(Orderable):
    """One product of a collection. Rebuilt by every publish: nothing may point at it."""

    collection = ParentalKey(ProductCollection, on_delete=models.CASCADE, related_name="items")
    product = models.ForeignKey(
        ProductPage, verbose_name="product", on_delete=models.CASCADE, related_name="collection_items"
    )

    panels = [PageChooserPanel("product")]

    class Meta(Orderable.Meta):
        verbose_name = "product of a collection"
        verbose_name_plural = "products of collections"

    def __str__(self) -> str:
        return str(self.product)
