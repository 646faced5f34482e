"""
The blocks that editorial pages are built from.

Each block only says what a merchandiser may write. What a shopper sees is built by
``content.sections`` from the stored values, a whole page at once, so that a page costs the same few
queries whatever number of blocks it holds.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock
from wagtail.snippets.blocks import SnippetChooserBlock

RICH_TEXT_FEATURES = ["h2", "h3", "bold", "italic", "ol", "ul", "link", "document-link", "hr"]
SHORT_TEXT_FEATURES = ["bold", "italic", "link"]


class LinkBlock(blocks.StructBlock):
    """A link with a text: to a page, to a category, or to any address."""

    text = blocks.CharBlock(
        max_length=60, required=False, help_text="What the link says. Example: “Shop lamps”."
    )
    page = blocks.PageChooserBlock(required=False, help_text="A page of this shop.")
    category = SnippetChooserBlock("catalogue.Category", required=False, help_text="Or a category.")
    url = blocks.CharBlock(
        max_length=500,
        required=False,
        help_text="Or an address. Example: /search/?q=gift or https://example.org/.",
    )

    class Meta:
        icon = "link"
        label = "Link"

    def clean(self, value: Any) -> Any:
        """Ask for a text and one target, or neither."""
        cleaned = super().clean(value)
        targets = [name for name in ("page", "category", "url") if cleaned.get(name)]
        errors = {}
        if len(targets) > 1:
            errors[targets[1]] = ValidationError("Choose one target only: a page, a category or an address.")
        if targets and not cleaned.get("text"):
            errors["text"] = ValidationError("Write what the link says, for example “Shop lamps”.")
        if cleaned.get("text") and not targets:
            errors["page"] = ValidationError("Choose where the link leads: a page, a category or an address.")
        url = cleaned.get("url")
        if url and not is_safe_link(url):
            errors["url"] = ValidationError("Start the address with “/”, “https://”, “mailto:” or “tel:”.")
        if errors:
            raise blocks.StructBlockValidationError(block_errors=errors)
        return cleaned


def is_safe_link(url: str) -> bool:
    """Whether an address that somebody typed may become a link: never ``javascript:`` or ``//host``."""
    if url.startswith(("//", "/\\")):
        return False
    return url.startswith(("/", "#", "?", "https://", "http://", "mailto:", "tel:"))


class SectionBlock(blocks.StructBlock):
    """A block that is a whole section of a page."""

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Wagtail's context and the section to draw."""
        # Pages hand over all their sections at once; this serves a block that stands alone, as in
        # the preview of the admin's block chooser.
        from .sections import build_section

        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        context["section"] = build_section(self.meta.section, self.get_prep_value(value))
        return context


class HeroBlock(SectionBlock):
    """The opening of a page: picture and sign."""

    eyebrow = blocks.CharBlock(
        max_length=60, required=False, help_text="A few words above the heading. Example: “New this autumn”."
    )
    heading = blocks.CharBlock(
        max_length=90, help_text="The one thing that this page says. Up to about 8 words."
    )
    text = blocks.TextBlock(max_length=300, required=False, help_text="One or two sentences.")
    image = ImageChooserBlock(
        required=False,
        help_text="1600 pixels wide or more. Its description is read to those who cannot see it.",
    )
    links = blocks.ListBlock(
        LinkBlock(), min_num=0, max_num=2, default=[], help_text="The first is the main button."
    )
    tone = blocks.ChoiceBlock(
        choices=[("accent", "Accent colour"), ("ink", "Dark"), ("paper", "Light")],
        default="accent",
        help_text="The colour of the panel that the words stand on.",
    )

    class Meta:
        icon = "pick"
        label = "Hero"
        section = "hero"
        template = "content/sections/hero.html"
        description = "A large opening: heading, picture and up to two buttons."
        preview_value = {"eyebrow": "New this autumn", "heading": "Light for long evenings", "tone": "accent"}


class ImageTextBlock(SectionBlock):
    """A picture beside a few paragraphs."""

    image = ImageChooserBlock()
    eyebrow = blocks.CharBlock(max_length=60, required=False)
    heading = blocks.CharBlock(max_length=90)
    text = blocks.RichTextBlock(features=RICH_TEXT_FEATURES)
    link = LinkBlock(required=False)
    image_side = blocks.ChoiceBlock(choices=[("left", "Left"), ("right", "Right")], default="left")

    class Meta:
        icon = "image"
        label = "Picture and text"
        section = "image_text"
        template = "content/sections/image_text.html"
        description = "A picture beside a few paragraphs: a story, a maker, a material."


