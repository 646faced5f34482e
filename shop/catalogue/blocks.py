"""The blocks of long texts in the catalogue. Pages of content have richer ones of their own."""

from __future__ import annotations

from wagtail import blocks
from wagtail.images.blocks import ImageBlock

RICH_TEXT_FEATURES = ["bold", "italic", "link", "document-link", "ol", "ul"]


class FigureBlock(blocks.StructBlock):
    """A picture between paragraphs."""

    image = ImageBlock(label="Picture")
    caption = blocks.CharBlock(required=False, max_length=200, help_text="Shown below the picture.")

    class Meta:
        icon = "image"
        label = "Picture"
        template = "catalogue/blocks/figure.html"


class FactBlock(blocks.StructBlock):
    """One line of a table of facts."""

    name = blocks.CharBlock(max_length=80, help_text="Example: “Height”.")
    value = blocks.CharBlock(max_length=200, help_text="Example: “38 cm”.")


class BodyBlock(blocks.StreamBlock):
    """What the body of a product or category is made of."""

    heading = blocks.CharBlock(
        max_length=120,
        icon="title",
        template="catalogue/blocks/heading.html",
        help_text="A short heading. Example: “How to care for oak”.",
    )
    paragraph = blocks.RichTextBlock(
        features=RICH_TEXT_FEATURES, icon="pilcrow", template="catalogue/blocks/paragraph.html"
    )
    figure = FigureBlock()
    facts = blocks.ListBlock(
        FactBlock(), icon="list-ul", label="Table of facts", template="catalogue/blocks/facts.html"
    )
