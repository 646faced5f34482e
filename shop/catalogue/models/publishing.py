"""
Which saves change what shoppers see.

The admin does not call ``publish()``: it runs Wagtail's actions, and a schedule, a workflow, a copy or
an alias each runs another. All of them end in ``save()``, so that is where the facts are recorded,
in the very transaction that makes them true.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import models
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
