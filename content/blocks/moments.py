"""Blocks that come and go by themselves."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock

from content.blocks.base import TONES, LinkBlock, SectionBlock

ZONE_HELP = "In your own time zone, which your account settings name."


class BannerBlock(SectionBlock):
    """An announcement that shows itself and goes away by itself."""

    eyebrow = blocks.CharBlock(max_length=60, required=False, help_text="Example: “Until Sunday”.")
    heading = blocks.CharBlock(max_length=90, help_text="Example: “A fifth off all lamps”.")
    text = blocks.TextBlock(max_length=300, required=False)
    image = ImageChooserBlock(required=False)
    link = LinkBlock(required=False)
    tone = blocks.ChoiceBlock(choices=TONES, default="accent")
    starts_at = blocks.DateTimeBlock(
        required=False, label="Shown from", help_text=f"Left empty: at once. {ZONE_HELP}"
    )
    ends_at = blocks.DateTimeBlock(
        required=False, label="Shown until", help_text=f"Left empty: until you remove it. {ZONE_HELP}"
    )

    class Meta:
        icon = "tag"
        label = "Promotion banner"
        group = "Shop"
        section = "banner"
        template = "content/sections/banner.html"
        description = "An announcement with a beginning and an end; it hides itself when its time is over."
        preview_value = {"eyebrow": "Until Sunday", "heading": "A fifth off all lamps", "tone": "accent"}

    def clean(self, value: Any) -> Any:
        """Refuse an end before the beginning."""
        cleaned = super().clean(value)
        starts_at, ends_at = cleaned.get("starts_at"), cleaned.get("ends_at")
        if starts_at and ends_at and ends_at <= starts_at:
            raise blocks.StructBlockValidationError(
                block_errors={"ends_at": ValidationError("The end must be later than the beginning.")}
            )
        return cleaned


class CountdownBlock(SectionBlock):
    """How long until something begins or ends."""

    heading = blocks.CharBlock(max_length=90, help_text="Example: “The winter sale begins”.")
    text = blocks.TextBlock(max_length=200, required=False)
    ends_at = blocks.DateTimeBlock(label="Counts down to", help_text=ZONE_HELP)
    text_after = blocks.CharBlock(
        max_length=200,
        required=False,
        label="Text afterwards",
        help_text="Example: “It is on!” Left empty, the countdown hides itself.",
    )
    link = LinkBlock(required=False)

    class Meta:
        icon = "time"
        label = "Countdown"
        group = "Shop"
        section = "countdown"
        template = "content/sections/countdown.html"
        description = "Days, hours and minutes until something begins or ends."
        preview_value = {
            "heading": "The winter sale begins",
            "text": "Be there in time.",
            "ends_at": "2999-12-01T08:00:00+00:00",
        }
