"""Tests: the services that answer, fast password hashes, no throttles in the way."""

import os

from nexus.settings import services

os.environ.update(services.detect())

from .base import *  # noqa: F403
from .base import CACHES, DATABASES, STORAGES, VAR_DIR

SECRET_KEY = "only-for-tests-" + "x" * 50
DEBUG = False
GRAPHIQL = True
# Tests call the relay themselves; the tests of the nudge switch it on.
OUTBOX_NUDGE = False
THROTTLE_RATES = {}
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# Two runs in one checkout keep out of each other's files; the processes that a test starts inherit the name.
RUN = os.environ.setdefault("NEXUS_TEST_RUN", str(os.getpid()))
RUN += "-" + os.environ.get("PYTEST_XDIST_WORKER", "main")
MEDIA_ROOT = VAR_DIR / "test-media" / RUN
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": MEDIA_ROOT / "private", "base_url": None},
    },
}
WHITENOISE_AUTOREFRESH = True
# That of the test which starts this process, not the one that another worker's or a developer's shop has.
CACHES["default"]["KEY_PREFIX"] = os.environ.get("NEXUS_TEST_CACHE", "")
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, not memory: threads of the concurrency tests need connections of their own.
    DATABASES["default"]["TEST"] = {"NAME": VAR_DIR / f"test-{RUN}.sqlite3"}
    # What a test writes need not outlive a power cut.
    DATABASES["default"]["OPTIONS"]["init_command"] += " PRAGMA synchronous=OFF;"
else:
    DATABASES["default"]["OPTIONS"]["options"] = "-c synchronous_commit=off"
