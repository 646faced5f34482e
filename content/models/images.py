from __future__ import annotations

from django.db import models
from wagtail.images.models import AbstractImage, AbstractRendition


class CustomImage(AbstractImage):
    """
    A picture of the shop.

    Its alternative text is Wagtail's own ``description``, so that every chooser and block of the
    admin offers it by itself; where a picture is used, that place may say something better.
    """

    admin_form_fields = (
        "title",
        "file",
        "description",
        "credit",
        "collection",
        "tags",
        "focal_point_x",
        "focal_point_y",
        "focal_point_width",
        "focal_point_height",
    )

    credit = models.CharField(
        "credit",
        max_length=200,
        blank=True,
        help_text="Who made the picture, where that must be named. Example: “Photo: Ada Müller”.",
    )

    class Meta(AbstractImage.Meta):
        verbose_name = "image"
        verbose_name_plural = "images"
        permissions = [("choose_image", "Can choose image")]

    @property
    def alt_text(self) -> str:
        """What a reader who cannot see the picture is told; the title when no description was written."""
        return self.default_alt_text


class CustomRendition(AbstractRendition):
    """A picture in one size."""

    image = models.ForeignKey(CustomImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["image", "filter_spec", "focal_point_key"],
                name="content_rendition_unique",
            )
        ]
