"""
The test database: migrated once per state of the migrations, cloned by every worker, restored after commits.

Migrating takes most of a minute, cloning a second. A test that commits is undone by writing back what the
migrations left, table by table and only where something changed, so no test sees what another one did.
"""

from __future__ import annotations

import fcntl
import hashlib
import io
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Protocol

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction

# Templates of this many states are kept, so that two checkouts on one server do not take turns in migrating.
KEPT = 4
PREFIX = "nexus_template_"


class TestDatabase(Protocol):
    """The database of one test worker, beside the template it is a clone of."""

    def set_up(self) -> None: ...

    def restore(self) -> None:
        """Undo what was committed since ``set_up``."""

    def drop(self) -> None: ...


def test_database() -> TestDatabase:
    return SqliteDatabase() if connection.vendor == "sqlite" else PostgresDatabase()


def state_of_migrations() -> str:
    """A digest of every file that decides what a migrated database looks like."""
    files = [Path(settings.BASE_DIR) / "shop" / "core" / "fields.py"]
    for app in apps.get_app_configs():
        files += sorted((Path(app.path) / "migrations").glob("*.py"))
    digest = hashlib.sha256()
    for file in files:
        digest.update(f"{file.parent.parent.name}/{file.name}\n".encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def _migrate(name: str) -> None:
    """Make the database ``name`` and migrate it."""
    connection.settings_dict["TEST"]["NAME"] = name
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    connection.close()


def _use(name: str) -> None:
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name
    connection.ensure_connection()


class PostgresDatabase:
    """A database of its own; what the migrations left in its tables is kept in memory."""

    def __init__(self) -> None:
        held = connection.settings_dict
        self.name = held["TEST"]["NAME"] or f"test_{held['NAME']}"
        self.template = f"{PREFIX}{held['USER']}_{state_of_migrations()}"
        self._tables: list[str] = []
        self._pristine: dict[str, tuple[str, bytes]] = {}

    def set_up(self) -> None:
        with connection._nodb_cursor() as cursor:
            # The worker that comes second waits here, and finds the template made.
            cursor.execute("SELECT pg_advisory_lock(hashtext(%s))", [self.template])
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [self.template])
            if cursor.fetchone() is None:
                self._make_template(cursor)
            cursor.execute(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')
            cursor.execute(f'CREATE DATABASE "{self.name}" TEMPLATE "{self.template}"')
        _use(self.name)
        self._keep_what_migrations_left()

    def _make_template(self, cursor: Any) -> None:
        unfinished = f"{self.template}_unfinished"
        _migrate(unfinished)
        cursor.execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{self.template}"')
        cursor.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE %s ORDER BY oid DESC OFFSET %s",
            [f"{PREFIX}%", KEPT],
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _keep_what_migrations_left(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1")
            self._tables = [name for (name,) in cursor.fetchall()]
            self._pristine = dict.fromkeys(self._changed(cursor), ("", b""))
            for name in self._pristine:
                rows = io.BytesIO()
                cursor.cursor.copy_expert(f'COPY "{name}" TO STDOUT', rows)
                cursor.execute(f"SELECT {_digest(name)}")
                self._pristine[name] = cursor.fetchone()[0], rows.getvalue()

    def restore(self) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            # As TRUNCATE would: whoever is still at work in a transaction ends it first.
            cursor.execute("LOCK TABLE " + ", ".join(f'"{name}"' for name in self._tables))
            changed = self._changed(cursor)
            if not changed:
                return
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            cursor.execute("; ".join(f'DELETE FROM "{name}"' for name in changed))
            for name in changed:
                if name in self._pristine:
                    cursor.cursor.copy_expert(
                        f'COPY "{name}" FROM STDIN', io.BytesIO(self._pristine[name][1])
                    )

    def _changed(self, cursor: Any) -> list[str]:
        """The tables that hold something else than after the migrations."""
        asked = [
            f"SELECT '{name}' WHERE {_digest(name)} IS DISTINCT FROM '{self._pristine[name][0]}'"
            if name in self._pristine
            else f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")"
            for name in self._tables
        ]
        cursor.execute(" UNION ALL ".join(asked))
        return [name for (name,) in cursor.fetchall()]

    def drop(self) -> None:
        connection.close()
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')


def _digest(table: str) -> str:
    return f"(SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM \"{table}\" t)"


class SqliteDatabase:
    """A file of its own, written over with the template's pages."""

    def __init__(self) -> None:
        self.file = Path(connection.settings_dict["TEST"]["NAME"])
        self.template = self.file.parent / f"test-template-{state_of_migrations()}.sqlite3"

    def set_up(self) -> None:
        with _one_at_a_time(self.file.parent / "test-template.lock"):
            if not self.template.exists():
                self._make_template()
            # Held open: another run may put a newer template into its place.
            self._source = sqlite3.connect(f"file:{self.template}?mode=ro", uri=True)
            self._source.execute("SELECT 1 FROM sqlite_master")
        _use(str(self.file))
        self.restore()

    def _make_template(self) -> None:
        unfinished = self.template.with_suffix(".unfinished")
        _migrate(str(unfinished))
        # One file, without the log of writes beside it.
        with closing(sqlite3.connect(unfinished)) as made:
            made.execute("PRAGMA journal_mode=DELETE")
        for former in self.template.parent.glob("test-template-*.sqlite3"):
            former.unlink()
        unfinished.rename(self.template)

    def restore(self) -> None:
        connection.ensure_connection()
        self._source.backup(connection.connection)

    def drop(self) -> None:
        self._source.close()
        connection.close()
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self.file}{suffix}").unlink(missing_ok=True)


@contextmanager
def _one_at_a_time(lock: Path) -> Iterator[None]:
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
