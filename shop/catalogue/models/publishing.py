"""
Which saves change what shoppers see.

The admin does not call ``publish()``: it runs Wagtail's actions, and a schedule, a workflow, a copy or
an alias each runs another. All of them end in ``save()``, so that is where the facts are recorded,
in the very transaction that makes them true.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import models
from modelsearch.backends import get_search_backends
from wagtail.models import ReferenceIndex

logger = logging.getLogger(__name__)

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


def index_for_search(page: models.Model, *, is_content: bool) -> None:
    """
    Bring a page that has just been saved into the index that the admin searches in, from memory.

    Wagtail reads the page back for it, twice, at every save. The database's own index holds nothing but
    words; bookkeeping matters only to search engines that keep the columns of pages as well.
    """
    for backend in get_search_backends(with_auto_update=True):
        if not (is_content or backend.catch_indexing_errors):
            continue
        try:
            backend.add(page)
        except Exception:
            if not backend.catch_indexing_errors:
                raise
            logger.exception("%r could not be handed to the search engine", page)
