"""The product editor, tab by tab."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Count
from django.forms import Media
from django.urls import reverse
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, Panel, TitleFieldPanel

from shop.catalogue.attributes.panel import AttributesPanel
from shop.catalogue.gallery_panel import GalleryPanel
from shop.core.comparisons import OrderedInlinePanel

VARIANTS_SHOWN = 12


class VariantsPanel(Panel):
    """What is on the product's sheet, and the way there."""

    class BoundPanel(Panel.BoundPanel):
        """Reads what stands now: it is no part of the draft in the editor."""

        template_name = "catalogue/admin/variants_panel.html"

        def get_context_data(self, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
            """Add the first variants, with the first column of every app's part of the sheet."""
            context: dict[str, Any] = super().get_context_data(parent_context)
            context["is_saved"] = bool(self.instance.pk)
            if self.instance.pk:
                context |= self._variants()
            return context

        def _variants(self) -> dict[str, Any]:
            from shop.catalogue.grid import registered_columns

            source = self.instance.variants_source
            active = source.variants.active()
            variants = list(active.annotate(part_count=Count("components"))[:VARIANTS_SHOWN])
            headings = []
            for variant in variants:
                variant.texts = []
            for brought in registered_columns():
                columns = brought.columns(source)
                if not columns:
                    continue
                headings.append(columns[0].heading)
                loaded = brought.load(variants)
                for variant in variants:
                    variant.texts.append(loaded.get(variant.pk, {}).get(columns[0].name, ""))
            return {
                "variants": variants,
                "headings": headings,
                "more": max(0, active.count() - VARIANTS_SHOWN),
                "url": reverse("catalogue_variants", args=[source.pk]),
                "matrix_url": reverse("catalogue_variant_matrix", args=[source.pk]),
                "source": source if source.pk != self.instance.pk else None,
                "may_bundle": self.request.user.has_perm("catalogue.change_productvariant"),
            }

        @property
        def media(self) -> Media:
            """Needs none."""
            return Media()


content_panels = [
    TitleFieldPanel(
        "title", placeholder="Product title", help_text="What shoppers read. Example: “Oak desk lamp”."
    ),
    FieldPanel("summary"),
    GalleryPanel(
        "media",
        chooser_field_name="image",
        heading="Pictures",
        label="Picture",
        help_text="The first picture stands for the product in lists.",
    ),
    OrderedInlinePanel(
        "product_categories",
        heading="Categories",
        label="Category",
        help_text="The first category gives the breadcrumbs on the product page.",
    ),
    VariantsPanel(heading="Variants, prices and stock", icon="table"),
    FieldPanel("brand"),
    FieldPanel("tags"),
    MultiFieldPanel(
        [
            FieldPanel(
                "product_type",
                widget=forms.Select,
                help_text="Says which attributes it has and whether it is shipped. Example: “Lamp”.",
            ),
            AttributesPanel(heading="Attributes of the product as a whole"),
        ],
        heading="Type and attributes",
        icon="list-ul",
        help_text="What the product as a whole is like. Sizes to choose from belong to its variants.",
    ),
    FieldPanel("body"),
    OrderedInlinePanel(
        "relations",
        heading="Goes with it",
        label="Product",
        help_text="Chosen by hand and shown first; best-sellers of its category fill the rest. "
        "Example: the bulbs of a lamp, as “Goes with it”.",
    ),
]

promote_panels = [
    MultiFieldPanel(
        [
            FieldPanel("slug", help_text="The last part of the web address. Example: “oak-desk-lamp”."),
            FieldPanel("seo_title", help_text="Leave empty to use the title."),
            FieldPanel("search_description", help_text="One or two sentences for search engines."),
        ],
        heading="Search engines",
    ),
]
