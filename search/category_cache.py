"""
The head of a category's page (words, pictures, what is below it), kept until a category changes.

Whether the category may be seen, and what is in it, is asked at every request all the same.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from search.errors import CategoryNotFound
from search.selectors import get_category
from search.selectors.tree import CategoryTree
from search.values import CategoryData
from shop.catalogue.models import Category
from shop.pricing import audience

GENERATION_KEY = "search.category.generation"
# Only bounds how long a second process without a shared cache could show old words.
SECONDS = 60


def get_kept_category(*, slug: str, tree: CategoryTree) -> CategoryData:
    """
    The head of the page of one public category; its counts may be a minute old.

    :raises CategoryNotFound: if none is public under this slug
    """
    if slug not in tree.by_slug:
        raise CategoryNotFound
    key = f"search.category.{_generation()}.{audience.current().currency}.{slug}"
    kept: CategoryData | None = cache.get(key)
    if kept is None:
        kept = get_category(slug=slug, tree=tree)
        cache.set(key, kept, SECONDS)
    return kept


def _generation() -> str:
    generation: str | None = cache.get(GENERATION_KEY)
    if generation is None:
        generation = uuid.uuid4().hex
        cache.set(GENERATION_KEY, generation, None)
    return generation


@receiver([post_save, post_delete], sender=Category)
def forget_categories(**kwargs: Any) -> None:
    """Forget all heads, now and after the transaction that changes one."""
    cache.delete(GENERATION_KEY)
    # Once more after the commit: somebody may have kept the old state in between.
    transaction.on_commit(lambda: cache.delete(GENERATION_KEY))
