from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.fields import RichTextField

ACCENT_HELP = (
    "The colour of the main panels and buttons, as #RRGGBB. Text on it turns light or dark by itself, "
    "so that it stays readable. Example: #1F4BFF."
)


@register_setting(icon="view", order=10)
class BrandSettings(BaseSiteSetting):
    """How the shop presents itself: name, logo, colour, footer."""

    name = models.CharField(max_length=80, blank=True, help_text="Left empty, the shop's name is shown.")
    tagline = models.CharField(max_length=140, blank=True, help_text="Example: “Things for people who mend”.")
    logo = models.ForeignKey(
        "content.CustomImage",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Shown at the top at 40 pixels high. Left empty, the name is set in type.",
    )
    accent_colour = models.CharField(
        max_length=7,
        blank=True,
        validators=[
            RegexValidator(r"^#[0-9A-Fa-f]{6}$", "Write the colour as #RRGGBB, for example #1F4BFF.")
        ],
        help_text=ACCENT_HELP,
    )
    announcement = models.CharField(
        max_length=140, blank=True, help_text="One line above the menu. Example: “Free delivery from €60”."
    )
    footer_text = RichTextField(blank=True, features=["bold", "italic", "link"])
    instagram_url = models.URLField("Instagram", blank=True)
    mastodon_url = models.URLField("Mastodon", blank=True)
    youtube_url = models.URLField("YouTube", blank=True)

    panels = [
        MultiFieldPanel(
            [
                FieldPanel("name"),
                FieldPanel("tagline"),
                FieldPanel("logo"),
                FieldPanel("accent_colour"),
                FieldPanel("announcement"),
            ],
            heading="Brand",
        ),
        MultiFieldPanel(
            [
                FieldPanel("footer_text"),
                FieldPanel("instagram_url"),
                FieldPanel("mastodon_url"),
                FieldPanel("youtube_url"),
            ],
            heading="Footer",
        ),
    ]

    class Meta:
        verbose_name = "brand"
        # Of no model by nature: who may put HTML by hand into pages.
        permissions = [("write_raw_html", "Can write HTML by hand")]


@register_setting(icon="warning", order=20)
class ErrorPages(BaseSiteSetting):
    """What a shopper reads when an address leads nowhere, or when something breaks."""

    not_found_heading = models.CharField(
        "heading", max_length=90, blank=True, help_text="Left empty: “This sign points nowhere”."
    )
    not_found_text = models.TextField(
        "text", max_length=400, blank=True, help_text="Two sentences that lead back into the shop."
    )
    not_found_menu = models.ForeignKey(
        "content.Menu",
        verbose_name="links",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="A menu whose links are offered below the text.",
    )
    broken_heading = models.CharField(
        "heading", max_length=90, blank=True, help_text="Left empty: “Something broke behind the counter”."
    )
    broken_text = models.TextField(
        "text",
        max_length=400,
        blank=True,
        help_text="Say how to reach you. It is shown even when the database is away.",
    )

    panels = [
        MultiFieldPanel(
            [
                FieldPanel("not_found_heading"),
                FieldPanel("not_found_text"),
                FieldPanel("not_found_menu"),
            ],
            heading="When an address leads nowhere (404)",
        ),
        MultiFieldPanel(
            [FieldPanel("broken_heading"), FieldPanel("broken_text")],
            heading="When something breaks (500)",
        ),
    ]

    class Meta:
        verbose_name = "error pages"
