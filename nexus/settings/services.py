"""
Which real services the tests run on.

A URL in the environment wins; otherwise a service that answers on its standard local port is used;
otherwise the embedded default. `NEXUS_EMBEDDED=1` forces the embedded default.
"""

import os
import socket

import psycopg2

STANDARD_LOGINS = ("postgres@", "postgres:postgres@", "nexus:nexus@", "")
VARIABLES = ("DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL")


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=0.5):
            return True
    except OSError:
        return False


def _postgres_url() -> str:
    for login in STANDARD_LOGINS:
        url = f"postgres://{login}127.0.0.1:5432/postgres"
        try:
            psycopg2.connect(url, connect_timeout=2).close()
        except psycopg2.OperationalError:
            continue
        return url.removesuffix("postgres") + "nexus"
    return ""


def detect() -> dict[str, str]:
    """Return the environment for the tests: the variables of `VARIABLES`, empty where embedded."""
    if os.environ.get("NEXUS_EMBEDDED") == "1":
        return dict.fromkeys(VARIABLES, "") | {"DATABASE_URL": "sqlite:///var/test.sqlite3"}
    return {
        "DATABASE_URL": os.environ.get("DATABASE_URL") or _postgres_url() or "sqlite:///var/test.sqlite3",
        "REDIS_URL": os.environ.get("REDIS_URL") or ("redis://127.0.0.1:6379/0" if _answers(6379) else ""),
        "CELERY_BROKER_URL": os.environ.get("CELERY_BROKER_URL")
        or ("amqp://guest:guest@127.0.0.1:5672//" if _answers(5672) else ""),
    }


def describe(environment: dict[str, str]) -> str:
    """Say in one line which services are real, for the head of a test run."""
    database = "PostgreSQL" if environment["DATABASE_URL"].startswith("postgres") else "SQLite (embedded)"
    cache = "Redis" if environment["REDIS_URL"] else "local memory (embedded)"
    broker = "RabbitMQ" if environment["CELERY_BROKER_URL"] else "in-process worker (embedded)"
    return f"services: database {database}, cache {cache}, broker {broker}"
