"""
Two indexes of tables that shoppers write to all the time, made without locking anybody out.

SQLite has one writer at a time anyway, and makes them as usual.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations, models
from django.db.models import Q
from django.db.models.functions import Lower

ONE_PER_VARIANT = models.UniqueConstraint(
    fields=["order", "variant"],
    condition=Q(is_gift=False),
    name="orders_line_one_per_variant_paid",
)
FOLDED_EMAIL = models.Index(Lower("email"), name="orders_by_folded_email")
CONCURRENTLY = {
    "orders_line_one_per_variant_paid": (
        "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS orders_line_one_per_variant_paid "
        "ON orders_orderline (order_id, variant_id) WHERE NOT is_gift"
    ),
    "orders_by_folded_email": (
        "CREATE INDEX CONCURRENTLY IF NOT EXISTS orders_by_folded_email ON orders_order (LOWER(email))"
    ),
}


def add_indexes(apps: Any, schema_editor: Any) -> None:
    """Make both."""
    if schema_editor.connection.vendor == "postgresql":
        with schema_editor.connection.cursor() as cursor:
            for statement in CONCURRENTLY.values():
                cursor.execute(statement)
        return
    schema_editor.add_constraint(apps.get_model("orders", "OrderLine"), ONE_PER_VARIANT)
    schema_editor.add_index(apps.get_model("orders", "Order"), FOLDED_EMAIL)


def drop_indexes(apps: Any, schema_editor: Any) -> None:
    """Go back."""
    if schema_editor.connection.vendor == "postgresql":
        with schema_editor.connection.cursor() as cursor:
            for name in CONCURRENTLY:
                cursor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
        return
    schema_editor.remove_index(apps.get_model("orders", "Order"), FOLDED_EMAIL)
    schema_editor.remove_constraint(apps.get_model("orders", "OrderLine"), ONE_PER_VARIANT)


class Migration(migrations.Migration):
    """An index that is made beside running writers cannot be made in a transaction."""

    atomic = False

    dependencies = [("orders", "0003_promotions")]

    operations = [
        migrations.RunPython(add_indexes, drop_indexes),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AddConstraint(model_name="orderline", constraint=ONE_PER_VARIANT),
                migrations.AddIndex(model_name="order", index=FOLDED_EMAIL),
            ],
        ),
    ]
