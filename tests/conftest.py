"""What every test shares: the services line, markers of real services, a clean cache."""

import os
import shutil
import uuid
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.cache import caches
from django.test import TransactionTestCase
from pytest_django.plugin import DjangoDbBlocker

from nexus.settings import services
from tests.databases import test_database

REAL = {
    "postgres": lambda: settings.DATABASES["default"]["ENGINE"].endswith("postgresql"),
    "redis": lambda: bool(settings.REDIS_URL),
    "rabbitmq": lambda: bool(settings.CELERY_BROKER_URL),
}

# Folders and modules whose tests take seconds each.
SLOW = (
    "tests/browser/",
    "tests/concurrency/",
    "tests/faults/",
    "tests/admin/",
    "tests/inventory/test_ledger_machine.py",
    "tests/search/test_rules_agree.py",
    "tests/spreadsheets/test_round_trip.py",
)


def pytest_report_header() -> str:
    return services.describe({name: os.environ.get(name, "") for name in services.VARIABLES})


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--second",
        action="store_true",
        help="the whole suite runs elsewhere too: leave out what no service can make differ",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """
    Leave out what needs a service that this run does not have, and what a second run need not repeat.

    Both count as deselected. The slow ones come first, or one of them would be all that runs at the end.
    """
    missing = {marker for marker, is_there in REAL.items() if not is_there()}
    second = config.getoption("--second")
    kept, left_out = [], []
    for item in items:
        needs = any(item.get_closest_marker(marker) for marker in missing)
        (left_out if needs or (second and _once_is_enough(item)) else kept).append(item)
    if left_out:
        config.hook.pytest_deselected(items=left_out)
    items[:] = sorted(kept, key=lambda item: not item.nodeid.startswith(SLOW))


def _once_is_enough(item: pytest.Item) -> bool:
    """Journeys in a browser, modules marked ``once``, and what touches no database."""
    if item.get_closest_marker("browser") or item.get_closest_marker("once"):
        return True
    fixtures = set(getattr(item, "fixturenames", ()))
    return not item.get_closest_marker("django_db") and not fixtures & {"db", "transactional_db"}


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_modify_db_settings: None,
    django_db_blocker: DjangoDbBlocker,
    django_db_keepdb: bool,
) -> Iterator[None]:
    """In the place of pytest-django's: a clone of a template, restored after every test that commits."""
    with django_db_blocker.unblock():
        database = test_database()
        database.set_up()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda case: database.restore())
        yield
    if not django_db_keepdb:
        with django_db_blocker.unblock():
            database.drop()


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """
    Give every test a key prefix of its own: nothing to flush, so a developer's Redis loses nothing.

    Servers and workers that the test starts share it, by their settings.
    """
    prefix = os.environ["NEXUS_TEST_CACHE"] = f"test-{uuid.uuid4().hex}"
    caches.settings["default"]["KEY_PREFIX"] = caches["default"].key_prefix = prefix


@pytest.fixture(scope="session", autouse=True)
def _clean_media() -> Iterator[None]:
    yield
    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)
