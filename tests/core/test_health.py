from unittest import mock

import pytest
from django.core.cache import cache
from django.test import Client

from nexus import health

pytestmark = pytest.mark.django_db


def test_a_living_process_says_so_and_asks_nobody(client: Client, django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        response = client.get("/livez")

    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert "no-store" in response["Cache-Control"]


def test_a_process_is_ready_when_all_it_needs_is_there(client: Client) -> None:
    response = client.get("/readyz")

    assert response.status_code == 200, response.json()
    assert set(response.json()["checks"].values()) == {"ok"}
    assert response.json()["checks"].keys() >= {"database", "migrations", "cache"}


@pytest.mark.parametrize("missing", ["database", "cache", "migrations"])
def test_what_is_missing_is_named_without_its_address(client: Client, missing: str) -> None:
    failure = ConnectionError("redis://secret@10.0.0.1")
    target = {"database": "check_database", "cache": "check_cache", "migrations": "check_migrations"}[missing]
    with mock.patch.object(health, target, side_effect=failure):
        response = client.get("/readyz")

    assert response.status_code == 503
    assert response["Retry-After"] == "5"
    assert response.json()["checks"][missing] == "unavailable"
    assert list(response.json()["checks"].values()).count("ok") >= 2
    assert b"10.0.0.1" not in response.content


def test_a_missing_migration_says_what_to_do(client: Client) -> None:
    health._no_migration_is_missing.cache_clear()
    with mock.patch("nexus.health.MigrationExecutor.migration_plan", return_value=["0002"]):
        response = client.get("/readyz")

    assert response.status_code == 503
    assert "manage.py migrate" in response.json()["checks"]["migrations"]


def test_a_cache_that_forgets_is_not_ready(client: Client) -> None:
    with mock.patch.object(cache, "get", return_value=None):
        response = client.get("/readyz")

    assert (response.status_code, response.json()["checks"]["database"]) == (503, "ok")


@pytest.mark.rabbitmq
def test_a_broker_that_does_not_answer_is_named_within_seconds(client: Client) -> None:
    from nexus.celery import app

    assert client.get("/readyz").json()["checks"]["broker"] == "ok"
    with mock.patch.dict(
        app.conf, {"broker_url": "amqp://127.0.0.1:1//", "broker_write_url": "amqp://127.0.0.1:1//"}
    ):
        response = client.get("/readyz")

    assert (response.status_code, response.json()["checks"]["broker"]) == (503, "unavailable")


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_health_is_only_read(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405
    assert client.head(path).status_code == 200
