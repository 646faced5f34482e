"""Films, tables, and HTML by hand."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.contrib.table_block.blocks import TableBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

from content.blocks.base import SectionBlock
from shop.catalogue.films import validate_film_url

FILM_TYPES = ("mp4", "webm")


class VideoBlock(SectionBlock):
    """A film; nothing of its provider is loaded before a shopper presses play."""

    heading = blocks.CharBlock(max_length=90, required=False)
    title = blocks.CharBlock(
        max_length=120,
        help_text="What the film shows, for those who cannot see it. Example: “How we turn a bowl”.",
    )
    url = blocks.CharBlock(
        max_length=300,
        required=False,
        label="Address",
        validators=[validate_film_url],
        help_text="On YouTube or Vimeo. Example: https://vimeo.com/76979871",
    )
    file = DocumentChooserBlock(required=False, help_text="Or an MP4 or WebM file of your own.")
    poster = ImageChooserBlock(required=False, help_text="Shown until the film plays.")
    caption = blocks.CharBlock(max_length=200, required=False)

    class Meta:
        icon = "media"
        label = "Film"
        group = "Words and pictures"
        section = "video"
        template = "content/sections/video.html"
        description = "A film of your own, or of YouTube or Vimeo, that plays on request."
        preview_value = {"title": "How we turn a bowl", "url": "https://vimeo.com/76979871"}

    def clean(self, value: Any) -> Any:
        """Ask for one film, of a kind that browsers play."""
        cleaned = super().clean(value)
        errors = {}
        if bool(cleaned.get("url")) == bool(cleaned.get("file")):
            errors["url"] = ValidationError("Give one of them: an address, or a file of your own.")
        elif cleaned.get("file") and cleaned["file"].file_extension.lower() not in FILM_TYPES:
            errors["file"] = ValidationError("Choose an MP4 or WebM file: browsers play no other.")
        if errors:
            raise blocks.StructBlockValidationError(block_errors=errors)
        return cleaned


class ComparisonBlock(SectionBlock):
    """A table, e.g. of sizes."""

    caption = blocks.CharBlock(
        max_length=120, help_text="What the table tells; shown above it. Example: “Sizes in centimetres”."
    )
    table = TableBlock(table_options={"minSpareRows": 0, "startRows": 3, "startCols": 3})

    class Meta:
        icon = "table"
        label = "Table"
        group = "Words and pictures"
        section = "table"
        template = "content/sections/table.html"
        description = "A table, for sizes or comparisons."
        preview_value = {
            "caption": "Sizes in centimetres",
            "table": {
                "data": [["", "Width", "Height"], ["Small", "12", "9"], ["Large", "18", "13"]],
                "table_header_choice": "both",
                "first_row_is_table_header": True,
                "first_col_is_header": True,
            },
        }


class HtmlBlock(SectionBlock):
    """HTML as it is; only for those with the right to write it."""

    html = blocks.RawHTMLBlock(
        label="HTML",
        help_text="Shown as it is. Its scripts and styles do not run: the security policy forbids it.",
    )

    class Meta:
        icon = "code"
        label = "HTML"
        group = "Expert"
        section = "raw_html"
        template = "content/sections/raw_html.html"
        description = "HTML as it is. Only for those who have the right to write it."
        preview_value = {"html": "<p><strong>HTML</strong> as it is.</p>"}
