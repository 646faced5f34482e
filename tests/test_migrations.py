"""Migrations are complete, and safe to run while the version before them still serves shoppers."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django_migration_linter import MigrationLinter

pytestmark = pytest.mark.django_db


def test_models_and_migrations_agree() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_a_value_that_the_database_makes_is_known_before_saving() -> None:
    # A form of something new would otherwise show Django's placeholder for it, and take it for typed.
    unknown = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model.__module__.startswith(("shop.", "content.", "search."))
        for field in model._meta.local_concrete_fields
        if field.has_db_default() and not field.has_default()
    ]

    assert not unknown


@pytest.mark.postgres
def test_no_migration_stops_the_running_version() -> None:
    ours = [
        config.label
        for config in apps.get_app_configs()
        if config.name.startswith(("shop.", "content", "search"))
    ]
    linter = MigrationLinter(
        path=str(settings.BASE_DIR),
        include_apps=ours,
        # Widens texts only, which PostgreSQL does in its catalogue; the linter knows no widths.
        ignore_name=["0003_wider_attribute_texts"],
        no_cache=True,
        quiet=["ok", "ignore"],
    )

    linter.lint_all_migrations()

    assert linter.nb_total > 0
    assert not linter.has_errors
