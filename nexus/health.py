"""Health: `/livez` says that the process lives, `/readyz` that it can serve and what is missing if not."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import cache as remember
from uuid import uuid4

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

logger = logging.getLogger(__name__)

# Seconds that one dependency may take to answer.
BROKER_TIMEOUT = 2


class NotReady(Exception):
    """A dependency answers, but not as it must."""


@never_cache
@require_safe
def livez(request: HttpRequest) -> JsonResponse:
    """Answer 200: this process takes requests. It asks nobody else, so that no outage restarts it."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Answer 200 when all that this process needs is there, otherwise 503 and which is not."""
    checks: dict[str, Callable[[], None]] = {
        "database": check_database,
        "migrations": check_migrations,
        "cache": check_cache,
    }
    if not settings.EMBEDDED:
        checks["broker"] = check_broker
    answers = {name: _answer(name, check) for name, check in checks.items()}
    ready = all(answer == "ok" for answer in answers.values())
    body = {"status": "ok" if ready else "unavailable", "checks": answers}
    return JsonResponse(body, status=200 if ready else 503, headers={} if ready else {"Retry-After": "5"})


def _answer(name: str, check: Callable[[], None]) -> str:
    try:
        check()
    except Exception as failure:
        logger.warning("%s is not ready", name, exc_info=True)
        # The reason is for the log: an address or a password in it is nobody's business.
        return str(failure) if isinstance(failure, NotReady) else "unavailable"
    return "ok"


def check_database() -> None:
    """Ask the database for something."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def check_migrations() -> None:
    """Look whether a migration of this code is missing; asked until none is, then remembered."""
    _no_migration_is_missing()


@remember
def _no_migration_is_missing() -> bool:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise NotReady("migrations are missing: run manage.py migrate")
    return True


def check_cache() -> None:
    """Write something into the cache and read it back."""
    key, value = f"readyz:{uuid4().hex}", uuid4().hex
    cache.set(key, value, timeout=10)
    if cache.get(key) != value:
        raise NotReady("the cache does not keep what it is given")
    cache.delete(key)


def check_broker() -> None:
    """Connect to the broker."""
    from nexus.celery import app

    with app.connection_for_write(connect_timeout=BROKER_TIMEOUT) as broker:
        broker.ensure_connection(max_retries=0, timeout=BROKER_TIMEOUT)
