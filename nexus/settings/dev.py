"""Development and demo: everything embedded by default, a secret key made once and kept beside the data."""

from django.core.management.utils import get_random_secret_key

from .base import *  # noqa: F403
from .base import DEBUG, SECRET_KEY, STORAGES, VAR_DIR

if not SECRET_KEY:
    key_file = VAR_DIR / "secret_key"
    if not key_file.exists():
        VAR_DIR.mkdir(exist_ok=True)
        key_file.write_text(get_random_secret_key())
        key_file.chmod(0o600)
    SECRET_KEY = key_file.read_text()

# Files are served as they lie in the source tree: no collectstatic step while developing, nor for the demo.
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
