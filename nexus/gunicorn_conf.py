"""Gunicorn: threads for waiting, workers for cores, the embedded worker where no broker is configured."""

import os
from typing import Any

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
# SQLite has one writer at a time: more processes would only wait for each other.
on_sqlite = not os.environ.get("DATABASE_URL", "").startswith("postgres")
workers = int(os.environ.get("WEB_CONCURRENCY") or (1 if on_sqlite else 2 * (os.cpu_count() or 1)))
threads = int(os.environ.get("WEB_THREADS", "8"))
timeout = int(os.environ.get("WEB_TIMEOUT", "30"))
graceful_timeout = 30
keepalive = 5
# A worker is renewed now and then, each at another time, so that a leak in a library never adds up.
max_requests = int(os.environ.get("WEB_MAX_REQUESTS", "20000"))
max_requests_jitter = max_requests // 10
# Its heartbeat file is in memory: a slow disk must not look like a dead worker.
worker_tmp_dir = next((path for path in ("/dev/shm",) if os.path.isdir(path)), None)  # noqa: S108
accesslog = os.environ.get("ACCESS_LOG") or None
errorlog = "-"
# Nobody here talks to gunicorn's control socket, and what is not there cannot be attacked.
control_socket_disable = True
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1")


def post_worker_init(worker: Any) -> None:
    """Start the embedded worker in each web worker; one of them at a time does the work."""
    from django.conf import settings

    if settings.EMBEDDED:
        from shop.core import embedded

        embedded.start()


def worker_exit(server: Any, worker: Any) -> None:
    """Let the embedded worker finish its job and hand its lease to the next."""
    from shop.core import embedded

    embedded.stop()
