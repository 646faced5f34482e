"""Blocks of words and pictures."""

from __future__ import annotations

from typing import Any

from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock

from content.blocks import samples
from content.blocks.base import RICH_TEXT_FEATURES, TONES, LinkBlock, SectionBlock


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
        choices=TONES,
        default="accent",
        help_text="The colour of the panel that the words stand on.",
    )

    class Meta:
        icon = "pick"
        label = "Hero"
        group = "Words and pictures"
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

    def get_preview_value(self) -> Any:
        """The first picture of the shop beside a few words."""
        return self.to_python(
            {"image": samples.a_picture(), "heading": "Turned by hand", "text": "<p>A few paragraphs.</p>"}
        )

    class Meta:
        icon = "image"
        label = "Picture and text"
        group = "Words and pictures"
        section = "image_text"
        template = "content/sections/image_text.html"
        description = "A picture beside a few paragraphs: a story, a maker, a material."


class ParagraphBlock(SectionBlock):
    """Running text."""

    text = blocks.RichTextBlock(features=RICH_TEXT_FEATURES)

    class Meta:
        icon = "pilcrow"
        label = "Text"
        group = "Words and pictures"
        section = "paragraph"
        template = "content/sections/paragraph.html"
        description = "Running text with headings, lists and links."
        preview_value = {"text": "<p>Running text with <b>headings</b>, lists and links.</p>"}


class QuoteBlock(SectionBlock):
    """One voice, set large."""

    quote = blocks.TextBlock(max_length=400)
    attribution = blocks.CharBlock(max_length=90, required=False, help_text="Who said it.")
    role = blocks.CharBlock(max_length=90, required=False, help_text="Example: “potter, Höhr-Grenzhausen”.")

    class Meta:
        icon = "openquote"
        label = "Quote"
        group = "Words and pictures"
        section = "quote"
        template = "content/sections/quote.html"
        description = "One voice, set large."
        preview_value = {"quote": "Nothing is finished that cannot be mended.", "attribution": "The workshop"}


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
        group = "Words and pictures"
        section = "faq"
        template = "content/sections/faq.html"
        description = "Questions that open to their answers."
        preview_value = {
            "heading": "Delivery and returns",
            "items": [{"question": "How long does it take?", "answer": "<p>Two or three days.</p>"}],
        }


class PromiseBlock(blocks.StructBlock):
    """One short reason to buy here."""

    heading = blocks.CharBlock(max_length=60, help_text="Example: “Repairs for life”.")
    text = blocks.CharBlock(max_length=160, required=False)

    class Meta:
        icon = "check"
        label = "Promise"


class PromisesBlock(SectionBlock):
    """Two to four short reasons to buy here."""

    items = blocks.ListBlock(PromiseBlock(), min_num=2, max_num=4)

    class Meta:
        icon = "check"
        label = "Promises"
        group = "Words and pictures"
        section = "promises"
        template = "content/sections/promises.html"
        description = "Two to four short reasons to buy here: delivery, returns, repairs."
        preview_value = {"items": [{"heading": "Repairs for life"}, {"heading": "Thirty days to return"}]}


class TestimonialBlock(blocks.StructBlock):
    """What one customer said."""

    quote = blocks.TextBlock(max_length=400)
    name = blocks.CharBlock(max_length=90, help_text="Example: “A. M., Bremen”. Ask before you print a name.")
    role = blocks.CharBlock(max_length=90, required=False, help_text="Example: “bought the oak desk lamp”.")
    rating = blocks.ChoiceBlock(
        choices=[(str(stars), f"{stars} star{'s' if stars > 1 else ''}") for stars in range(5, 0, -1)],
        required=False,
        help_text="Leave empty to show no stars.",
    )
    picture = ImageChooserBlock(required=False)

    class Meta:
        icon = "openquote"
        label = "Testimonial"


class TestimonialsBlock(SectionBlock):
    """What customers say."""

    heading = blocks.CharBlock(max_length=90, required=False, help_text="Example: “From people who use it”.")
    items = blocks.ListBlock(TestimonialBlock(), min_num=1, max_num=9)

    class Meta:
        icon = "group"
        label = "Testimonials"
        group = "Words and pictures"
        section = "testimonials"
        template = "content/sections/testimonials.html"
        description = "What customers say, with stars and pictures."
        preview_value = {
            "heading": "From people who use it",
            "items": [
                {"quote": "It has been on every evening since.", "name": "A customer", "rating": "5"},
                {"quote": "Arrived whole, and two days early.", "name": "Another one", "rating": "4"},
            ],
        }


class NewsletterBlock(SectionBlock):
    """A form for the newsletter."""

    heading = blocks.CharBlock(max_length=90, help_text="Example: “Letters from the workshop”.")
    text = blocks.TextBlock(
        max_length=300, required=False, help_text="What comes, and how often. Example: “Once a month.”"
    )

    class Meta:
        icon = "mail"
        label = "Newsletter"
        group = "Shop"
        section = "newsletter"
        template = "content/sections/newsletter.html"
        description = "Asks for an e-mail address; whoever leaves one confirms it by a link first."
        preview_value = {"heading": "Letters from the workshop", "text": "Once a month, no more."}
