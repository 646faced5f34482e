from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.models import Orderable

from content.blocks import is_safe_link


class Menu(ClusterableModel):
    """A list of links that templates and frontends ask for by its handle."""

    name = models.CharField(max_length=80, help_text="For the admin. Example: “Main menu”.")
    handle = models.SlugField(
        unique=True,
        help_text="What templates and the API ask for: “main” is the bar at the top, “footer” the foot.",
    )

    panels = [
        FieldPanel("name"),
        FieldPanel("handle"),
        InlinePanel(
            "items", heading="Links", label="Link", help_text="From left to right, or top to bottom."
        ),
    ]

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class MenuItem(Orderable):
    """One link of a menu. Shown only while its target is live and public."""

    menu = ParentalKey(Menu, on_delete=models.CASCADE, related_name="items")
    title = models.CharField(
        max_length=60, blank=True, help_text="Left empty, the name of the page or category is shown."
    )
    page = models.ForeignKey(
        "wagtailcore.Page", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    category = models.ForeignKey(
        "catalogue.Category", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    url = models.CharField("address", max_length=500, blank=True, help_text="Example: /search/?on_sale=true")
    group = models.CharField(
        "heading",
        max_length=60,
        blank=True,
        help_text="Links with one heading stand together: a column of the footer, a fold-out of the menu. "
        "Example: “Service”. A category shows what is below it by itself.",
    )

    panels = [
        FieldPanel("title"),
        FieldPanel("page"),
        FieldPanel("category"),
        FieldPanel("url"),
        FieldPanel("group"),
    ]

    class Meta(Orderable.Meta):
        constraints = [
            models.CheckConstraint(
                name="content_menuitem_one_target",
                condition=(
                    models.Q(page__isnull=False, category__isnull=True, url="")
                    | models.Q(page__isnull=True, category__isnull=False, url="")
                    | (models.Q(page__isnull=True, category__isnull=True) & ~models.Q(url=""))
                ),
                violation_error_message="Choose one target: a page, a category or an address.",
            )
        ]

    def __str__(self) -> str:
        return self.title or str(self.page or self.category or self.url)

    def clean(self) -> None:
        """Refuse addresses that are not safe, and addresses without a title."""
        super().clean()
        if self.url and not is_safe_link(self.url):
            raise ValidationError({"url": "Start the address with “/”, “https://”, “mailto:” or “tel:”."})
        if self.url and not self.title:
            raise ValidationError({"title": "A link to an address needs a title."})
