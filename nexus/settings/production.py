"""Production: secure cookies and transport; refuses to start with unsafe settings."""

from django.core.exceptions import ImproperlyConfigured

from .base import *  # noqa: F403
from .base import ALLOWED_HOSTS, DEBUG, SECRET_KEY, env

SHORTEST_SECRET_KEY = 50

_findings = [
    message
    for unsafe, message in (
        (
            len(SECRET_KEY) < SHORTEST_SECRET_KEY,
            f"SECRET_KEY must be set to a random string of at least {SHORTEST_SECRET_KEY} characters",
        ),
        (DEBUG, "DEBUG must be off"),
        ("*" in ALLOWED_HOSTS, "ALLOWED_HOSTS must name the hosts, not *"),
    )
    if unsafe
]
if _findings:
    raise ImproperlyConfigured("Refusing to start with unsafe settings: " + "; ".join(_findings))

SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$"]
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env.bool("SECURE_COOKIES", default=True)
if env.bool("BEHIND_TLS_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# The admin shows previews of the site in a frame of the same origin, which DENY would forbid.
SILENCED_SYSTEM_CHECKS = ["security.W019"]