class ProductGridBlock(SectionBlock):
    """Products picked by hand."""

    heading = blocks.CharBlock(max_length=90, help_text="Example: “Made to last”.")
    text = blocks.TextBlock(max_length=200, required=False)
    products = blocks.ListBlock(
        blocks.PageChooserBlock(page_type="catalogue.ProductPage"),
        min_num=1,
        max_num=12,
        help_text="In the order in which they are shown. A product that is not live is left out by itself.",
    )
    link = LinkBlock(required=False, help_text="Example: “All lamps”.")
    layout = blocks.ChoiceBlock(
        choices=[("grid", "Grid"), ("rail", "One row that scrolls sideways")], default="grid"
    )

    class Meta:
        icon = "grip"
        label = "Products"
        section = "product_grid"
        template = "content/sections/product_grid.html"
        description = "Products chosen by hand, with live prices and stock."


class CategoryTileBlock(blocks.StructBlock):
    """A picture link to one category."""

    category = SnippetChooserBlock("catalogue.Category")
    image = ImageChooserBlock(required=False, help_text="Left empty, the category's own picture is shown.")
    label = blocks.CharBlock(
        max_length=60, required=False, help_text="Left empty, the category's name is shown."
    )

    class Meta:
        icon = "folder-open-inverse"
        label = "Category"


class CategoryTilesBlock(SectionBlock):
    """Picture links to parts of the catalogue."""

    heading = blocks.CharBlock(max_length=90, required=False)
    tiles = blocks.ListBlock(CategoryTileBlock(), min_num=1, max_num=8)

    class Meta:
        icon = "folder-open-inverse"
        label = "Category tiles"
        section = "category_tiles"
        template = "content/sections/category_tiles.html"
        description = "Large picture links into parts of the catalogue."


class ParagraphBlock(SectionBlock):
    """Running text."""

    text = blocks.RichTextBlock(features=RICH_TEXT_FEATURES)

    class Meta:
        icon = "pilcrow"
        label = "Text"
        section = "paragraph"
        template = "content/sections/paragraph.html"
        description = "Running text with headings, lists and links."


class QuoteBlock(SectionBlock):
    """One voice, set large."""

    quote = blocks.TextBlock(max_length=400)
    attribution = blocks.CharBlock(max_length=90, required=False, help_text="Who said it.")
    role = blocks.CharBlock(max_length=90, required=False, help_text="Example: “potter, Höhr-Grenzhausen”.")

    class Meta:
        icon = "openquote"
        label = "Quote"
        section = "quote"
        template = "content/sections/quote.html"
        description = "One voice, set large."


class QuestionBlock(blocks.StructBlock):
    """A question with its answer."""

    question = blocks.CharBlock(max_length=160)
    answer = blocks.RichTextBlock(features=["bold", "italic", "ol", "ul", "link"])

    class Meta:
        icon = "help"
        label = "Question"


class FaqBlock(SectionBlock):
    """Questions that open to their answers."""

    heading = blocks.CharBlock(max_length=90, required=False, help_text="Example: “Delivery and returns”.")
    items = blocks.ListBlock(QuestionBlock(), min_num=1, max_num=20)

    class Meta:
        icon = "help"
        label = "Questions and answers"
        section = "faq"
        template = "content/sections/faq.html"
        description = "Questions that open to their answers."


class PromiseBlock(blocks.StructBlock):
    """One short reason to buy here."""

    heading = blocks.CharBlock(max_length=60, help_text="Example: “Repairs for life”.")
    text = blocks.CharBlock(max_length=160, required=False)

    class Meta:
        icon = "tick"
        label = "Promise"


class PromisesBlock(SectionBlock):
    """Two to four short reasons to buy here."""

    items = blocks.ListBlock(PromiseBlock(), min_num=2, max_num=4)

    class Meta:
        icon = "tick"
        label = "Promises"
        section = "promises"
        template = "content/sections/promises.html"
        description = "Two to four short reasons to buy here: delivery, returns, repairs."


class StandardBlocks(blocks.StreamBlock):
    """Every section that an editorial page may hold."""

    hero = HeroBlock()
    image_text = ImageTextBlock()
    product_grid = ProductGridBlock()
    category_tiles = CategoryTilesBlock()
    promises = PromisesBlock()
    paragraph = ParagraphBlock()
    quote = QuoteBlock()
    faq = FaqBlock()

    class Meta:
        required = False
