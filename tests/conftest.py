"""What every test shares: the services line, markers of real services, a clean cache."""

import os
import shutil
import uuid
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.cache import caches

from nexus.settings import services

REAL = {
    "postgres": lambda: settings.DATABASES["default"]["ENGINE"].endswith("postgresql"),
    "redis": lambda: bool(settings.REDIS_URL),
    "rabbitmq": lambda: bool(settings.CELERY_BROKER_URL),
}


def pytest_report_header() -> str:
    return services.describe({name: os.environ.get(name, "") for name in services.VARIABLES})


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what needs a service that this run does not have; the closing line counts it as deselected."""
    missing = {marker for marker, is_there in REAL.items() if not is_there()}
    left_out = [item for item in items if any(item.get_closest_marker(marker) for marker in missing)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """Give every test a key prefix of its own: nothing to flush, so the Redis of a developer loses nothing."""
    caches.settings["default"]["KEY_PREFIX"] = caches["default"].key_prefix = f"test-{uuid.uuid4().hex}"


@pytest.fixture(scope="session", autouse=True)
def _clean_media() -> Iterator[None]:
    yield
    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)
