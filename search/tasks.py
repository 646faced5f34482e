"""Celery's doors to the index. Each task bears being run twice; embedded, they are called as functions."""

from __future__ import annotations

from typing import Any

from celery import shared_task

from search.membership import refresh_rules_about
from search.page_search import refresh_new_title_norms


@shared_task(name="search.refresh_rules_by_age", ignore_result=True, queue="default")
def refresh_rules_by_age(**kwargs: Any) -> None:
    """Look up again what rules that count days match by now: nobody writes when a product grows old."""
    refresh_rules_about("age_days")


@shared_task(name="search.refresh_title_norms", ignore_result=True, queue="default")
def refresh_title_norms(**kwargs: Any) -> None:
    """Rank new titles of pages by their length."""
    refresh_new_title_norms()
