"""The product editor, tab by tab."""

from __future__ import annotations

from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.models import Page

content_panels = [
    *Page.content_panels,
    FieldPanel("summary"),
    InlinePanel(
        "media",
        heading="Pictures",
        label="Picture",
        help_text="The first picture stands for the product in lists.",
    ),
    InlinePanel(
        "product_categories",
        heading="Categories",
        label="Category",
        help_text="The first category gives the breadcrumbs on the product page.",
    ),
    FieldPanel("brand"),
    InlinePanel(
        "product_attributes",
        heading="Attributes",
        label="Attribute",
        help_text="What the product as a whole is like. Sizes to choose from belong to its variants.",
    ),
    FieldPanel("body"),
]

promote_panels = [
    MultiFieldPanel(
        [
            FieldPanel("slug", help_text="The last part of the web address. Example: “oak-desk-lamp”."),
            FieldPanel("seo_title", help_text="Leave empty to use the title."),
            FieldPanel(
                "search_description",
                help_text="One or two sentences for search engines.",
            ),
        ],
        heading="Search engines",
    ),
]
