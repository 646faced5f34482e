"""
The trail of what was done to a product: Wagtail's own log of pages, written without asking for what is in
hand.

Wagtail validates an entry before it writes it, and so looks for the page, its type, the revision and the
person, all of whom the action that is logged holds.
"""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from wagtail.log_actions import registry
from wagtail.models import Page, PageLogEntry
from wagtail.models.pages import PageLogEntryManager

from shop.core import clock

KEYS = ("content_type", "user", "revision", "page")


class ProductLogManager(PageLogEntryManager):
    """Writes an entry with one SQL statement."""

    def log_action(self, instance: Page, action: str, **kwargs: Any) -> PageLogEntry:
        """
        Write that ``action`` was done to the page.

        :raises ValidationError: if Wagtail knows no such action
        """
        entry = PageLogEntry(
            page=instance,
            content_type=ContentType.objects.get_for_model(instance, for_concrete_model=False),
            label=kwargs.pop("title", None) or self.get_instance_title(instance),
            action=action,
            timestamp=kwargs.pop("timestamp", None) or clock.now(),
            data=kwargs.pop("data", None) or {},
            **kwargs,
        )
        entry.clean_fields(exclude=KEYS)
        entry.clean()
        models.Model.save(entry, force_insert=True)
        return entry


class ProductLog:
    """Stands for the log of pages where Wagtail asks which log is that of a product."""

    objects = ProductLogManager()
    objects.model = PageLogEntry


def register(product_page: type[Page]) -> None:
    """Let Wagtail write what is done to products there; reports go on reading one log of all pages."""
    registry.log_entry_models_by_type.register(product_page, value=ProductLog)
