"""
Which saves change what shoppers see.

The admin does not call ``publish()``: it runs Wagtail's actions, and a schedule, a workflow, a copy or
an alias each runs another. All of them end in ``save()``, so that is where the facts are recorded,
in the very transaction that makes them true.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import models
from modelcluster.models import model_from_serializable_data
from wagtail.models import ReferenceIndex

# Columns that Wagtail writes when a draft, a lock or the tree's bookkeeping changes, and nothing goes live.
BOOKKEEPING = frozenset(
    {
        "depth",
        "draft_title",
        "first_published_at",
        "has_unpublished_changes",
        "last_published_at",
        "latest_revision",
        "latest_revision_created_at",
        "live_revision",
        "locked",
        "locked_at",
        "locked_by",
        "numchild",
        "wagtail_admin_comments",
    }
)


def changes_content(update_fields: Iterable[str] | None) -> bool:
    """Whether a save with these ``update_fields`` changes what shoppers see (``None`` saves everything)."""
    return update_fields is None or not BOOKKEEPING.issuperset(update_fields)


@contextmanager
def references_updated_once(thing: models.Model, *, is_content: bool) -> Iterator[None]:
    """
    Update the reference index once for a save, from memory.

    Wagtail does it for the page and again for each of its inline rows, and reads the whole page back
    every time: half of the queries of a publish. Bookkeeping changes no reference at all.
    """
    # The module asks for the page model when it is imported, before models are there.
    from wagtail.signal_handlers import (
        disable_reference_index_auto_update,
        reference_index_auto_update_disabled,
    )

    if getattr(reference_index_auto_update_disabled, "value", False):
        yield
        return
    with disable_reference_index_auto_update():
        yield
    if is_content:
        ReferenceIndex.create_or_update_for_object(thing)


class DroppedWithItsTarget(models.Model):
    """
    An inline row whose old drafts survive the deletion of what they point at: the row is left out.

    Rows in the database protect their target. A revision cannot, and modelcluster raises for a protected
    target that is gone: the page with such a draft could not even be opened.
    """

    class Meta:
        abstract = True

    @classmethod
    def from_serializable_data(
        cls, data: dict[str, Any], check_fks: bool = True, strict_fks: bool = False
    ) -> Any:
        """Build the row from a revision; ``None`` when something that it must have is gone."""
        targets = [
            field for field in cls._meta.concrete_fields if isinstance(field, models.ForeignKey) and check_fks
        ]
        kept = dict(data)
        for field in targets:
            key = data.get(field.name)
            if key is None or field.remote_field.model._default_manager.filter(pk=key).exists():
                continue
            if not field.null or field.remote_field.on_delete is not models.SET_NULL:
                return None
            kept[field.name] = None
        return model_from_serializable_data(cls, kept, check_fks=False)
