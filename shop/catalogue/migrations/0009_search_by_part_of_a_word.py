"""
Indexes for the search of the admin, which finds products by a part of a title or of a SKU.

They are made without locking anybody out. SQLite has none such, and a database whose owner may not add
`pg_trgm` does without them: the search is slower there, in large shops.
"""

from __future__ import annotations

import logging
from typing import Any

from django.db import migrations
from django.db.utils import Error

logger = logging.getLogger(__name__)

# The expression is Django's for `icontains`.
INDEXES = (
    ("catalogue_title_part_idx", "wagtailcore_page", "title"),
    ("catalogue_draft_title_part_idx", "wagtailcore_page", "draft_title"),
    ("catalogue_sku_part_idx", "catalogue_productvariant", "sku"),
)


def add_indexes(apps: Any, schema_editor: Any) -> None:
    """Make the indexes on PostgreSQL, if the extension is there or may be added."""
    if schema_editor.connection.vendor != "postgresql":
        return
    with schema_editor.connection.cursor() as cursor:
        try:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        except Error as refused:
            logger.warning("The search by parts of words goes without an index: %s", refused)
            return
        for name, table, column in INDEXES:
            cursor.execute(
                f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {name} "
                f"ON {table} USING gin (UPPER({column}::text) gin_trgm_ops)"
            )


def drop_indexes(apps: Any, schema_editor: Any) -> None:
    """Go back; the extension stays, for somebody else may use it."""
    if schema_editor.connection.vendor == "postgresql":
        with schema_editor.connection.cursor() as cursor:
            for name, _, _ in INDEXES:
                cursor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")


class Migration(migrations.Migration):
    """An index that is made beside running writers cannot be made in a transaction."""

    atomic = False

    dependencies = [
        ("catalogue", "0008_stored_readiness"),
    ]

    operations = [migrations.RunPython(add_indexes, drop_indexes)]
