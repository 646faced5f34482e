from __future__ import annotations

from django.conf import settings
from django.db import models


class SavedView(models.Model):
    """A search and filters of the list of products under a name: a tab above the list."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name="owner"
    )
    name = models.CharField("name", max_length=60, help_text="Example: “Lamps without a picture”.")
    query = models.CharField(max_length=2000, blank=True)
    is_shared = models.BooleanField("shown to everybody", default=False)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = "saved view"
        verbose_name_plural = "saved views"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "name"],
                name="catalogue_savedview_once",
                violation_error_message="You have a view of this name already.",
            )
        ]

    def __str__(self) -> str:
        return self.name
