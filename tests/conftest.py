"""What every test shares: the services line, markers of real services, a clean cache."""

import os
import shutil
import uuid
from collections.abc import Iterator

import pytest
from django.apps import AppConfig
from django.conf import settings
from django.core.cache import caches
from django.db.models.signals import post_migrate

from nexus.settings import services

REAL = {
    "postgres": lambda: settings.DATABASES["default"]["ENGINE"].endswith("postgresql"),
    "redis": lambda: bool(settings.REDIS_URL),
    "rabbitmq": lambda: bool(settings.CELERY_BROKER_URL),
}


def pytest_report_header() -> str:
    return services.describe({name: os.environ.get(name, "") for name in services.VARIABLES})


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what needs a service that this run does not have; it counts as deselected."""
    missing = {marker for marker, is_there in REAL.items() if not is_there()}
    left_out = [item for item in items if any(item.get_closest_marker(marker) for marker in missing)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def _plant_page_tree(sender: AppConfig, **kwargs: object) -> None:
    """Plant again what Wagtail's migrations planted, after a transactional test has emptied every table."""
    from wagtail.models import Collection, Locale, Page, Site

    if sender.label != "wagtailcore" or Page.objects.exists():
        return
    Locale.objects.get_or_create(language_code="en")
    home = Page.add_root(instance=Page(title="Root", slug="root")).add_child(
        instance=Page(title="Welcome", slug="home")
    )
    Site.objects.create(hostname="localhost", root_page=home, is_default_site=True)
    Collection.add_root(name="Root")


@pytest.fixture(scope="session", autouse=True)
def _page_tree_after_flush() -> None:
    # Django sends the signal after it has emptied the tables.
    post_migrate.connect(_plant_page_tree, dispatch_uid="tests.plant_page_tree")


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """Give every test a key prefix of its own: nothing to flush, so a developer's Redis loses nothing."""
    caches.settings["default"]["KEY_PREFIX"] = caches["default"].key_prefix = f"test-{uuid.uuid4().hex}"


@pytest.fixture(scope="session", autouse=True)
def _clean_media() -> Iterator[None]:
    yield
    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)
