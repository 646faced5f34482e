from __future__ import annotations

from typing import Any

from django.db import models
from wagtail.images.models import AbstractImage, AbstractRendition, SourceImageIOError

from content.colours import find_colour


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

    # Shown in the picture's place until it has arrived; found when a file is stored, #rrggbb.
    colour = models.CharField("colour", max_length=7, blank=True, default="", db_default="", editable=False)

    class Meta(AbstractImage.Meta):
        verbose_name = "image"
        verbose_name_plural = "images"
        permissions = [("choose_image", "Can choose image")]

    @property
    def alt_text(self) -> str:
        """What a reader who cannot see the picture is told; the title when no description was written."""
        return self.default_alt_text

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and find the colour of a file that is new."""
        # Django marks with this what it has not yet written into the storage.
        is_new_file = not getattr(self.file, "_committed", True)
        if self.file and (is_new_file or (self._state.adding and not self.colour)):
            self.find_colour()
            if (fields := kwargs.get("update_fields")) is not None:
                kwargs["update_fields"] = {*fields, "colour"}
        super().save(*args, **kwargs)

    def find_colour(self) -> None:
        """Read the colour of its file, without saving it; none where the file cannot be read."""
        try:
            with self.open_file() as file:
                self.colour = find_colour(file)
        except (SourceImageIOError, OSError):
            self.colour = ""


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
